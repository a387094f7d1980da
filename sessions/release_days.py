"""The day on which a hall's week goes out."""

from collections.abc import Iterable
from datetime import date, timedelta

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
    name must be out before anybody sits; where nobody works on it, the next working day takes its place. None when
    nobody works in the week at all.
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


def calendar_of(hall: Hall, monday: date) -> Calendar:
    """The hall's working days from the week before to the end of this one (one query)."""
    first, last = monday - WEEK, monday + WEEK
    found = together.fetch(
        {
            "days": CalendarDay.objects.filter(date__range=(first, last)),
            "closed": HallClosure.objects.filter(hall=hall, half="", date__range=(first, last)),
        }
    )
    days = {row.date: Day(row.is_workday, row.name, row.provisional) for row in found["days"]}
    return Calendar(days, frozenset(row.date for row in found["closed"]), first, last)
