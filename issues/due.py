"""Lights and due dates over many issues, read from their running limits.

A register may hold a million issues. Whatever is asked of it is answered from the smaller side: a short list looks up
the limits of its rows; a long one walks along the limits in the order of their dates, for which there is an index, and
stops as soon as enough is found.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.lookups import GreaterThanOrEqual

from accounts.models import User
from core.workdays import Calendar
from issues import counting
from issues.models import Clock, Issue

LONGEST_LIMIT = 60
"""Working days; no class of limits is longer, extensions included."""
_TOTAL = CombinedExpression(F("days"), "+", F("extended_days"), output_field=IntegerField())


def running() -> QuerySet[Clock]:
    return Clock.objects.filter(stopped_at__isnull=True)


def over(today: date) -> Q:
    """The red of `issues.lights`: over today, or over already when it went to rest."""
    return Q(due_on__lt=today) & (Q(paused_at__isnull=True) | Q(paused_at__date__gt=F("due_on")))


def _soon(today: date, calendar: Calendar) -> Q:
    """The yellow of `issues.lights`: at most a fifth, or one day, left."""
    soon = Q(due_on__lte=calendar.add(today, 1))
    for left in range(2, LONGEST_LIMIT // 5 + 1):
        soon |= Q(GreaterThanOrEqual(_TOTAL, left * 5), due_on__lte=calendar.add(today, left))
    last = calendar.add(today, LONGEST_LIMIT // 5)
    return Q(due_on__gte=today, due_on__lte=last, paused_at__isnull=True) & soon


def red_limits(today: date) -> QuerySet[Clock]:
    """Running limits that are over. A rest begun later hides none (DESIGN section 6)."""
    return running().filter(over(today))


def yellow_limits(today: date, calendar: Calendar) -> QuerySet[Clock]:
    """Limits that are over soon, of issues of which none is over."""
    return running().filter(_soon(today, calendar)).exclude(Exists(red_limits(today).filter(issue=OuterRef("issue"))))


def late_limits(today: date, calendar: Calendar) -> QuerySet[Clock]:
    """Limits that are over or soon will be."""
    return running().filter(over(today) | _soon(today, calendar))


def having(limits: QuerySet[Clock]) -> Q:
    """Issues with one of these limits."""
    return Q(pk__in=limits.values("issue"))


def light_counts(
    user: User, found: QuerySet[Issue], total: int, limits: Mapping[str, QuerySet[Clock]]
) -> dict[str, int]:
    """How many of the found issues have such a limit, exact up to the bound. `total` is their own (bounded) number."""
    figures: dict[str, QuerySet[Any]] = {}
    for name, rows in limits.items():
        long = counting.beyond(total)
        figures[name] = _first(rows, found) if long else found.filter(Exists(rows.filter(issue=OuterRef("pk"))))
    return counting.bounded_counts(user, figures)


def _first(limits: QuerySet[Clock], found: QuerySet[Issue]) -> QuerySet[Clock]:
    """The earliest of these limits of every found issue, asked limit by limit."""
    sooner = Q(due_on__lt=OuterRef("due_on")) | Q(due_on=OuterRef("due_on"), pk__lt=OuterRef("pk"))
    again = limits.filter(sooner, issue=OuterRef("issue"))
    return limits.filter(Exists(found.filter(pk=OuterRef("issue"))), ~Exists(again))


class ByDueDate:
    """The keys of a long register by due date, the soonest or the latest first: a page is cut from the limits, whose
    dates are in order.

    `ordered` holds the keys of the same rows sorted in full. It gives what lies behind the last limit: rows without.
    """

    def __init__(
        self, found: QuerySet[Issue], limits: QuerySet[Clock], ordered: QuerySet[Any, int], *, latest: bool = False
    ) -> None:
        self._first, self._ordered = _first(limits, found), ordered
        self._by = ("-due_on", "-issue") if latest else ("due_on", "issue")

    def __getitem__(self, cut: slice) -> list[int]:
        keys = list(self._first.order_by(*self._by).values_list("issue", flat=True)[cut])
        return keys if len(keys) == cut.stop - (cut.start or 0) else list(self._ordered[cut])
