"""The demo district as a new installation gets it, whenever that is: true states, real ledgers, work for every role."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils.timezone import localtime

from accounts.choices import Role
from accounts.models import User
from catalog.choices import Half
from core import clock
from issues.models import Issue, IssueEvent, Screenshot
from reports import today
from sessions.choices import SessionStatus
from sessions.models import SessionEvent, WindowSession

pytestmark = pytest.mark.whole

TRUE_STATES = {"rectifying": 33, "closed": 29, "assigned": 10, "awaiting_verification": 6, "registered": 2}
BEIJING = ZoneInfo("Asia/Shanghai")


def loaded_at(moment: datetime, folder: Path, settings: pytest.FixtureRequest) -> Iterator[Path]:
    settings.VAR_DIR = folder  # type: ignore[attr-defined]
    with time_machine.travel(moment, tick=False):
        call_command("load_demo", as_of=None)
        yield folder / "demo-logins.txt"


@pytest.fixture
def demo(db: None, settings: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """On the first working day of a week."""
    yield from loaded_at(datetime(2026, 11, 30, 10, 30, tzinfo=BEIJING), tmp_path, settings)


def whole_and_true() -> None:
    """Every state is there, nothing is dated after now, sessions began in their own half-day, everybody has work."""
    assert Counter(Issue.objects.values_list("status", flat=True)) == TRUE_STATES
    assert set(WindowSession.objects.values_list("status", flat=True)) == set(SessionStatus.values)
    call_command("verify_ledger")
    for events in (SessionEvent, IssueEvent):
        assert not events.objects.filter(at__gt=clock.now()).exists()
    for row in WindowSession.objects.filter(started_at__isnull=False):
        began = localtime(row.started_at)
        assert (began.date(), Half.PM if began.hour >= 13 else Half.AM) == (row.date, row.half)
    for user in User.objects.filter(username__in=("hall_admin", "director", "guide", "liaison", "officer", "reform")):
        page = today.build(user)
        assert page.groups or page.cards, user.username


def test_the_demo_is_a_district_in_full_swing(demo: Path) -> None:
    whole_and_true()
    assert Screenshot.objects.count() == 12
    assert WindowSession.objects.get(status=SessionStatus.IN_PROGRESS).date == date(2026, 11, 30)
    assert not today.build(User.objects.get(username="director")).cards[0].running
    lines = [line.split() for line in demo.read_text(encoding="utf-8").splitlines()]
    assert {role for role, _name, _password in lines} == set(Role.values)
    assert all(User.objects.get(username=name).check_password(password) for _role, name, password in lines)
    assert demo.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="already has people"):
        call_command("load_demo", as_of=None)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("moment", "left", "ahead"),
    [
        (datetime(2026, 11, 28, 13, 37), date(2026, 11, 27), date(2026, 11, 30)),  # noqa: DTZ001  a weekend
        (datetime(2027, 2, 8, 0, 30), date(2027, 2, 4), date(2027, 2, 11)),  # noqa: DTZ001  Spring Festival
    ],
)
def test_on_a_day_off_nobody_sits_but_the_director_has_a_session_left_open(
    db: None, settings: pytest.FixtureRequest, tmp_path: Path, moment: datetime, left: date, ahead: date
) -> None:
    for _logins in loaded_at(moment.replace(tzinfo=BEIJING), tmp_path, settings):
        whole_and_true()
        director = User.objects.get(username="director")
        assert [card.sitting.date for card in today.build(director).cards] == [left]
        assert [row.date for row in today.build(director).coming] == [ahead]
