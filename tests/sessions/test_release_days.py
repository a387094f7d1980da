"""The release day: first working day, holidays, closures, a programme's own weekday."""

from datetime import date

import pytest

from catalog.models import HallClosure
from sessions.release_days import calendar_of, release_day
from tests.conftest import District


@pytest.mark.parametrize(
    ("monday", "weekdays", "day"),
    [
        (date(2026, 5, 18), {None}, date(2026, 5, 18)),
        (date(2026, 5, 18), set(), date(2026, 5, 18)),
        (date(2026, 5, 18), {0}, date(2026, 5, 18)),
        (date(2026, 5, 4), {None}, date(2026, 5, 6)),  # 1 to 5 May are holidays
        (date(2026, 10, 5), {None}, date(2026, 10, 8)),
        (date(2026, 2, 16), {None}, date(2026, 2, 24)),
        (date(2026, 5, 18), {4}, date(2026, 5, 15)),
        (date(2026, 5, 4), {4}, date(2026, 5, 6)),  # Friday 1 May is a holiday, and so on until the week itself
        (date(2026, 5, 18), {None, 3}, date(2026, 5, 14)),
    ],
)
def test_release_day(district: District, monday: date, weekdays: set[int | None], day: date) -> None:
    found = release_day(monday, weekdays, calendar_of(district.hall, monday))
    assert found == (day if day < date.fromordinal(monday.toordinal() + 7) else None)


def test_a_day_on_which_the_hall_is_closed_is_no_release_day(district: District) -> None:
    HallClosure.objects.create(hall=district.hall, date=date(2026, 5, 18), reason="停电")
    HallClosure.objects.create(hall=district.hall, date=date(2026, 5, 19), half="AM", reason="停电")
    assert release_day(date(2026, 5, 18), {None}, calendar_of(district.hall, date(2026, 5, 18))) == date(2026, 5, 19)


def test_half_days_closed_every_week_count_with_those_closed_by_date(district: District) -> None:
    monday = date(2026, 5, 18)
    district.hall.closed_weekly = ["0-AM", "0-PM", "1-AM"]
    district.hall.save()
    assert release_day(monday, {None}, calendar_of(district.hall, monday)) == date(2026, 5, 19)
    HallClosure.objects.create(hall=district.hall, date=date(2026, 5, 19), half="PM", reason="停电")
    assert release_day(monday, {None}, calendar_of(district.hall, monday)) == date(2026, 5, 20)
