"""The stage on which issues are acted on."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.models import User
from core import clock
from tests.conftest import District
from tests.issues.stages import Stage

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """A moment in the hall's time zone."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def monday() -> Iterator[None]:
    """Monday 2026-05-18 in the morning: an ordinary week."""
    with clock.at(at("2026-05-18T09:00")):
        yield


@pytest.fixture
def stage(district: District, reform_officer: User, liaison: User, director_a: User) -> Stage:
    """Found by the director of A at B's window, led by B."""
    return Stage(district, reform_officer, liaison, director_a)
