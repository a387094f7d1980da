"""What was due and what happened in a period: the dashboard counts by it, the register's filters show the rows."""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from issues.due import over
from issues.models import Clock, IssueEvent

EARLIEST, LATEST = date(1970, 1, 1), date(9000, 1, 1)
"""Days beyond these have no moment in every time zone, and nothing happens on them."""


def moments(field_name: str, first: date | None, last: date | None) -> Q:
    """A moment between the first day's start and the last day's end in the hall's time zone; None leaves it open."""
    condition = Q()
    first, last = first and max(first, EARLIEST), last and min(last, LATEST)
    if first:
        condition &= Q(**{f"{field_name}__gte": timezone.make_aware(datetime.combine(first, time.min))})
    if last:
        end = datetime.combine(last + timedelta(days=1), time.min)
        condition &= Q(**{f"{field_name}__lt": timezone.make_aware(end)})
    return condition


def judged(kind: str | None, first: date | None, last: date | None, today: date) -> QuerySet[Clock]:
    """Limits of this kind (None: of all) due in the period on which a verdict stands: met or missed when they
    stopped, or still running past their day. One that stopped early because the matter left these hands counts for
    neither."""
    rows = Clock.objects.filter(Q(met__isnull=False) | Q(over(today), stopped_at__isnull=True))
    if kind:
        rows = rows.filter(kind=kind)
    if first:
        rows = rows.filter(due_on__gte=first)
    return rows.filter(due_on__lte=last) if last else rows


MISSED = ~Q(met=True)
"""Of the judged limits, those not met."""


def closed_between(first: date | None, last: date | None) -> Exists:
    """Issues with a closing in the period, whatever became of them later: the first closure stays a fact."""
    return Exists(IssueEvent.objects.filter(moments("at", first, last), issue=OuterRef("pk"), action="close_out"))
