"""Whether a board has changed since it was drawn: one short text, asked every few seconds by every open board."""

import zlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Max, Sum

from sessions.models import Availability, Programme, SessionEvent, WindowSession
from sessions.planning import Plan

Away = tuple[int, date, date, str, int | None]


def of_plan(plan: Plan) -> str:
    """The pulse of a plan that is loaded, without a query."""
    rows = [(row.pk, row.version) for row in plan.rows]
    away = [
        (pk, one.starts_on, one.ends_on, one.half, one.weekday)
        for pk, absences in plan.facts.absences.items()
        for one in absences
    ]
    newest = max((pk for pk, _version in rows), default=None)
    return _text(plan.programme, len(rows), sum(version for _pk, version in rows), newest, away)


def now(programme: Programme, people: Iterable[int], first: date, last: date) -> str:
    """The pulse of the same range as it is now: two queries."""
    told: dict[str, Any] = WindowSession.objects.filter(date__range=(first, last)).aggregate(
        count=Count("pk"), versions=Sum("version"), newest=Max("pk")
    )
    away = Availability.objects.filter(user_id__in=people, starts_on__lte=last, ends_on__gte=first)
    times = list(away.order_by().values_list("user_id", "starts_on", "ends_on", "half", "weekday"))
    return _text(programme, told["count"], told["versions"] or 0, told["newest"], times)


def last_actor(first: date, last: date) -> str:
    """Who wrote the last event of a session in this range (one query)."""
    events = SessionEvent.objects.filter(window_session__date__range=(first, last))
    return str(events.order_by("-pk").values_list("actor_label", flat=True).first() or "")


def _text(programme: Programme, count: int, versions: int, newest: int | None, away: Iterable[Away]) -> str:
    leave = zlib.crc32(repr(sorted(away, key=repr)).encode())
    return f"{programme.version}-{count}-{versions}-{newest or 0}-{leave:x}"
