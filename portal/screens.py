"""The hall screen: who sits now, who comes next, as of when."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.choices import Half
from catalog.models import Hall
from core import clock, workdays
from portal.rosters import latest, with_state
from sessions.models import Roster
from sessions.rosters import Line, by_day, lines_of
from sessions.weeks import Week

PER_PAGE = 5
NOW_ROWS = 12


@dataclass
class Coming:
    """A later day on the hall screen; more lines than fit are shown in turn, a page a minute."""

    day: date
    word: str
    lines: list[Line]
    page: int
    pages: int


@dataclass
class Screen:
    """The hall screen at one moment."""

    hall: Hall
    moment: datetime
    half: str
    now: list[Line] = field(default_factory=list)
    more: int = 0
    coming: list[Coming] = field(default_factory=list)
    release: Roster | None = None
    closed: str = ""

    @property
    def sitting(self) -> int:
        """How many sit at this moment."""
        return sum(line.sitting for line in self.now)

    @property
    def hours(self) -> str:
        first, last = self.hall.hours(self.half)
        return f"{first:%H:%M}–{last:%H:%M}"


def screen(hall: Hall) -> Screen:
    """Who sits in this half-day, and the next two days on which somebody does."""
    moment = timezone.localtime(clock.now())
    today = moment.date()
    half = Half.AM if moment.time() < hall.am_closes else Half.PM
    week = Week.of(today)
    releases = [release for release in (latest(hall, week), latest(hall, week.after)) if release]
    lines = with_state(line for release in releases for line in lines_of(release) if line.day >= today)
    days = by_day(lines)
    shown = Screen(hall, moment, half.value)
    shown.release = releases[0] if releases and releases[0].iso_week == week.number else None
    here = [line for line in lines if (line.day, line.half) == (today, half.value)]
    shown.now, shown.more = here[:NOW_ROWS], max(0, len(here) - NOW_ROWS)
    shown.coming = [_coming(day, rows, today, moment.minute) for day, rows in days if day > today][:2]
    shown.closed = "" if shown.now else _why_closed(hall, today, half)
    return shown


def _why_closed(hall: Hall, day: date, half: str) -> str:
    """Why the hall does not open in this half-day, or nothing."""
    calendar = workdays.load(day, day)
    if not calendar.is_workday(day):
        return calendar.name(day) or _("Weekend")
    closure = hall.closures.filter(Q(half="") | Q(half=half), date=day).first()
    return closure.reason if closure else ""


def _coming(day: date, rows: list[Line], today: date, minute: int) -> Coming:
    pages = -(-len(rows) // PER_PAGE)
    page = minute % pages
    word = {today + timedelta(days=1): "tomorrow", today + timedelta(days=2): "after"}.get(day, "")
    return Coming(day, word, rows[page * PER_PAGE : (page + 1) * PER_PAGE], page + 1, pages)
