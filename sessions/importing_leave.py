"""What the catalogue's import reads of leaders' leave becomes absences of the rotation."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import User
from catalog.importing.context import Context
from catalog.importing.journal import Journal
from catalog.importing.report import CREATED, REJECTED, SKIPPED, UNCHANGED, UPDATED
from catalog.importing.rows import Row
from catalog.importing.saving import SKIP, STOP
from core import clock
from sessions.models import Availability

Move = Callable[[date], date]
Times = set[tuple[date, date, str, int | None]]


def keep_leave(context: Context, move: Move = lambda day: day) -> None:
    """Make each leader's imported absences what the file says; the row's remark is their reason. `move` shifts dates.

    What somebody entered by hand stays.

    A person whose absences stand otherwise is a row that exists: the import's rule decides. A cell that speaks only of
    days that are over changes nothing about a person who is there already.
    """
    today = clock.today()
    for row, user, leaves in context.leave:
        if not row.has("leave") or row.entry.status in (REJECTED, SKIPPED):
            continue
        wanted = {(move(leave.starts_on), move(leave.ends_on), leave.half, leave.weekday) for leave in leaves}
        present = set(user.absences.filter(entered_by=None).values_list("starts_on", "ends_on", "half", "weekday"))
        over = row.entry.status != CREATED and wanted and all(last < today for _first, last, _half, _day in wanted)
        if present != wanted and not over and _may_replace(context, row, present):
            _replace(context.report.journal, row.text("note")[:200], user, wanted)
            row.entry.status = row.entry.status if row.entry.status == CREATED else UPDATED


def _may_replace(context: Context, row: Row, present: Times) -> bool:
    if row.entry.status != UNCHANGED or not present:
        return True
    row.entry.messages.append(_("“%(column)s” differs from what is kept") % {"column": row.heading("leave")})
    if context.on_conflict == SKIP:
        row.entry.status, row.entry.code = SKIPPED, "exists"
    elif context.on_conflict == STOP:
        row.entry.status, row.entry.code = REJECTED, "exists"
        context.report.stopped = True
    return row.entry.status == UNCHANGED


def _replace(journal: Journal, reason: str, user: User, wanted: Times) -> None:
    for absence in Availability.objects.filter(user=user, entered_by=None):
        journal.deleted(absence)
        absence.delete()
    for starts_on, ends_on, half, weekday in sorted(wanted, key=str):
        times = {"starts_on": starts_on, "ends_on": ends_on, "half": half, "weekday": weekday}
        journal.created([Availability.objects.create(user=user, reason=reason, **times)])
