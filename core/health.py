"""What a process needs besides itself, for the address that a load balancer or a watchman asks."""

import os
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from core import clock
from core.job_services import last_beat

SILENT = timedelta(minutes=5)
"""A worker that gave no sign for so long is taken for dead."""


def checks() -> dict[str, bool]:
    """Database, media folder and worker, each usable or not; one query, nothing written."""
    try:
        seen_at = last_beat()
    except DatabaseError:
        return {"database": False, "media": media_writable(), "worker": False}
    alive = seen_at is not None and clock.now() - seen_at < SILENT
    return {"database": True, "media": media_writable(), "worker": alive}


def media_writable() -> bool:
    """Whether a picture could be stored: the folder, or the nearest one above it, may be written to."""
    folder = Path(settings.MEDIA_ROOT)
    nearest = next(one for one in (folder, *folder.parents) if one.exists())
    return os.access(nearest, os.W_OK)
