"""What the planning tests share: days of a plain working week, and short ways to place."""

from datetime import UTC, date, datetime
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from sessions import services
from sessions.models import Programme, Quota, WindowSession
from tests.conftest import District

MONDAY = date(2026, 5, 18)
TUESDAY = date(2026, 5, 19)
SATURDAY = date(2026, 5, 23)
LABOUR_DAY = date(2026, 5, 1)
BEFORE = datetime(2026, 5, 11, 1, tzinfo=UTC)
ON_MONDAY = datetime(2026, 5, 18, 2, tzinfo=UTC)


def put(district: District, director: User, actor: User, **given: Any) -> WindowSession:
    """The director of A at the window of B, Monday morning, unless said otherwise."""
    place: dict[str, Any] = {"window": district.window_b, "date": MONDAY, "half": "AM"} | given
    return services.place(district.programme, director, place["window"], place["date"], place["half"], actor)


def quota(district: District, rank: str = "principal", **given: Any) -> Quota:
    values = {"period": "programme", "minimum": 1, "maximum": None} | given
    return Quota.objects.create(programme=district.programme, rank=rank, **values)


def change(programme: Programme, **values: Any) -> None:
    for name, value in values.items():
        setattr(programme, name, value)
    programme.save(update_fields=list(values))


def reads(client: Client, address: str) -> tuple[str, int]:
    """The page and its queries; the sliding time-out of the sign-in, which every page writes, is left out."""
    with CaptureQueriesContext(connection) as captured:
        text = client.get(address).content.decode()
    return text, sum(query["sql"].startswith("SELECT") for query in captured.captured_queries)
