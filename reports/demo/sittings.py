"""Rebuilds the sessions in which the demo's issues were found: placed, published, walked step by step, reported."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from django.core.exceptions import ValidationError

from accounts.models import User
from catalog.choices import Half
from catalog.models import ServiceItem, Window
from core import clock
from core.doors import Conflict
from issues.choices import Source
from issues.importing.rows import IssueRow
from issues.models import Issue
from reports.demo.stage import Stage, monday_of
from reports.demo.walking import walk_session
from sessions import services
from sessions.choices import Mode
from sessions.models import Programme, WindowSession

MODES = {"陪办员": Mode.COMPANION, "企业群众身份": Mode.APPLICANT, "监督员": Mode.SUPERVISOR}


@dataclass(slots=True)
class Sitting:
    """One session to be walked and the rows that were found in it."""

    window_session: WindowSession
    rows: list[IssueRow]


def walkable(row: IssueRow) -> bool:
    """Found by a leader at a window that may serve as experience window, on an item with that step."""
    sat = row.source in (Source.CROSS_SESSION, Source.SITTING)
    desk = row.window is not None and row.window.is_desk
    return bool(sat and row.finder and row.half and desk and row.item and row.step_number)


def rebuild(rows: Iterable[IssueRow], programmes: dict[str, Programme], stage: Stage) -> dict[str, Issue]:
    """All sessions of the past with their issues; issue number → issue."""
    sittings = _place_all([row for row in rows if walkable(row)], programmes, stage)
    _publish(sittings, stage)
    issues: dict[str, Issue] = {}
    for sitting in sorted(sittings, key=lambda one: (one.window_session.date, one.window_session.half)):
        issues |= walk_session(sitting.window_session, sitting.rows, stage)
    return issues


def _place_all(rows: list[IssueRow], programmes: dict[str, Programme], stage: Stage) -> list[Sitting]:
    def place_of(row: IssueRow) -> tuple[date, str, int, int]:
        return row.found_on, row.half, row.finder.pk if row.finder else 0, row.window.pk if row.window else 0

    ordered = sorted(rows, key=place_of)
    found = []
    for _key, group in groupby(ordered, key=place_of):
        members = list(group)
        first = members[0]
        programme = programmes["sitting" if first.source == Source.SITTING else "cross"]
        window_session = _place(programme, first, stage)
        if window_session is not None:
            moved = [replace(row, found_on=window_session.date, half=window_session.half) for row in members]
            found.append(Sitting(window_session, moved))
    return found


def _slots(first: date, half: str, programme: Programme, stage: Stage) -> Iterable[tuple[date, str]]:
    """The wanted half-day, then the next free ones: a holiday may have pushed two days together."""
    other = Half.PM if half == Half.AM else Half.AM
    day = first
    while day <= programme.ends_on and day < stage.today:
        yield from ((day, half), (day, other.value))
        day = stage.calendar.add(day, 1)


def _place(programme: Programme, row: IssueRow, stage: Stage) -> WindowSession | None:
    """Placed and confirmed some days ahead. None when the programme has no free half-day left."""
    if row.finder is None or row.window is None:
        return None
    planned = stage.moment(stage.calendar.next_workday(programme.starts_on - timedelta(days=10)), 10)
    mode = MODES.get(row.found_as, Mode.CLERK)
    for day, half in _slots(row.found_on, row.half, programme, stage):
        with clock.at(planned):
            try:
                placed = services.place(programme, row.finder, row.window, day, half, stage.administrator, mode=mode)
            except (Conflict, ValidationError):
                continue
        with clock.at(planned + timedelta(hours=4)):
            return services.confirm(placed, row.finder)
    return None


def _publish(sittings: list[Sitting], stage: Stage) -> None:
    weeks = {(one.window_session.window.hall, monday_of(one.window_session.date)) for one in sittings}
    for hall, monday in sorted(weeks, key=lambda pair: (pair[1], pair[0].code)):
        with clock.at(stage.moment(stage.calendar.next_workday(monday), 8)):
            services.publish_week(hall, monday, stage.administrator)


def someone_free(people: Iterable[User], taken: set[int]) -> User | None:
    """The first person who is not yet placed."""
    return next((person for person in people if person.pk not in taken), None)


def item_for(window: Window, programme: Programme) -> ServiceItem | None:
    """An item of the handling list that this window accepts."""
    return (
        programme.handling_list.filter(window=window).first()
        or programme.handling_list.filter(department=window.department).first()
    )
