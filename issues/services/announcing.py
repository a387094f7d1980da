"""Taking over the announcement of a year's working days: the calendar, and every open limit that it moves."""

import logging
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.calendar_services import CalendarChange, CalendarRow, import_calendar
from core.doors import require
from issues.permissions import may
from issues.services.supervising import recompute_limits

audit = logging.getLogger("huanwei.audit")


@transaction.atomic
def announce_working_days(rows: Sequence[CalendarRow], actor: User) -> tuple[CalendarChange, int]:
    """Write the calendar and count the open limits again; how many issues moved. Each of them records it.

    Raises PermissionDenied for all but hall administrators, ValidationError as `import_calendar` does.
    """
    require(may(actor, "announce_working_days"))
    change = import_calendar(rows)
    names = "、".join(map(str, change.years))
    note = _("The working days of %(years)s were announced") % {"years": names}
    moved = recompute_limits(actor, note) if change.changed else 0
    facts = {"person": actor.pk, "years": names, "days": len(change.changed), "issues": moved}
    audit.info("working days announced: person %(person)s, years %(years)s, %(days)s days, %(issues)s issues", facts)
    return change, moved
