"""Each placement rule by itself, and the severities of the programme."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import User
from catalog.models import Hall, HallClosure, Window
from core import clock
from sessions import planning, rules, services, shortfalls
from sessions.models import Availability
from tests import factories
from tests.conftest import District
from tests.sessions.planning import BEFORE, LABOUR_DAY, MONDAY, SATURDAY, TUESDAY, change, put, quota


def judged(district: District, director: User, window: Window | None = None, **given: Any) -> list[rules.Finding]:
    """What the rules say of the director at B's window on Monday morning, a week before."""
    day: date = given.pop("date", MONDAY)
    with clock.at(BEFORE):
        plan = planning.load(district.programme.pk, day, day)
        person = plan.people[director.pk]
        values: dict[str, Any] = {
            "person": person,
            "window": window or district.window_b,
            "date": day,
            "half": "AM",
        } | given
        return rules.judge(rules.Placement(**values), plan.facts)


def found(findings: list[rules.Finding]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.severity) for finding in findings]


def test_nothing_speaks_against_a_free_place(district: District, director_a: User) -> None:
    assert judged(district, director_a) == []


def test_own_department_blocks_a_clerk(district: District, director_a: User) -> None:
    findings = judged(district, director_a, district.window_a)
    assert found(findings) == [("own_department", "block")]
    assert "A14" in findings[0].text


def test_own_department_of_a_companion_follows_the_programme(district: District, director_a: User) -> None:
    change(district.programme, severities=district.programme.severities | {"own_department": "warn"})
    assert found(judged(district, director_a, district.window_a, mode="companion")) == [("own_department", "warn")]


@pytest.mark.parametrize("severity", ["block", "warn"])
def test_a_sitting_programme_that_forbids_the_own_window_says_so(
    district: District, director_a: User, severity: str
) -> None:
    given = district.programme.severities | {"own_department": severity}
    change(district.programme, kind="sitting", severities=given)
    assert found(judged(district, director_a, district.window_a)) == [("own_department", severity)]
    assert rules.own_department_closed(district.programme) == (severity == "block")


def test_own_department_may_be_allowed(district: District, director_a: User) -> None:
    change(district.programme, own_department_allowed=True)
    assert judged(district, director_a, district.window_a) == []


def test_a_taken_window_names_who_and_when(district: District, director_a: User, hall_administrator: User) -> None:
    with clock.at(BEFORE):
        put(district, director_a, hall_administrator)
    other = factories.make_director(district.c)
    finding = judged(district, other)[0]
    assert (finding.rule, finding.blocks) == ("double_booking", True)
    assert director_a.display_name in finding.text
    assert "05" in finding.text


def test_a_busy_director_is_named_with_window(district: District, director_a: User, hall_administrator: User) -> None:
    with clock.at(BEFORE):
        put(district, director_a, hall_administrator)
    elsewhere = factories.make_window(district.hall, district.c)
    finding = judged(district, director_a, elsewhere)[0]
    assert finding.rule == "double_booking"
    assert "A17" in finding.text


def test_double_booking_counts_over_programmes(district: District, director_a: User, hall_administrator: User) -> None:
    with clock.at(BEFORE):
        put(district, director_a, hall_administrator)
    district.programme = factories.make_programme(district.hall, district.a, district.c)
    assert found(judged(district, director_a)) == [("double_booking", "block")]


