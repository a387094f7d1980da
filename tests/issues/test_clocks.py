"""Limits: golden dates of 2026, rests, extensions, what is frozen."""

from datetime import date

import pytest

from accounts.models import User
from catalog.models import HallClosure
from core import clock
from core.calendar_models import CalendarDay
from issues import clocks, services
from issues.choices import ClockKind, Decision, IssueStatus, Source
from issues.models import Clock, ClockRule, Issue, LimitRecount
from tests.issues.conftest import at
from tests.issues.stages import Stage, registered


def limit(issue: Issue, kind: ClockKind) -> Clock:
    return issue.clocks.filter(kind=kind).latest("pk")


@pytest.fixture
def keeper(hall_administrator: User) -> User:
    """Who keeps the calendar: a hall administrator, never the reform office."""
    return hall_administrator


def moved_by(keeper: User, note: str) -> int:
    """How many issues a recount moves; the worker of the tests is at once."""
    return LimitRecount.objects.get(pk=services.request_recount(keeper, note).pk).moved


# (acknowledged on, class, due): May Day 1-5 May off and 9 May worked; Dragon Boat 19-21 June; National Day 1-7 October.
GOLDEN = [
    ("2026-05-18", 0, "2026-05-18"),
    ("2026-05-18", 3, "2026-05-21"),
    ("2026-05-18", 5, "2026-05-25"),
    ("2026-06-17", 3, "2026-06-23"),
    ("2026-04-29", 5, "2026-05-09"),
    ("2026-09-28", 10, "2026-10-16"),
    ("2026-12-28", 5, "2027-01-05"),
]


@pytest.mark.parametrize(("day", "days", "due"), GOLDEN)
def test_a_limit_counts_working_days_only(stage: Stage, day: str, days: int, due: str) -> None:
    with clock.at(at(f"{day}T10:00")):
        row = clocks.start(registered(stage.district, stage.finder), ClockKind.RECTIFY, days=days)
    assert row.due_on == date.fromisoformat(due)


def test_a_day_on_which_the_hall_is_shut_does_not_count(stage: Stage, monday: None) -> None:
    HallClosure.objects.create(hall=stage.district.hall, date=date(2026, 5, 19), reason="停电")
    row = clocks.start(registered(stage.district, stage.finder), ClockKind.RECTIFY, days=3)
    assert row.due_on == date(2026, 5, 22)


def test_a_holiday_can_only_lengthen_a_limit(stage: Stage, monday: None) -> None:
    issue = registered(stage.district, stage.finder)
    before = clocks.start(issue, ClockKind.VERIFY).due_on
    CalendarDay.objects.filter(date=date(2026, 5, 20)).update(is_workday=False)
    assert clocks.start(issue, ClockKind.RECTIFY, days=5).due_on > before


def test_a_citizens_report_starts_the_limit_of_the_first_contact(stage: Stage, monday: None) -> None:
    issue = registered(stage.district, stage.finder, source=Source.INTAKE)
    assert limit(issue, ClockKind.CONTACT).due_on == date(2026, 5, 19)
    services.follow_up(stage.assign(issue), stage.office, note="已电话联系")
    assert limit(issue, ClockKind.CONTACT).met is True


def test_met_or_missed_is_frozen_when_the_limit_stops(stage: Stage, monday: None) -> None:
    issue = stage.issue(IssueStatus.ASSIGNED)
    with clock.at(at("2026-05-20T09:00")):
        issue = stage.acknowledge(issue)
    row = limit(issue, ClockKind.ACKNOWLEDGE)
    assert (row.due_on, row.met) == (date(2026, 5, 19), False)


def test_a_rest_moves_the_date_by_its_working_days(stage: Stage, monday: None) -> None:
    issue = stage.suspend(stage.issue(IssueStatus.RECTIFYING))
    with clock.at(at("2026-05-25T09:00")):
        services.resume(issue, stage.office)
    row = limit(issue, ClockKind.RECTIFY)
    assert (row.due_on, row.paused_days, row.paused_at) == (date(2026, 6, 1), 5, None)


def test_a_rest_within_one_day_moves_nothing(stage: Stage, monday: None) -> None:
    issue = stage.suspend(stage.issue(IssueStatus.RECTIFYING))
    services.resume(issue, stage.office)
    assert limit(issue, ClockKind.RECTIFY).due_on == date(2026, 5, 25)


