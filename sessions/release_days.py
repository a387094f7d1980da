"""The day on which a hall's week goes out."""

from collections.abc import Iterable
from datetime import date, timedelta

from catalog import weekly
from catalog.choices import Half
from catalog.models import Hall, HallClosure
from core import together
from core.models import CalendarDay
from core.workdays import Calendar, Day

MONDAY = 0
WEEK = timedelta(days=7)
ONE_DAY = timedelta(days=1)


def release_day(monday: date, weekdays: Iterable[int | None], calendar: Calendar) -> date | None:
    """The release day of the week of `monday` for programmes published on these weekdays; the earliest counts.

    None or Monday is the first working day of the week itself. A later weekday lies in the week before, because a
    name must be out before anybody sits; where nobody works on it, the next working day takes its place. A day on which
    the hall is closed in both halves is none. None when nobody works in the week at all.
    """
    found = [_day(monday, weekday or MONDAY, calendar) for weekday in set(weekdays) or {None}]
    return min((day for day in found if day), default=None)


def _day(monday: date, weekday: int, calendar: Calendar) -> date | None:
    sunday = monday + WEEK - ONE_DAY
    day = monday if weekday == MONDAY else monday - WEEK + timedelta(days=weekday)
    while day <= sunday:
        if calendar.is_workday(day):
            return day
        day += ONE_DAY
    return None


def shut_days(hall: Hall, first: date, last: date, closed: Iterable[tuple[date, str]]) -> frozenset[date]:
    """The days from `first` to `last` without an open half-day of the hall.

    A half is closed by a closure in `closed` (day and half, "" for both) or every week.
    """
    halves: dict[date, set[str]] = {}
    for day, half in closed:
        halves.setdefault(day, set()).update([half] if half else Half.values)
    days = [first + ONE_DAY * n for n in range((last - first).days + 1)]
    for day in days:
        halves.setdefault(day, set()).update(one for one in Half.values if weekly.code(day, one) in hall.closed_weekly)
    return frozenset(day for day in days if halves[day] >= set(Half.values))


def calendar_of(hall: Hall, monday: date) -> Calendar:
    """The hall's working days from the week before to the end of this one (one query)."""
    first, last = monday - WEEK, monday + WEEK
    found = together.fetch(
        {
            "days": CalendarDay.objects.filter(date__range=(first, last)),
            "closed": HallClosure.objects.filter(hall=hall, date__range=(first, last)),
        }
    )
    days = {row.date: Day(row.is_workday, row.name, row.provisional) for row in found["days"]}
    shut = shut_days(hall, first, last, ((row.date, row.half) for row in found["closed"]))
    return Calendar(days, shut, first, last)
