"""Files on disk, whole or not at all: a full disk or a lost machine leaves no half-written file under a good name."""

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Writes beside the place, makes sure it is on the disk, then renames; an error leaves nothing."""

    def _save(self, name: str, content: Any) -> str:
        place = Path(self.path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f"{place.name}.part")
        try:
            with part.open("xb") as out:
                for chunk in content.chunks():
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            if self.file_permissions_mode is not None:
                part.chmod(self.file_permissions_mode)
            part.replace(place)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        for folder in place.parents:
            _settle(folder)
            if folder == Path(self.location):
                break
        return name


def _settle(folder: Path) -> None:
    """Make sure that the folder's list of names is on the disk too: a rename and a new folder live there."""
    entry = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)
