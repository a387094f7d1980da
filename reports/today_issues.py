"""Issues that wait for a person, by kind of work: read in two queries whatever their number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import Department, User
from core import together
from core.doors import Act, Text, Verdict
from core.workdays import Calendar
from issues import acts, lights, listing, permissions
from issues.choices import Redaction
from issues.conditions import open_tasks
from issues.counting import BoundedCount
from issues.models import (
    Clock,
    ClockRule,
    ExtensionRequest,
    Issue,
    IssueEvent,
    Rectification,
    Screenshot,
    Task,
    Verification,
)
from issues.waiting import Waiting, waiting_for
from issues.workflow import WORKFLOW

SHOWN = 8
"""Rows of one group; the rest is behind its link."""

ACTS: dict[str, tuple[str, ...]] = {
    "supervision": ("answer_supervision",),
    "acknowledge": ("send_back", "acknowledge"),
    "rectify": ("request_extension", "submit_rectification"),
    "task": ("finish_task",),
    "triage": ("assign",),
    "ruling": ("rule_transfer",),
    "extension": ("decide_extension",),
    "verify": ("verify",),
    "unanswered": ("remind", "supervise"),
    "look_back": ("look_back",),
}
"""The acts drawn in the rows of a group, the main one last."""

CONDITIONAL = {"request_extension", "submit_rectification"}
"""Acts whose conditions may be unmet although the issue stands in the group."""


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One issue as its group draws it."""

    row: listing.Row
    light: lights.Light
    acts: list[Act]
    note: Text = ""
    why: Text = ""

    @property
    def issue(self) -> Any:
        return self.row.issue


@dataclass(frozen=True, slots=True)
class IssueGroup:
    """One kind of work with its number, its most urgent rows and the list that holds them all."""

    name: str
    label: Text
    count: int
    rows: list[IssueRow]
    url: str


def groups(user: User, calendar: Calendar, today: date) -> list[IssueGroup]:
    """The groups that hold something, in the order of urgency."""
    kinds = waiting_for(user, today)
    issues = list(listing.with_facts(_read(user, kinds), user)) if kinds else []
    if not issues:
        return []
    _relate(issues)
    found = [_group(kind, issues, user, calendar, today) for kind in kinds]
    return [group for group in found if group.count]


def _relate(issues: list[Any]) -> None:
    """What rows, acts and their conditions ask of these issues, in one query; they answer from memory afterwards."""
    keys = [issue.pk for issue in issues]
    seams = Issue.holding_departments.through
    # Asked only where the reform office's own department leads, or may come to lead: who took part there?
    looked_into = [row.pk for row in issues if row.led_by_reform_office or row.lead_department_id is None]
    sets: dict[str, QuerySet[Any]] = {
        "clocks": Clock.objects.filter(issue__in=keys, stopped_at__isnull=True),
        "tasks": Task.objects.filter(issue__in=keys),
        "extension_requests": ExtensionRequest.objects.filter(issue__in=keys),
        "rectifications": Rectification.objects.filter(issue__in=keys),
        "events": IssueEvent.objects.filter(issue__in=looked_into),
    }
    shared = {"rules": ClockRule.objects.all(), "departments": Department.objects.all()}
    found = together.fetch({**sets, **shared, "seams": seams._default_manager.filter(issue__in=keys)})
    rules, departments = ({row.pk: row for row in found[name]} for name in shared)
    for limit in found["clocks"]:
        limit.rule = rules[limit.rule_id]
    for task in found["tasks"]:
        task.department = departments[task.department_id]
    for issue in issues:
        for name in sets:
            together.attach(issue, name, [row for row in found[name] if row.issue_id == issue.pk])
        held = [departments[row.department_id] for row in found["seams"] if row.issue_id == issue.pk]
        together.attach(issue, "holding_departments", held)