def test_resting_or_resuming_what_does_not_run_changes_nothing(stage: Stage, monday: None) -> None:
    issue = stage.issue(IssueStatus.ASSIGNED)
    clocks.pause(issue, ClockKind.RECTIFY)
    assert clocks.resume(issue, ClockKind.RECTIFY) is None
    clocks.stop(issue, ClockKind.RECTIFY)
    assert issue.clocks.count() == 1


def test_an_extension_moves_the_date_on(stage: Stage, monday: None) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    issue = services.request_extension(issue, stage.lead, days=3, reason="等系统上线")
    services.decide_extension(issue, stage.office, granted=True, note="同意")
    row = limit(issue, ClockKind.RECTIFY)
    assert (row.due_on, row.extended_days) == (date(2026, 5, 28), 3)


def test_a_request_nobody_decided_ends_with_the_limit(stage: Stage, monday: None) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    stage.submit(services.request_extension(issue, stage.lead, days=3, reason="等系统上线"))
    assert issue.extension_requests.get().decision == Decision.REFUSED


def test_an_agreed_date_takes_the_place_of_the_days(stage: Stage, monday: None) -> None:
    issue = stage.assign(registered(stage.district, stage.finder), due_on=date(2026, 6, 15))
    row = limit(stage.acknowledge(issue), ClockKind.RECTIFY)
    assert (row.due_on, row.days) == (date(2026, 6, 15), 20)


def test_an_agreed_date_that_has_passed_gives_way_to_the_days(stage: Stage, monday: None) -> None:
    issue = stage.assign(registered(stage.district, stage.finder), due_on=date(2026, 5, 19))
    with clock.at(at("2026-05-20T09:00")):
        issue = stage.acknowledge(issue)
    assert limit(issue, ClockKind.RECTIFY).due_on == date(2026, 5, 27)


def test_each_limit_keeps_the_rule_of_its_day(stage: Stage, monday: None) -> None:
    issue = stage.issue(IssueStatus.ASSIGNED)
    ClockRule.objects.create(version=2, in_force_from=date(2026, 5, 18), verify_days=2)
    issue = stage.submit(stage.acknowledge(issue))
    assert limit(issue, ClockKind.ACKNOWLEDGE).rule.version == 1
    assert (limit(issue, ClockKind.VERIFY).rule.version, limit(issue, ClockKind.VERIFY).days) == (2, 2)


def test_a_new_calendar_moves_running_limits_and_says_so(stage: Stage, monday: None, keeper: User) -> None:
    issue = services.request_extension(stage.issue(IssueStatus.RECTIFYING), stage.lead, days=1, reason="等系统")
    issue = services.decide_extension(issue, stage.office, granted=True, note="同意")
    CalendarDay.objects.filter(date=date(2026, 5, 20)).update(is_workday=False)
    assert moved_by(keeper, "2026 年安排已公布") == 1
    row = limit(issue, ClockKind.RECTIFY)
    assert (row.due_on, row.note) == (date(2026, 5, 27), "2026 年安排已公布")
    assert issue.events.latest("number").action == "recompute"
    assert moved_by(keeper, "再算一次") == 0


def test_an_agreed_date_stays_whatever_the_calendar_says(stage: Stage, monday: None, keeper: User) -> None:
    stage.acknowledge(stage.assign(registered(stage.district, stage.finder), due_on=date(2026, 6, 15)))
    CalendarDay.objects.filter(date=date(2026, 5, 20)).update(is_workday=False)
    assert moved_by(keeper, "新日历") == 0


def test_a_transfer_freezes_a_missed_limit_and_leaves_an_open_one_uncounted(stage: Stage, monday: None) -> None:
    late, timely = stage.issue(IssueStatus.ASSIGNED), stage.issue(IssueStatus.ASSIGNED)
    services.transfer(timely, stage.lead, to=stage.district.c, note="不归我们管")
    with clock.at(at("2026-05-21T09:00")):
        services.transfer(late, stage.lead, to=stage.district.c, note="不归我们管")
    assert late.clocks.earliest("pk").met is False
    assert timely.clocks.earliest("pk").met is None