@pytest.mark.parametrize(
    ("given", "away"),
    [
        ({"starts_on": MONDAY, "ends_on": MONDAY}, True),
        ({"starts_on": MONDAY, "ends_on": MONDAY, "half": "AM"}, True),
        ({"starts_on": MONDAY, "ends_on": MONDAY, "half": "PM"}, False),
        ({"starts_on": TUESDAY, "ends_on": TUESDAY}, False),
        ({"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31), "weekday": 0}, True),
        ({"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31), "weekday": 1}, False),
    ],
)
def test_availability(district: District, director_a: User, given: dict[str, Any], away: bool) -> None:
    Availability.objects.create(user=director_a, **given)
    assert found(judged(district, director_a)) == ([("availability", "block")] if away else [])


@pytest.mark.parametrize("day", [SATURDAY, LABOUR_DAY])
def test_a_day_off_is_closed(district: District, director_a: User, day: date) -> None:
    with clock.at(BEFORE - timedelta(days=30)):
        plan = planning.load(district.programme.pk, day, day)
        placement = rules.Placement(person=plan.people[director_a.pk], window=district.window_b, date=day, half="AM")
        assert found(rules.judge(placement, plan.facts)) == [("closed", "block")]


def test_a_hall_closure_is_closed_for_its_half_day(district: District, director_a: User) -> None:
    HallClosure.objects.create(hall=district.hall, date=MONDAY, half="PM", reason="检修")
    assert judged(district, director_a) == []
    findings = judged(district, director_a, half="PM")
    assert found(findings) == [("closed", "block")]
    assert "检修" in findings[0].text


def test_a_half_day_that_is_closed_every_week_is_closed(district: District, director_a: User) -> None:
    Hall.objects.update(closed_weekly=["0-PM", "2-AM"])
    assert judged(district, director_a) == []
    assert found(judged(district, director_a, half="PM")) == [("closed", "block")]


@pytest.mark.parametrize(
    "given", [{"desk_am": False}, {"active": False}, {"is_desk": False, "desk_am": False, "desk_pm": False}]
)
def test_a_window_that_is_no_open_desk_is_closed(district: District, director_a: User, given: dict[str, Any]) -> None:
    window = factories.make_window(district.hall, district.c, **given)
    assert found(judged(district, director_a, window)) == [("closed", "block")]


def test_a_day_outside_of_the_programme_is_closed(district: District, director_a: User) -> None:
    change(district.programme, ends_on=date(2026, 5, 17))
    assert found(judged(district, director_a)) == [("closed", "block")]


def test_a_foreign_hall_is_closed(district: District, director_a: User) -> None:
    assert found(judged(district, director_a, factories.make_window(factories.make_hall(), district.c))) == [
        ("closed", "block")
    ]


@pytest.mark.parametrize(
    ("period", "day", "over"),
    [
        ("week", TUESDAY, True),
        ("week", date(2026, 5, 25), False),
        ("month", date(2026, 5, 25), True),
        ("month", date(2026, 6, 1), False),
        ("quarter", date(2026, 6, 1), True),
        ("quarter", date(2026, 7, 1), False),
        ("programme", date(2026, 7, 1), True),
    ],
)
def test_quota_counts_within_its_period(
    district: District, director_a: User, hall_administrator: User, period: str, day: date, over: bool
) -> None:
    quota(district, period=period, maximum=1)
    with clock.at(BEFORE):
        put(district, director_a, hall_administrator)
    window = factories.make_window(district.hall, district.c)
    assert found(judged(district, director_a, window, date=day)) == ([("quota", "warn")] if over else [])


def test_the_same_pair_again_is_numbered(district: District, director_a: User, hall_administrator: User) -> None:
    with clock.at(BEFORE):
        put(district, director_a, hall_administrator)
    finding = judged(district, director_a, date=TUESDAY)[0]
    assert (finding.rule, finding.severity) == ("repeat_pair", "warn")
    assert "2" in finding.short


def test_a_colleague_at_the_same_host_is_mentioned(
    district: District, director_a: User, hall_administrator: User
) -> None:
    colleague = factories.make_director(district.a)
    with clock.at(BEFORE):
        put(district, director_a, hall_administrator)
    assert found(judged(district, colleague, date=TUESDAY)) == [("repeat_pair", "warn")]


def test_of_standing_visits_only_the_later_is_marked(
    district: District, director_a: User, hall_administrator: User
) -> None:
    with clock.at(BEFORE):
        rows = [put(district, director_a, hall_administrator, date=day) for day in (MONDAY, TUESDAY)]
        plan = planning.load(district.programme.pk, MONDAY, TUESDAY)
        person = plan.people[director_a.pk]
        findings = [rules.judge(rules.standing(row, person), plan.facts) for row in rows]
    assert [found(one) for one in findings] == [[], [("repeat_pair", "warn")]]


def test_a_deputy_where_only_principals_count(district: District, director_a: User, hall_administrator: User) -> None:
    deputy = factories.make_director(district.a, "deputy")
    quota(district)
    assert found(judged(district, deputy)) == [("deputy", "warn")]
    window = factories.make_window(district.hall, district.c)
    with clock.at(BEFORE):
        put(district, director_a, hall_administrator, window=window)
    assert judged(district, deputy, date=TUESDAY) == []


def test_a_deputy_for_a_principal(district: District) -> None:
    deputy = factories.make_director(district.a, "deputy")
    assert found(judged(district, deputy, replaces_rank="principal")) == [("deputy", "warn")]
    assert judged(district, deputy, replaces_rank="deputy") == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 5, 8), [("notice", "block")]),
        (date(2026, 5, 13), [("notice", "warn")]),
        (date(2026, 5, 14), []),
    ],
)
def test_notice_period_in_calendar_days(
    district: District, director_a: User, day: date, expected: list[tuple[str, str]]
) -> None:
    assert found(judged(district, director_a, date=day)) == expected


def test_an_unannounced_sitting_has_no_notice_period(district: District, director_a: User) -> None:
    change(district.programme, announced=False)
    assert judged(district, director_a, date=date(2026, 5, 13)) == []
    assert found(judged(district, director_a, date=date(2026, 5, 8))) == [("notice", "block")]


def test_what_blocks_comes_first(district: District, director_a: User) -> None:
    Availability.objects.create(user=director_a, starts_on=date(2026, 5, 13), ends_on=date(2026, 5, 13))
    findings = judged(district, director_a, date=date(2026, 5, 13))
    assert [finding.severity for finding in findings] == ["block", "warn"]


def test_shortfalls_name_who_is_owed_a_visit(district: District, director_a: User, hall_administrator: User) -> None:
    director_c = factories.make_director(district.c)
    quota(district, minimum=1)
    with clock.at(BEFORE):
        put(district, director_a, hall_administrator)
        plan = planning.load(district.programme.pk, MONDAY, MONDAY)
    missing = shortfalls.shortfalls(list(plan.people.values()), plan.facts, MONDAY)
    assert [(short.person.pk, short.missing) for short in missing] == [(director_c.pk, 1)]


def test_a_moved_session_does_not_stand_in_its_own_way(
    district: District, director_a: User, hall_administrator: User
) -> None:
    with clock.at(BEFORE):
        row = put(district, director_a, hall_administrator)
        plan = planning.load(district.programme.pk, MONDAY, MONDAY)
        placement = rules.standing(row, plan.people[director_a.pk])
        assert rules.judge(replace(placement, half="PM", standing=False), plan.facts) == []
        assert services.move(row, district.window_b, MONDAY, "PM", hall_administrator).half == "PM"
