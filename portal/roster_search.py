"""Which leader is where this week, asked by service: item → windows that accept it → who sits there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, OuterRef, Q, Subquery, Value, When

from catalog.choices import WindowKind
from catalog.models import Hall, ServiceItem, Window
from core import clock
from portal.rosters import with_state
from sessions.models import Roster
from sessions.rosters import Line, lines_of
from sessions.weeks import Week

MOST = 12
Place = tuple[int, str]
"""Hall and window number: what a frozen line knows of its window."""


@dataclass(frozen=True)
class Sitting:
    """A line and the hall it lies in."""

    hall: Hall
    line: Line


@dataclass
class Answer:
    """One item, where it is accepted, and who sits there this week."""

    item: ServiceItem
    windows: list[Window] = field(default_factory=list)
    sittings: list[Sitting] = field(default_factory=list)


@dataclass
class Found:
    """What a search found: by service, and by the name of a department or post."""

    answers: list[Answer] = field(default_factory=list)
    people: list[Sitting] = field(default_factory=list)


def search(words: str, week: Week) -> Found:
    """Published items that match, each with its windows and sittings (five queries). Nothing for no words."""
    if not words:
        return Found()
    begins = Case(When(name__startswith=words, then=Value(0)), default=Value(1))
    found = ServiceItem.objects.published().search(words).order_by(begins, "-frequent", "code")
    items = list(found[:MOST])
    sittings = sittings_of(week)
    windows = _windows(items)
    answers = [_answer(item, windows, sittings) for item in items]
    answers.sort(key=lambda answer: not answer.sittings)
    return Found(answers, [one for one in sittings if words in one.line.who or words in one.line.host])


def sittings_of(week: Week) -> list[Sitting]:
    """Every line of the releases in force in all halls, what is over behind what is to come (two queries)."""
    of_week = Roster.objects.filter(iso_year=week.year, iso_week=week.number)
    newest = of_week.filter(hall=OuterRef("hall")).order_by("-number").values("number")[:1]
    rosters = list(of_week.filter(number=Subquery(newest)).select_related("hall"))
    halls = {line.session_id: row.hall for row in rosters for line in lines_of(row)}
    lines = with_state(line for row in rosters for line in lines_of(row))
    today = clock.today()
    lines.sort(key=lambda line: (line.day < today, line.day, line.half, line.window, not line.cancelled))
    return [Sitting(halls[line.session_id], line) for line in lines]


def _windows(items: Iterable[ServiceItem]) -> list[Window]:
    """The windows that could accept one of these items (two queries)."""
    own = {pk for item in items for pk in (item.window_id, item.pickup_window_id) if pk}
    rows = Window.objects.filter(Q(pk__in=own) | Q(kind=WindowKind.INTEGRATED), active=True)
    return list(rows.select_related("hall").prefetch_related("serves"))


def _answer(item: ServiceItem, windows: Iterable[Window], sittings: Iterable[Sitting]) -> Answer:
    here = [window for window in windows if _accepts(window, item)]
    places: set[Place] = {(window.hall_id, window.number) for window in here}
    sits = [one for one in sittings if (one.hall.pk, one.line.window) in places]
    return Answer(item, here, sits)


def _accepts(window: Window, item: ServiceItem) -> bool:
    if window.pk in {item.window_id, item.pickup_window_id}:
        return True
    serves: Any = window.serves.all()
    return (
        item.in_comprehensive
        and window.kind == WindowKind.INTEGRATED
        and any(department.pk == item.department_id for department in serves)
    )
