"""Adding and counting working days, on the published calendar of 2026 and on any calendar at all."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import workdays
from core.calendar_models import CalendarDay
from core.calendar_services import seed
from core.workdays import Calendar, Day, Skipped

ANY_DAY = st.dates(date(2026, 1, 1), date(2026, 12, 31))
LIMITS = st.integers(0, 60)
HOLIDAYS = st.sets(ANY_DAY, max_size=40)


def d(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


@pytest.fixture
def official(db: None) -> Calendar:
    CalendarDay.objects.all().delete()
    seed([2025, 2026])
    return workdays.load()


def with_holidays(days: set[date]) -> Calendar:
    return Calendar({day: Day(is_workday=False, name="节") for day in days})


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("07-13", 5, "07-20"),  # a Monday in an ordinary week
        ("09-25", 5, "10-09"),  # the sum of the design: 9/28, 29, 30, 10/8, 9
        ("09-30", 1, "10-08"),  # the eve of National Day
        ("09-30", 3, "10-10"),  # Saturday 10 October is made up
        ("09-18", 1, "09-20"),  # Sunday 20 September is made up
        ("02-13", 1, "02-14"),  # Saturday before Spring Festival is made up
        ("02-13", 2, "02-24"),  # nine free days
        ("02-14", 5, "02-28"),  # ends on the second made-up Saturday
        ("04-03", 1, "04-07"),  # Tomb-sweeping Day
        ("04-30", 3, "05-08"),
        ("05-08", 1, "05-09"),
        ("01-01", 0, "01-04"),  # on the spot on New Year: Sunday 4 January is made up
        ("07-13", 0, "07-13"),
        ("07-18", 0, "07-20"),  # a Saturday
        ("10-03", 1, "10-08"),  # handed in on a holiday
    ],
)
def test_golden_deadlines(official: Calendar, start: str, n: int, due: str) -> None:
    assert official.add(d(start), n) == d(due)


@pytest.mark.parametrize(("day", "before"), [("07-13", "07-10"), ("10-11", "10-10"), ("10-08", "09-30")])
def test_the_working_day_before(official: Calendar, day: str, before: str) -> None:
    assert official.previous_workday(d(day)) == d(before)


def test_a_limit_over_the_end_of_the_year(official: Calendar) -> None:
    assert official.add(date(2025, 12, 31), 1) == date(2026, 1, 4)
    assert official.add(date(2025, 12, 30), 3) == date(2026, 1, 5)


def test_the_sum_lists_the_days_counted(official: Calendar) -> None:
    assert official.span(d("09-25"), 5) == [d("09-28"), d("09-29"), d("09-30"), d("10-08"), d("10-09")]


def test_skipped_names_each_holiday_once(official: Calendar) -> None:
    assert official.skipped(d("09-24"), d("10-09")) == [
        Skipped("中秋节", d("09-25"), d("09-27")),
        Skipped("国庆节", d("10-01"), d("10-07")),
    ]
    assert official.skipped(d("07-13"), d("07-31")) == []


def test_a_worked_make_up_day_is_not_skipped(official: Calendar) -> None:
    assert official.name(d("10-10")) == "调休上班"
    assert official.skipped(d("10-08"), d("10-12")) == []


def test_days_left_are_signed(official: Calendar) -> None:
    assert official.between(d("09-30"), d("10-10")) == 3
    assert official.between(d("10-10"), d("09-30")) == -3
    assert official.between(d("10-10"), d("10-10")) == 0


def test_a_closure_of_the_hall_lies_on_top(official: Calendar) -> None:
    closed = official.closed({d("07-14")})
    assert closed.add(d("07-13"), 1) == d("07-15")
    assert official.add(d("07-13"), 1) == d("07-14")
    assert workdays.load(closures=[d("07-14")]).add(d("07-13"), 1) == d("07-15")


def test_a_negative_limit_is_refused(official: Calendar) -> None:
    with pytest.raises(ValueError, match="negative"):
        official.add(d("07-13"), -1)


@pytest.mark.django_db
def test_days_outside_the_table_follow_the_weekday_and_are_provisional() -> None:
    CalendarDay.objects.all().delete()
    empty = workdays.load()
    assert empty.add(date(2031, 5, 2), 1) == date(2031, 5, 5)
    assert empty.is_provisional(date(2031, 5, 2))
    assert empty.provisional_years == ()
    assert empty.provisional_between(date(2030, 12, 31), date(2031, 1, 2)) == (2030, 2031)


def test_a_december_limit_into_an_unpublished_year_is_marked(official: Calendar) -> None:
    due = official.add(d("12-30"), 5)
    assert due == date(2027, 1, 6)
    assert official.provisional_between(d("12-30"), due) == (2027,)


def test_a_question_beyond_the_loaded_part_is_an_error(official: Calendar) -> None:
    part = workdays.load(d("07-01"), d("07-31"))
    assert part.add(d("07-13"), 5) == d("07-20")
    for ask in (lambda: part.add(d("07-30"), 5), lambda: part.is_workday(d("06-30"))):
        with pytest.raises(ValueError, match="outside"):
            ask()


def test_one_query_answers_everything(official: Calendar, django_assert_num_queries: Callable[[int], Any]) -> None:
    with django_assert_num_queries(1):
        calendar = workdays.load(d("01-01"))
        for offset in range(200):
            calendar.add(d("01-05") + timedelta(days=offset), 15)


def test_a_calendar_cannot_be_changed(official: Calendar) -> None:
    with pytest.raises(TypeError):
        official.days[d("07-13")] = Day(is_workday=False)  # type: ignore[index]


@given(start=ANY_DAY, n=LIMITS, holidays=HOLIDAYS, more=HOLIDAYS)
def test_a_holiday_can_only_lengthen_a_limit(start: date, n: int, holidays: set[date], more: set[date]) -> None:
    assert with_holidays(holidays | more).add(start, n) >= with_holidays(holidays).add(start, n)


@given(start=ANY_DAY, n=st.integers(1, 60), holidays=HOLIDAYS)
def test_counting_back_gives_the_limit(start: date, n: int, holidays: set[date]) -> None:
    calendar = with_holidays(holidays)
    due = calendar.add(start, n)
    assert calendar.between(start, due) == n
    assert calendar.is_workday(due)
    assert len(calendar.span(start, n)) == n


@given(start=ANY_DAY, n=LIMITS, holidays=HOLIDAYS)
def test_a_longer_limit_never_ends_earlier(start: date, n: int, holidays: set[date]) -> None:
    calendar = with_holidays(holidays)
    assert calendar.add(start, n) <= calendar.add(start, n + 1)
