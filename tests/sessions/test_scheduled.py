"""Weeks that go out by themselves: once, on their day, only when nothing speaks against it."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import RoleGrant, User
from core import clock
from core.models import Notice
from sessions import services
from sessions.models import Availability, Roster, WindowSession
from tests import factories
from tests.conftest import District
from tests.sessions.planning import BEFORE, MONDAY, change, put

SUNDAY = datetime(2026, 5, 17, 23, 0, tzinfo=UTC)  # Monday 07:00 in the hall
EIGHT = datetime(2026, 5, 18, 0, 5, tzinfo=UTC)
TUESDAY = datetime(2026, 5, 19, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def a_week_before(district: District, hall_administrator: User) -> Any:
    with clock.at(BEFORE):
        services.set_release_rule(district.hall, hall_administrator, by_schedule=True, at=time(8))
        yield


@pytest.fixture
def confirmed(district: District, director_a: User, hall_administrator: User) -> WindowSession:
    return services.confirm(put(district, director_a, hall_administrator), director_a)


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user, kind="roster").values_list("msgid", flat=True))


def test_it_goes_out_once_at_its_time(confirmed: WindowSession, director_a: User) -> None:
    counts = [services.publish_due_weeks(moment) for moment in (SUNDAY, EIGHT, EIGHT, TUESDAY)]
    assert counts == [0, 1, 0, 0]
    roster = Roster.objects.get()
    assert (roster.number, roster.by_schedule, roster.published_at) == (1, True, EIGHT)
    assert len(told(director_a)) == 1


def test_a_worker_that_was_away_makes_up_for_it(confirmed: WindowSession) -> None:
    assert services.publish_due_weeks(TUESDAY) == 1


def test_by_hand_nothing_goes_out_by_itself(
    district: District, confirmed: WindowSession, hall_administrator: User
) -> None:
    services.set_release_rule(district.hall, hall_administrator, by_schedule=False, at=time(8))
    assert services.publish_due_weeks(EIGHT) == 0


def test_a_programmes_own_weekday_counts(district: District, confirmed: WindowSession) -> None:
    change(district.programme, publication_weekday=3)
    assert services.publish_due_weeks(datetime(2026, 5, 13, 8, tzinfo=UTC)) == 0
    assert services.publish_due_weeks(datetime(2026, 5, 14, 8, tzinfo=UTC)) == 1


def test_what_blocks_is_told_once(confirmed: WindowSession, director_a: User, hall_administrator: User) -> None:
    Availability.objects.create(user=director_a, starts_on=MONDAY, ends_on=MONDAY)
    assert [services.publish_due_weeks(moment) for moment in (EIGHT, EIGHT, TUESDAY)] == [0, 0, 0]
    notice = Notice.objects.get(recipient=hall_administrator, kind="roster")
    assert "21" in notice.title
    assert notice.text
    assert not Roster.objects.exists()


def test_nobody_confirmed_is_told_and_nobody_planned_is_not(
    district: District, director_a: User, hall_administrator: User
) -> None:
    services.publish_due_weeks(EIGHT)
    assert told(hall_administrator) == []
    put(district, director_a, hall_administrator)
    services.publish_due_weeks(EIGHT)
    assert len(told(hall_administrator)) == 1


def test_a_right_that_is_gone_holds_it_back(
    district: District, confirmed: WindowSession, hall_administrator: User, reform_officer: User
) -> None:
    RoleGrant.objects.filter(user=hall_administrator).delete()
    assert services.publish_due_weeks(EIGHT) == 0
    assert not Roster.objects.exists()


@pytest.mark.parametrize("role", ["director_a", "guide", "liaison", "auditor", "reform_officer"])
def test_only_the_halls_administrators_set_it(district: District, role: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(PermissionDenied):
        services.set_release_rule(district.hall, request.getfixturevalue(role), by_schedule=True, at=time(9))


def test_each_week_and_each_reason_is_told(district: District, director_a: User, hall_administrator: User) -> None:
    change(district.programme, publication_weekday=3)
    next_week = put(district, director_a, hall_administrator, date=MONDAY + timedelta(days=7))
    services.publish_due_weeks(datetime(2026, 5, 21, 8, tzinfo=UTC))
    put(district, factories.make_director(district.c), hall_administrator, date=MONDAY + timedelta(days=4))
    services.publish_due_weeks(datetime(2026, 5, 21, 8, tzinfo=UTC))
    assert len(told(hall_administrator)) == 2
    Availability.objects.create(user=director_a, starts_on=next_week.date, ends_on=next_week.date)
    services.confirm(next_week, director_a)
    counts = [services.publish_due_weeks(datetime(2026, 5, 21, 9, tzinfo=UTC)) for _n in range(2)]
    assert (counts, len(told(hall_administrator))) == ([0, 0], 3)


def test_without_administrators_the_reform_office_is_told(
    district: District, confirmed: WindowSession, hall_administrator: User, reform_officer: User
) -> None:
    RoleGrant.objects.filter(user=hall_administrator).delete()
    services.publish_due_weeks(EIGHT)
    assert len(told(reform_officer)) == 1
