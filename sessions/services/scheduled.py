"""Publishing by schedule: which halls' weeks go out by themselves, and why one could not."""

from datetime import datetime, time

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.choices import Role
from accounts.models import User
from catalog.models import Hall
from core import clock
from core.doors import Conflict, lock, require
from core.notices import notify
from sessions.models import ReleaseRule
from sessions.permissions import may
from sessions.services.placing import administrators
from sessions.services.roster import Preview, preview, publish_week
from sessions.weeks import Week

REMEMBERED = 12
NOBODY_CONFIRMED = gettext_noop("Week %(week)s of %(hall)s did not go out: nobody has confirmed yet")
NO_RIGHT = gettext_noop("Week %(week)s of %(hall)s did not go out: who set the schedule may not publish any more")
BLOCKED = gettext_noop("Week %(week)s of %(hall)s did not go out: something must be changed first")


def set_release_rule(hall: Hall, actor: User, *, by_schedule: bool, at: time) -> ReleaseRule:
    """Let a hall's weeks go out by themselves at this time of their release day, or by hand again."""
    require(may(actor, "set_release_rule", hall))
    with transaction.atomic():
        lock(hall)
        rule = ReleaseRule.objects.filter(hall=hall).first() or ReleaseRule(hall=hall)
        rule.by_schedule, rule.at, rule.set_by, rule.told = by_schedule, at, actor, []
        rule.save()
    return rule


def publish_due_weeks(now: datetime | None = None) -> int:
    """Release every hall's week that is due by schedule and not out yet; how many went out.

    Idempotent: it looks at what is out, never at when it last ran. Where a week cannot go out, the hall's
    administrators are told why, once for each week and reason. Later changes stay with people, who say what changed.
    """
    moment = timezone.localtime(now or clock.now())
    out = 0
    for rule in ReleaseRule.objects.filter(by_schedule=True).select_related("hall", "set_by"):
        this_week = Week.of(moment.date())
        with clock.at(moment):
            out += sum(_publish(rule, week, moment) for week in (this_week, this_week.after))
    return out


def _publish(rule: ReleaseRule, week: Week, moment: datetime) -> bool:
    found = preview(rule.hall, week.monday)
    if found.last is not None or not _due(found, rule, moment):
        return False
    if not found.has_news:
        if found.left_out:
            _hold_back(rule, week, NOBODY_CONFIRMED)
        return False
    try:
        release = publish_week(rule.hall, week.monday, rule.set_by, number=1, by_schedule=True)
    except Conflict:
        return False  # somebody published or changed a sitting at this very moment; the next run looks again
    except PermissionDenied:
        _hold_back(rule, week, NO_RIGHT)
    except ValidationError as error:
        _hold_back(rule, week, BLOCKED, "\n".join(error.messages))
    else:
        return release is not None
    return False


def _due(found: Preview, rule: ReleaseRule, moment: datetime) -> bool:
    """Whether the release day and time have come."""
    if found.due_on is None:
        return False
    return (found.due_on, rule.at) <= (moment.date(), moment.time())


@transaction.atomic
def _hold_back(rule: ReleaseRule, week: Week, title: str, text: str = "") -> None:
    """Tell the hall's administrators, or the reform office where there are none, once for each week and reason."""
    held, entry = lock(rule), [week.key, title]
    if entry in held.told:
        return
    ReleaseRule.objects.filter(pk=rule.pk).update(told=[*held.told[-REMEMBERED:], entry])
    notify(
        administrators(rule.hall) or User.objects.filter(role_grants__role=Role.REFORM_OFFICE).distinct(),
        kind="roster",
        title=title,
        url=f"{reverse('window_sessions:publish_week', args=[rule.hall_id])}?week={week.key}",
        text=text,
        params={"week": week.number, "hall": rule.hall.name},
    )
