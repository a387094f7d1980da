"""A re-walk: the item of an issue is walked again at a window, in a session like any other (DESIGN section 6)."""

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.choices import Role
from accounts.models import Posting, RoleGrant, User
from catalog.models import Window
from core import clock
from core.doors import WrongState
from core.notices import notify
from issues.models import Issue
from issues.services.acting import apply_act
from sessions.models import WindowSession
from sessions.services import half_now, plan_on_the_spot


def neutral_walkers(issue: Issue) -> QuerySet[User]:
    """Who may walk it again: leaders, experience officers of the hall and reform officers, but for the interested.

    Those are the people of the lead department and whoever had a hand in the rectification. Where the reform
    office's own department leads, none of its officers walks (DESIGN section 6).
    """
    leaders = Posting.objects.current(clock.today()).filter(user=OuterRef("pk"))
    grants = RoleGrant.objects.filter(user=OuterRef("pk"))
    experienced = grants.filter(Q(hall=issue.hall_id) | Q(hall=None), role=Role.EXPERIENCE_OFFICER)
    may_walk = Q(Exists(leaders)) | Q(Exists(experienced))
    if not issue.led_by_reform_office:
        may_walk |= Q(Exists(grants.filter(role=Role.REFORM_OFFICE)), department__isnull=False)
    interested = (
        Q(department=issue.lead_department_id)
        | Exists(leaders.filter(department=issue.lead_department_id))
        | Exists(grants.filter(role=Role.LIAISON, department=issue.lead_department_id))
        | Q(pk__in=issue.rectifications.values("submitted_by_id"))
        | Q(pk__in=issue.tasks.filter(done_by__isnull=False).values("done_by_id"))
    )
    people = User.objects.filter(may_walk, is_active=True).exclude(interested)
    return people.select_related("department")


def free_walkers(issue: Issue) -> QuerySet[User]:
    """The neutral walkers who sit nowhere in the half-day that runs now."""
    return neutral_walkers(issue).exclude(pk__in=_sitting_now(issue).values("director_id"))


def free_windows(issue: Issue) -> QuerySet[Window]:
    """Windows of the scene's hall at which nobody sits in the half-day that runs now."""
    windows = Window.objects.filter(hall=issue.hall, active=True)
    return windows.exclude(pk__in=_sitting_now(issue).values("window_id"))


def _sitting_now(issue: Issue) -> QuerySet[WindowSession]:
    """The sessions that take up their director and window in the half-day that runs now."""
    rows: QuerySet[WindowSession] = WindowSession.objects.occupying().filter(
        date=clock.today(), half=half_now(issue.hall)
    )
    return rows


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
