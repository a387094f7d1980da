"""The hall screen: who sits now, who comes next, as of when.

The page holds the half-days to come as well, so that a screen without a network goes on from morning to afternoon and
into the next days by itself; which part and which page is in view is the script's, or the server's without a script.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import weekly
from catalog.choices import Half
from catalog.models import Hall
from core import clock, workdays
from portal.rosters import latest, with_state
from sessions.models import Roster
from sessions.rosters import Line, by_day, lines_of
from sessions.weeks import Week

PER_PAGE = 5
SIDE = 2
ROWS = 12
FEWER_ROWS = 8
"""Rows of the large side when a name does not fit into one line of it."""
WIDE_NAME = 12
WIDE_SIDE_NAME = 9
DAYS_HELD = 4
ONE_DAY = timedelta(days=1)
Shut = dict[tuple[date, str], str]


@dataclass(frozen=True)
class Page:
    """A part of a list that is shown in turn with the others."""

    lines: Sequence[Line]
    number: int
    of: int
    hidden: bool


@dataclass(frozen=True)
class Part:
    """One half-day: what the large side of the screen shows from `starts` until `until`."""

    day: date
    half: str
    today: bool
    hours: str
    starts: datetime
    until: datetime
    now: bool
    closed: str
    pages: Sequence[Page]
    sitting: int


@dataclass(frozen=True)
class Coming:
    """A page of a later day; the side shows two at a time, in turn."""

    day: date
    word: str
    page: Page


@dataclass
class Screen:
    """The hall screen at one moment."""

    hall: Hall
    moment: datetime
    parts: list[Part] = field(default_factory=list)
    coming: list[Coming] = field(default_factory=list)
    release: Roster | None = None


def screen(hall: Hall) -> Screen:
    """The half-days of today and the next days, and the later days of this week and the next (five queries)."""
    moment = timezone.localtime(clock.now())
    today, week = moment.date(), Week.of(moment.date())
    releases = [release for release in (latest(hall, week), latest(hall, week.after)) if release]
    lines = with_state(line for release in releases for line in lines_of(release) if line.day >= today)
    shown = Screen(hall, moment)
    shown.release = releases[0] if releases and releases[0].iso_week == week.number else None
    shut = _shut(hall, today)
    days = [today + n * ONE_DAY for n in range(DAYS_HELD)]
    shown.parts = [_part(hall, day, half, moment, lines, shut) for day in days for half in Half.values]
    shown.coming = _coming(hall, lines, week, moment)
    return shown


def _part(hall: Hall, day: date, half: str, moment: datetime, lines: Sequence[Line], shut: Shut) -> Part:
    noon = _at(day, hall.am_closes)
    starts, until = (_at(day, time()), noon) if half == Half.AM else (noon, _at(day + ONE_DAY, time()))
    here = [line for line in lines if (line.day, line.half) == (day, half)]
    here.sort(key=lambda line: (line.cancelled or line.missed, line.window))
    opens, closes = hall.hours(half)
    return Part(
        day,
        half,
        day == moment.date(),
        f"{opens:%H:%M}–{closes:%H:%M}",
        starts,
        until,
        starts <= moment < until,
        "" if here else shut.get((day, half), ""),
        _pages(here, FEWER_ROWS if any(width(line.who) > WIDE_NAME for line in here) else ROWS, moment.minute),
        sum(line.sitting for line in here),
    )


def _at(day: date, clock_time: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock_time))


def _pages(lines: Sequence[Line], size: int, turn: int) -> list[Page]:
    """The lines in pages; with several of them the last place of each says which it is."""
    if len(lines) > size:
        size -= 1
    cut = [lines[n : n + size] for n in range(0, len(lines), size)]
    return [Page(part, n + 1, len(cut), n != turn % len(cut)) for n, part in enumerate(cut)]


def width(text: str) -> float:
    """How many Chinese characters wide a text is; letters and digits take about half of one."""
    return sum(1 if character >= "\u2e80" else 0.55 for character in text)


def _side_pages(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of a day in pages of five lines of text; a long name takes two."""
    pages: list[list[Line]] = [[]]
    room: float = PER_PAGE
    for line in lines:
        needs = 2 if width(line.who) + (3 if line.cancelled else 0) > WIDE_SIDE_NAME else 1
        if needs > room:
            pages.append([])
            room = PER_PAGE
        pages[-1].append(line)
        room -= needs
    return pages


def _coming(hall: Hall, lines: Sequence[Line], week: Week, moment: datetime) -> list[Coming]:
    """This afternoon, while it is morning, and the rest of this week in pages; on its last day, the next week."""
    today = moment.date()
    morning = moment < _at(today, hall.am_closes)
    later = [line for line in lines if line.day > today or (morning and line.half == Half.PM)]
    rest = [line for line in later if line.day <= week.sunday] or later
    words = {today: "afternoon", today + ONE_DAY: "tomorrow", today + 2 * ONE_DAY: "after"}
    cut: list[tuple[date, Page]] = []
    for day, rows in by_day(rest):
        parts = _side_pages(rows)
        cut += [(day, Page(part, n + 1, len(parts), hidden=False)) for n, part in enumerate(parts)]
    turn = moment.minute % max(1, -(-len(cut) // SIDE))
    return [
        Coming(day, words.get(day, ""), Page(page.lines, page.number, page.of, n // SIDE != turn))
        for n, (day, page) in enumerate(cut)
    ]


def _shut(hall: Hall, today: date) -> Shut:
    """Why the hall does not open, by half-day (two queries)."""
    last = today + DAYS_HELD * ONE_DAY
    calendar = workdays.load(today, last)
    found: Shut = {}
    for closure in hall.closures.filter(date__range=(today, last)):
        for half in Half.values:
            if closure.half in {"", half}:
                found[closure.date, half] = closure.reason
    for n in range(DAYS_HELD):
        day = today + n * ONE_DAY
        for half in Half.values:
            if weekly.code(day, half) in hall.closed_weekly:
                found.setdefault((day, half), _("at this time every week"))
        if not calendar.is_workday(day):
            found |= {(day, half): calendar.name(day) or _("Weekend") for half in Half.values}
    return found
