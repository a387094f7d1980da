"""Coming sittings that no longer fit: the hall or the window was closed, or the person went on leave, since they were
planned. The rules that judged the placement judge it again (DESIGN section 5)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q

from catalog.models import HallClosure
from core import clock, workdays
from sessions import rules
from sessions.choices import RuleName
from sessions.leave import Broken, person_of_row
from sessions.models import Availability, WindowSession
from sessions.workflow import BEFORE_START

ASKED = (RuleName.CLOSED, RuleName.AVAILABILITY)


def unfit(hall_ids: Collection[int], window_id: int | None = None, director_id: int | None = None) -> list[Broken]:
    """The coming sittings of these halls, or of one window there, and this director's own, that a closure or a leave
    stands against.

    In order of time, each with its first finding; four queries.
    """
    today = clock.today()
    wanted = Q(window__hall_id__in=hall_ids) if window_id is None else Q(window=window_id, window__hall_id__in=hall_ids)
    coming = WindowSession.objects.filter(wanted | Q(director=director_id), status__in=BEFORE_START, date__gte=today)
    rows = list(coming.with_people().order_by("date", "half", "window__number"))
    if not rows:
        return []
    absences, closures = _absences(rows), _closures(rows)
    calendar = workdays.load(today, rows[-1].date)
    found = []
    for row in rows:
        hall = row.window.hall
        facts = rules.Facts(
            row.programme,
            today,
            calendar,
            frozenset([hall.pk]),
            absences=absences,
            closures=closures,
            weekly={hall.pk: frozenset(hall.closed_weekly)},
        )
        placement = rules.standing(row, person_of_row(row))
        findings = [one for rule in ASKED for one in rules.ask(rule, placement, facts)]
        found += [Broken(row, findings[0])] if findings else []
    return found


def _absences(rows: Iterable[Any]) -> dict[int, list[rules.Absence]]:
    found: dict[int, list[rules.Absence]] = defaultdict(list)
    leaves = Availability.objects.filter(user__in={row.director_id for row in rows}).coming(clock.today())
    for one in leaves:
        found[one.user_id].append(rules.Absence(one.starts_on, one.ends_on, one.half, one.weekday, one.reason))
    return found


def _closures(rows: Iterable[Any]) -> dict[tuple[int, Any], list[tuple[str, str]]]:
    found: dict[tuple[int, Any], list[tuple[str, str]]] = defaultdict(list)
    halls = {row.window.hall_id for row in rows}
    for one in HallClosure.objects.filter(hall__in=halls, date__gte=clock.today()):
        found[one.hall_id, one.date].append((one.half, one.reason))
    return found