def _read(user: User, kinds: list[Waiting]) -> QuerySet[Any]:
    """The most urgent issues of every kind in one query, each with the kinds it belongs to, their dates and sizes."""
    visible = Issue.objects.visible_to(user)
    passed = Verification.objects.filter(issue=OuterRef("pk"), round=OuterRef("round"), passed=True)
    unchecked = Screenshot.objects.filter(issue=OuterRef("pk"), redaction=Redaction.UNCHECKED).order_by("number", "pk")
    first: list[QuerySet[Any]] = []
    facts: dict[str, Any] = {}
    for kind in kinds:
        rows = visible.filter(kind.condition)
        urgent = rows.alias(due=kind.due).order_by(F("due").asc(nulls_last=True), "pk")
        first.append(Issue.objects.filter(pk__in=urgent.values("pk")[:SHOWN]).order_by().values("pk"))
        belongs = Case(When(kind.condition, then=Value(True)), default=Value(False), output_field=BooleanField())
        facts |= {f"in_{kind.name}": belongs, f"due_{kind.name}": kind.due, f"n_{kind.name}": BoundedCount(rows)}
    found: QuerySet[Any] = (
        Issue.objects.filter(pk__in=first[0].union(*first[1:]))
        .with_stand_in()
        .annotate(
            verified=Exists(passed),
            unchecked=Subquery(unchecked.values("pk")[:1]),
            **facts,
        )
    )
    return found


def _group(kind: Waiting, issues: list[Any], user: User, calendar: Calendar, today: date) -> IssueGroup:
    mine = [issue for issue in issues if getattr(issue, f"in_{kind.name}")]
    mine.sort(key=lambda issue: (getattr(issue, f"due_{kind.name}") or date.max, issue.pk))
    count = getattr(issues[0], f"n_{kind.name}")
    url = f"{reverse('issues:issue_list')}?state=all&waiting={kind.name}"
    rows = [_row(kind, issue, user, calendar, today) for issue in mine[:SHOWN]]
    return IssueGroup(kind.name, kind.label, count, rows, url)


def _row(kind: Waiting, issue: Any, user: User, calendar: Calendar, today: date) -> IssueRow:
    row = listing.row(issue, calendar, today)
    own_date = kind.name in {"supervision", "task", "unanswered", "look_back"}
    light = lights.date_light(getattr(issue, f"due_{kind.name}"), calendar, today) if own_date else row.light
    drawn = list(_acts(kind, issue, user))
    why = next((act.verdict.reason for act in reversed(drawn) if not act.verdict), "")
    return IssueRow(row, light, drawn, _note(kind, issue, user), why)


def _acts(kind: Waiting, issue: Any, user: User) -> Iterable[Act]:
    if kind.name == "pictures" and issue.unchecked:
        url = reverse("issues:check_screenshot", args=[issue.unchecked])
        yield Act("check_screenshot", WORKFLOW["redact"].label, url, primary=True)
    names = ACTS.get(kind.name, ())
    if kind.name == "verify" and issue.verified:
        names = ("close_out",)
    for action in names:
        if issue.status in WORKFLOW[action].sources and permissions.ever(user, action, issue):
            url = reverse(f"issues:{action}", args=[issue.pk])
            yield Act(action, WORKFLOW[action].label, url, _verdict(issue, user, action), action == names[-1])


def _verdict(issue: Any, user: User, action: str) -> Verdict:
    return acts.verdict(issue, user, action) if action in CONDITIONAL else permissions.may(user, action, issue)


def _note(kind: Waiting, issue: Any, user: User) -> Text:
    """What the row adds to the title: the task to be done, or whom it waits for."""
    mine = user.grants.departments(Role.LIAISON)
    if kind.name == "task":
        return next((task.title for task in open_tasks(issue) if task.department_id in mine), "")
    if kind.name != "others":
        return ""
    names = dict.fromkeys(task.department.label for task in open_tasks(issue) if task.department_id not in mine)
    if names:
        return _("waits for %(names)s") % {"names": _(", ").join(names)}
    return _("waits for the reform office's decision")
