"""The limits of all open issues counted again by the worker, a portion in a transaction, after the calendar changed."""

import logging
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django_tasks import task

from accounts.models import User
from catalog.models import Hall
from core import clock
from core.doors import WrongState, require
from issues import clocks
from issues.models import Clock, Issue, LimitRecount
from issues.permissions import may
from issues.services.supervising import recompute

audit = logging.getLogger("huanwei.audit")
PORTION = 200
"""Issues of one transaction: about a second, in which others wait to write on SQLite."""


@transaction.atomic
def request_recount(actor: User, note: str) -> LimitRecount:
    """Have the worker count the limits of all open issues again. Raises PermissionDenied."""
    require(may(actor, "announce_working_days"))
    now, total = clock.now(), Issue.objects.open().count()
    row = LimitRecount.objects.create(note=note, asked_by=actor, created_at=now, updated_at=now, total=total)
    count_limits.enqueue(row.pk)
    return row


@transaction.atomic
def resume_recount(actor: User) -> LimitRecount:
    """Have the last recount go on in this person's name. Raises PermissionDenied; WrongState when none stands still."""
    require(may(actor, "announce_working_days"))
    row = LimitRecount.objects.select_for_update().first()
    if row is None or not row.stands_still:
        raise WrongState(_("No recount of limits stands still."), back_url=reverse("issues:calendar"))
    row.asked_by, row.broken, row.updated_at = actor, False, clock.now()
    row.save(update_fields=["asked_by", "broken", "updated_at"])
    count_limits.enqueue(row.pk)
    return row


@task()  # type: ignore[untyped-decorator]
def count_limits(pk: int) -> None:
    """Portion after portion until all are done. Given to another worker, or to two, it goes on where it had come to."""
    try:
        while _portion(pk):
            pass
    except PermissionDenied:
        LimitRecount.objects.filter(pk=pk).update(broken=True, updated_at=clock.now())
        audit.warning("recount of limits broke off: its person may not keep the calendar any more: recount=%s", pk)


@transaction.atomic
def _portion(pk: int) -> bool:
    """Count the next issues; whether there are more."""
    row = LimitRecount.objects.select_for_update().filter(pk=pk, finished_at__isnull=True).first()
    if row is None:
        return False
    ahead = Issue.objects.open().filter(pk__gt=row.last_issue).order_by("pk")
    keys = list(ahead.values_list("pk", flat=True)[:PORTION])
    row.moved += _count(keys, row.asked_by, row.note)
    row.seen += len(keys)
    row.updated_at = clock.now()
    if keys:
        row.last_issue = keys[-1]
    else:
        row.finished_at, row.total = row.updated_at, row.seen
        audit.info("limits recounted: recount=%s, %s issues, %s moved", pk, row.seen, row.moved)
    row.save(update_fields=["moved", "seen", "updated_at", "last_issue", "finished_at", "total"])
    return bool(keys)


def _count(keys: Sequence[int], actor: User, note: str) -> int:
    """Move what has to move; how many issues did. Only these are locked and read one by one."""
    limits = Clock.objects.filter(issue__in=keys, stopped_at__isnull=True).select_related("issue")
    calendars = {hall.pk: clocks.calendar_of(hall) for hall in Hall.objects.filter(issues__in=keys).distinct()}
    moving = {
        limit.issue_id for limit in limits if clocks.counted(limit, calendars[limit.issue.hall_id]) != limit.due_on
    }
    for issue in Issue.objects.filter(pk__in=moving).order_by("pk"):
        recompute(issue, actor, note=note)
    return len(moving)
