"""What leaders' files say of leave, kept as Availability. The catalogue's import hands it over in its transaction."""

from datetime import date

from django.utils.translation import gettext as _

from accounts.models import User

from catalog.importing.context import Context
from catalog.importing.report import CREATED, REJECTED, SKIPPED, UNCHANGED, UPDATED
from catalog.importing.saving import SKIP, STOP
from sessions.models import Availability


def keep_leave(context: Context) -> None:
    """Make each imported leader's leave what the file says; the remark of the row becomes the reason.

    A person whose leave stands otherwise is a row that exists: the import's rule decides.
    """
    for row, user, leaves in context.leave:
        if not row.has("leave") or row.entry.status in (REJECTED, SKIPPED):
            continue
        present = set(user.absences.values_list("starts_on", "ends_on", "half", "weekday"))
        wanted = {(leave.starts_on, leave.ends_on, leave.half, leave.weekday) for leave in leaves}
        if present == wanted:
            continue
        if row.entry.status == UNCHANGED and present:
            row.entry.messages.append(_("“%(column)s” differs from what is kept") % {"column": row.heading("leave")})
            if context.on_conflict == SKIP:
                row.entry.status, row.entry.code = SKIPPED, "exists"
                continue
            if context.on_conflict == STOP:
                row.entry.status, row.entry.code = REJECTED, "exists"
                context.report.stopped = True
                continue
        _replace(row.text("note")[:200], user, wanted)
        row.entry.status = row.entry.status if row.entry.status == CREATED else UPDATED


def _replace(reason: str, user: User, wanted: set[tuple[date, date, str, int | None]]) -> None:
    Availability.objects.filter(user=user).delete()
    for starts_on, ends_on, half, weekday in sorted(wanted, key=str):
        Availability.objects.create(
            user=user, starts_on=starts_on, ends_on=ends_on, half=half, weekday=weekday, reason=reason
        )
