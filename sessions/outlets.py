"""What the pages ask about the ways a roster goes out."""

from datetime import date
from typing import Any

from accounts.choices import Role
from accounts.models import User
from catalog.models import Hall
from core import clock
from sessions.choices import SessionStatus
from sessions.models import WindowSession
from sessions.release_days import calendar_of, release_day
from sessions.weeks import Week


def ruled_halls(user: User) -> list[Hall]:
    """The halls that this person administers, each with its release rule."""
    ids = user.grants.halls(Role.HALL_ADMINISTRATOR)
    return list(Hall.objects.filter(pk__in=ids).select_related("release_rule")) if ids else []


def release_days(hall: Hall) -> list[tuple[Week, date | None]]:
    """This week and the next with their release days (three queries)."""
    this_week = Week.of(clock.today())
    weeks = (this_week, this_week.after)
    rows: Any = (
        WindowSession.objects.filter(window__hall=hall, date__range=(this_week.monday, this_week.after.sunday))
        .exclude(status=SessionStatus.CANCELLED)
        .values_list("date", "programme__publication_weekday")
        .order_by()
        .distinct()
    )
    weekdays = {week.monday: {found for day, found in rows if Week.of(day) == week} for week in weeks}
    return [(week, release_day(week.monday, weekdays[week.monday], calendar_of(hall, week.monday))) for week in weeks]
