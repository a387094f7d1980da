"""A re-walk: the item of an issue is walked again at a window, in a session like any other (DESIGN section 6)."""

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.choices import Role
from accounts.models import Posting, User
from catalog.models import Window
from core import clock
from core.doors import WrongState
from core.notices import notify
from issues.models import Issue
from issues.services.acting import apply_act
from sessions.models import WindowSession
from sessions.services import half_now, plan_on_the_spot


def neutral_walkers(issue: Issue) -> QuerySet[User]:
    """Who may walk it again: leaders and officers of other departments who had no hand in the rectification."""
    fixers = issue.rectifications.values("submitted_by_id")
    helpers = issue.tasks.filter(done_by__isnull=False).values("done_by_id")
    leaders = Posting.objects.current(clock.today()).values("user_id")
    roles = Q(role_grants__role__in=[Role.REFORM_OFFICE, Role.EXPERIENCE_OFFICER])
    people = User.objects.filter(Q(pk__in=leaders) | roles, is_active=True, department__isnull=False)
    neutral = people.exclude(department=issue.lead_department).exclude(pk__in=fixers).exclude(pk__in=helpers)
    return neutral.select_related("department").distinct()


def free_windows(issue: Issue) -> QuerySet[Window]:
    """Windows of the scene's hall at which nobody sits in the half-day that runs now."""
    windows = Window.objects.filter(hall=issue.hall, active=True)
    half = half_now(issue.hall)
    taken = WindowSession.objects.occupying().filter(date=clock.today(), half=half).values("window_id")
    return windows.exclude(pk__in=taken)


def plan_re_walk(
    issue: Issue, actor: User, *, walker: User, window: Window, note: str = "", version: int | None = None
) -> Issue:
    """Plan a verification session for today; the walker runs it on the phone and is told at once.

    Raises ValidationError for a walker who is not neutral, WrongState when person or window already sits.
    """
    with apply_act(issue, "plan_re_walk", actor, version, note) as act:
        if not neutral_walkers(act.issue).filter(pk=walker.pk).exists():
            raise ValidationError({"walker": _("Choose somebody of another department who had no hand in it.")})
        try:
            planned = plan_on_the_spot(actor, walker, window, act.issue.number, item=act.issue.item)
        except WrongState as error:
            raise ValidationError({"window": str(error.message)}) from error
        act.data = {"session": planned.pk, "walker": walker.display_name, "window": window.number}
        if walker.pk != actor.pk:
            notify(
                [walker],
                kind="issue.plan_re_walk",
                title=gettext_noop("Please walk the item of issue %(number)s again: %(title)s"),
                url=reverse("window_sessions:run", args=[planned.pk]),
                text=note,
                params={"number": act.issue.number, "title": act.issue.title},
            )
    return act.issue
