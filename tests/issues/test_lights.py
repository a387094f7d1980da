"""Lights of running, resting and stopped limits; the sum behind a date."""

from datetime import date

import pytest

from core import clock, workdays
from issues import services
from issues.choices import ClockKind, IssueStatus
from issues.lights import Light, clock_sum, date_light, issue_light, light, running_clock
from issues.models import Clock, Issue
from tests.conftest import District
from tests.issues.conftest import at
from tests.issues.stages import Stage


def seen(issue: Issue, day: str) -> Light:
    return issue_light(Issue.objects.get(pk=issue.pk), workdays.load(), date.fromisoformat(day))


# A limit of 5 working days from Monday 18 May: due Monday 25 May.
@pytest.mark.parametrize(
    ("day", "colour", "days"),
    [
        ("2026-05-18", "green", 5),
        ("2026-05-21", "green", 2),
        ("2026-05-22", "yellow", 1),
        ("2026-05-25", "yellow", 0),
        ("2026-05-26", "red", -1),
        ("2026-06-01", "red", -5),
    ],
)
def test_the_light_of_a_running_limit(stage: Stage, monday: None, day: str, colour: str, days: int) -> None:
    found = seen(stage.issue(IssueStatus.RECTIFYING), day)
    assert (found.colour, found.days, found.frozen) == (colour, days, False)
    assert found.overdue_days == max(0, -days)


def test_a_long_limit_turns_yellow_at_a_fifth(stage: Stage, monday: None) -> None:
    issue = stage.acknowledge(stage.assign(stage.issue(), rectify_days=30))
    assert seen(issue, "2026-06-18").colour == "green"
    assert seen(issue, "2026-06-22").colour == "yellow"


def test_a_limit_due_on_friday_is_red_on_saturday(stage: Stage) -> None:
    with clock.at(at("2026-05-21T09:00")):
        issue = stage.issue(IssueStatus.ASSIGNED)
    assert seen(issue, "2026-05-23").colour == "red"


def test_no_limit_is_its_own_value_and_never_red(stage: Stage, monday: None) -> None:
    assert seen(stage.issue(), "2027-01-04") == Light("none")


def test_a_rest_stops_the_light_but_hides_no_red(stage: Stage, monday: None) -> None:
    resting, late = stage.suspend(stage.issue(IssueStatus.RECTIFYING)), stage.issue(IssueStatus.RECTIFYING)
    with clock.at(at("2026-05-28T09:00")):
        stage.suspend(late)
    assert (seen(resting, "2026-07-01").colour, seen(resting, "2026-07-01").days) == ("paused", 5)
    assert (seen(late, "2026-07-01").colour, seen(late, "2026-07-01").paused) == ("red", True)


def test_a_stopped_limit_keeps_its_last_light(stage: Stage, monday: None) -> None:
    issue = stage.issue(IssueStatus.ASSIGNED)
    with clock.at(at("2026-05-21T09:00")):
        stage.acknowledge(issue)
    row = Clock.objects.get(issue=issue, kind=ClockKind.ACKNOWLEDGE)
    found = light(row, workdays.load(), date(2026, 12, 1))
    assert (found.colour, found.days, found.frozen) == ("red", -2, True)


def test_the_limit_that_moves_the_issue_on_counts_first(stage: Stage, monday: None) -> None:
    issue = stage.issue(IssueStatus.ASSIGNED, source="intake")
    found = running_clock(issue)
    assert found is not None
    assert found.kind == ClockKind.ACKNOWLEDGE


def test_the_sum_names_every_day_and_the_holidays_left_out(stage: Stage) -> None:
    with clock.at(at("2026-06-15T09:00")):
        issue = stage.issue(IssueStatus.RECTIFYING)
        issue = services.request_extension(issue, stage.lead, days=2, reason="等系统上线")
        services.decide_extension(issue, stage.office, granted=True, note="同意")
    found = clock_sum(issue.clocks.get(kind=ClockKind.RECTIFY), workdays.load())
    assert [day.day for day in found.counted] == [16, 17, 18, 22, 23]
    assert [day.day for day in found.extended] == [24, 25]
    assert [row.name for row in found.skipped] == ["端午节"]
    assert found.due_on == date(2026, 6, 25)


def test_the_sum_names_the_days_of_a_rest(stage: Stage, monday: None) -> None:
    issue = stage.suspend(stage.issue(IssueStatus.RECTIFYING))
    with clock.at(at("2026-05-20T09:00")):
        services.resume(issue, stage.office)
    found = clock_sum(issue.clocks.get(kind=ClockKind.RECTIFY), workdays.load())
    assert [day.day for day in found.paused] == [26, 27]
    assert found.due_on == date(2026, 5, 27)


@pytest.mark.parametrize(("day", "colour"), [(18, "green"), (22, "yellow"), (26, "red")])
def test_the_light_of_a_plain_date(district: District, day: int, colour: str) -> None:
    assert date_light(date(2026, 5, 25), workdays.load(), date(2026, 5, day)).colour == colour
