"""Taking over the announcement of a year's working days: the calendar; the worker then counts the open limits."""

import logging
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.calendar_services import CalendarChange, CalendarRow, import_calendar
from core.doors import require
from issues.models import LimitRecount
from issues.permissions import may
from issues.services.recounting import request_recount

audit = logging.getLogger("huanwei.audit")


@transaction.atomic
def announce_working_days(rows: Sequence[CalendarRow], actor: User) -> tuple[CalendarChange, LimitRecount | None]:
    """Write the calendar and, where a day has changed, have the open limits counted again. Each that moves records it.

    Raises PermissionDenied for all but hall administrators, ValidationError as `import_calendar` does.
    """
    require(may(actor, "announce_working_days"))
    change = import_calendar(rows)
    names = "、".join(map(str, change.years))
    note = _("The working days of %(years)s were announced") % {"years": names}
    recount = request_recount(actor, note) if change.changed else None
    facts = {"person": actor.pk, "years": names, "days": len(change.changed)}
    audit.info("working days announced: person %(person)s, years %(years)s, %(days)s days", facts)
    return change, recount
