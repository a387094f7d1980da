"""When people are at work: nothing reminds or mails them at night or on a day off."""

from datetime import datetime

from django.db.models import Max, Min
from django.utils.timezone import localtime

from catalog.hall_models import Hall
from core import workdays


def at_work(moment: datetime) -> bool:
    """Whether `moment` lies in the halls' opening hours of a working day; always true where there is no hall yet."""
    local = localtime(moment)
    hours = Hall.objects.aggregate(opens=Min("am_opens"), closes=Max("pm_closes"))
    if not hours["opens"]:
        return True
    open_now = bool(hours["opens"] <= local.time() < hours["closes"])
    return open_now and workdays.load(local.date(), local.date()).is_workday(local.date())
