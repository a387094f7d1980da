"""Ready means: database, room for pictures, a living worker. Alive means only that the process answers."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from core import clock, health
from core.models import WorkerBeat


@pytest.mark.parametrize(("age", "status"), [(None, 503), (6, 503), (4, 200)])
def test_a_silent_worker_is_not_ready(db: None, client: Client, age: int | None, status: int) -> None:
    if age is not None:
        WorkerBeat.objects.create(worker_id="w", seen_at=clock.now() - timedelta(minutes=age))
    answer = client.get(reverse("core:readyz"))
    assert answer.status_code == status
    assert answer.json()["checks"] == {"database": True, "media": True, "worker": status == 200}
    assert client.get(reverse("core:healthz")).status_code == 200


def test_a_database_that_is_away_is_said_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "last_beat", away)
    answer = client.get(reverse("core:readyz"))
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, False)
    assert "refused" not in answer.text


def test_media_may_lie_in_a_folder_still_to_be_made(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "not" / "yet"
    assert health.media_writable()
