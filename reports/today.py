"""A person's own work today: counts, groups in order of urgency, and what stands beside them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import User
from catalog.models import ServiceItem
from core import clock, workdays
from core.doors import Text
from issues import lights
from issues.announcements import waited_for
from issues.models import Issue, IssueEvent
from issues.workflow import WORKFLOW
from reports import today_issues, today_proposals, today_sittings
from reports.links import register
from sessions.models import Programme

ASIDE = {"others"}
"""Groups that stand beside the work: nothing is asked of the person there."""

FIRST = ("feedback", "confirm", "missed", "left_open", "hall")
"""Sittings that come before issues: they are bound to an hour."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A count with its word and its worst light; leads to its group on the page."""

    name: str
    label: Text
    count: int
    light: lights.Light | None


@dataclass(frozen=True, slots=True)
class Empty:
    """What is not there, what will bring it, one way onward."""

    title: Text
    text: Text
    url: str = ""
    label: Text = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """What an auditor sees first."""

    states: list[tuple[str, int, str]]
    events: list[Any]


@dataclass(frozen=True, slots=True)
class Today:
    """Everything the page draws."""

    tiles: list[Tile]
    cards: list[today_sittings.Card]
    groups: list[Any]
    aside: list[today_issues.IssueGroup]
    unpublished: list[today_sittings.Unpublished]
    coming: list[Any]
    at_our_windows: list[Any]
    elsewhere: list[Any]
    overview: Overview | None
    provisional: list[int]
    empty: Empty | None
    plans: bool = False
    """Whether the person plans or holds sittings: the page then looks for those that no longer fit."""
    triages: bool = False
    """Whether the person looks for where departments chafe: the seams of the catalogue are one click away."""


def build(user: User) -> Today:
    """The page of this person: several roles add up. At most eight queries beside those of the frame."""
    day, calendar = clock.today(), workdays.load()
    rows = today_sittings.read(user, day)
    sittings = today_sittings.groups(rows, user, calendar, day)
    issues = today_issues.groups(user, calendar, day)
    groups = [group for group in issues if group.name not in ASIDE]
    early = [group for group in sittings if group.name in FIRST]
    late = [group for group in sittings if group.name not in FIRST]
    cards = today_sittings.cards(rows, user, day)
    unpublished = today_sittings.unpublished(rows, user, day)
    overview = _overview(user) if user.grants.has(Role.AUDITOR) else None
    all_groups = [*early, *groups, *today_proposals.groups(user), *late]
    return Today(
        tiles=[_tile(group) for group in all_groups],
        cards=cards,
        groups=all_groups,
        aside=[group for group in issues if group.name in ASIDE],
        unpublished=unpublished,
        coming=today_sittings.coming(rows, user, day),
        at_our_windows=today_sittings.at_our_windows(rows, user),
        elsewhere=today_sittings.elsewhere(rows, user, day),
        overview=overview,
        provisional=waited_for(calendar) if user.grants.has(Role.HALL_ADMINISTRATOR, Role.REFORM_OFFICE) else [],
        empty=None if all_groups or cards or overview else _empty(user, bool(unpublished)),
        plans=user.grants.has(Role.HALL_ADMINISTRATOR, Role.DIRECTOR),
        triages=user.grants.has(Role.REFORM_OFFICE),
    )


def _tile(group: Any) -> Tile:
    found = [row.light for row in group.rows if row.light is not None and row.light.due_on is not None]
    worst = min(found, key=lambda light: light.due_on or date.max, default=None)
    return Tile(group.name, group.label, group.count, worst)


def _overview(user: User) -> Overview:
    issues = Issue.objects.visible_to(user).order_by()
    counts = issues.values_list("status").annotate(n=Count("pk")).order_by("status")
    events = list(
        IssueEvent.objects.filter(Exists(issues.filter(pk=OuterRef("issue"))))
        .select_related("issue")
        .order_by("-at", "-pk")[:10]
    )
    for event in events:
        event.label = WORKFLOW.rows[event.action].label if event.action in WORKFLOW.rows else event.action
    return Overview([(status, n, register(state=status)) for status, n in counts], events)


def _empty(user: User, planned: bool) -> Empty:
    """Why there is nothing to do, by role."""
    grants = user.grants
    if grants.has(Role.HALL_ADMINISTRATOR, Role.REFORM_OFFICE) and not planned:
        missing = _missing()
        if missing:
            return missing
    if grants.has(Role.REFORM_OFFICE):
        url, label = reverse("reports:dashboard"), _("See the dashboard")
        return Empty(_("Nothing waits for you"), _("Issues come here as soon as somebody registers one."), url, label)
    if grants.has(Role.LIAISON):
        text = _("Issues come here as soon as the reform office assigns one to your department.")
        return Empty(_("Nothing waits for you"), text, reverse("issues:issue_list"), _("See the issue register"))
    if grants.has(Role.DIRECTOR, Role.EXPERIENCE_OFFICER):
        text = _("Your hall's administrator invites you to the next sitting; it then stands here.")
        return Empty(_("No sitting today"), text, reverse("window_sessions:session_list"), _("See all sittings"))
    if grants.has(Role.HALL_ADMINISTRATOR, Role.GUIDE):
        text = _("Sittings come here on their day, once the week is published.")
        return Empty(_("No sitting today"), text, reverse("window_sessions:session_list"), _("See all sittings"))
    text = _("No role has been given to you yet. Please ask your hall's administrator for one.")
    return Empty(_("Nothing waits for you"), text)


def _missing() -> Empty | None:
    """What a new hall sets up first: the catalogue, then a programme."""
    if not ServiceItem.objects.exists():
        text = _("Import the tables that the hall has; what the import would change is shown first.")
        return Empty(_("The catalogue is empty"), text, reverse("catalog:import_start"), _("Import files"))
    if not Programme.objects.exists():
        text = _("A programme says who sits where, how often and under which rules. The week board comes with it.")
        url = reverse("window_sessions:programme_create")
        return Empty(_("No programme yet"), text, url, _("Create a programme"))
    return None
