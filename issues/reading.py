"""One issue with everything its pages show, in a fixed number of queries."""

from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404

from accounts.models import Department, User
from catalog.models import HallClosure
from core import together, workdays
from core.workdays import Calendar
from issues.models import (
    Clock,
    ClockRule,
    ExtensionRequest,
    FollowUp,
    Issue,
    IssueEvent,
    Rectification,
    SupervisionNotice,
    Task,
    TransferRequest,
    Verification,
)

SCENE = (
    "item__department",
    "window",
    "hall",
    "category",
    "lead_department",
    "needing_department",
    "guide_revision",
    "found_by_department",
    "registered_by",
    "merged_into",
    "handled_case",
    "window_session",
)
RELATED: dict[str, Any] = {
    "tasks": Task,
    "rectifications": Rectification,
    "verifications": Verification,
    "supervision_notices": SupervisionNotice,
    "extension_requests": ExtensionRequest,
    "transfer_requests": TransferRequest,
    "follow_ups": FollowUp,
    "clocks": Clock,
    "events": IssueEvent,
}


class Dossier:
    """An issue with its papers and the calendar of its hall."""

    def __init__(self, issue: Issue, found: dict[str, list[Any]], calendar: Calendar) -> None:
        self.issue = issue
        self.calendar = calendar
        self.departments: dict[str, Department] = {row.code: row for row in found["departments"]}
        self.events: list[IssueEvent] = found["events"]


def open_dossier(user: User, pk: int) -> Dossier:
    """The issue if this person sees it (404 otherwise): three queries, whatever it holds.

    The relations answer from memory afterwards, so the acts and their conditions ask the database nothing more.
    """
    issue = get_object_or_404(Issue.objects.visible_to(user).with_stand_in().select_related(*SCENE), pk=pk)
    sets = {name: model.objects.filter(issue=issue) for name, model in RELATED.items()}
    people = Q(verifications__issue=issue) | Q(pk__in=Rectification.objects.filter(issue=issue).values("submitted_by"))
    found = together.fetch(
        {
            **sets,
            "holding_departments": Department.objects.filter(seams_holding=issue),
            "departments": Department.objects.all(),
            "people": User.objects.filter(people),
            "rules": ClockRule.objects.all(),
            "closures": HallClosure.objects.filter(hall=issue.hall_id, half=""),
        }
    )
    _tie(issue, found)
    return Dossier(issue, found, workdays.load(closures={closure.date for closure in found["closures"]}))


def _tie(issue: Issue, found: dict[str, list[Any]]) -> None:
    departments = {row.pk: row for row in found["departments"]}
    people = {row.pk: row for row in found["people"]}
    rules = {row.pk: row for row in found["rules"]}
    for row in found["tasks"]:
        row.department = departments[row.department_id]
    for row in found["verifications"]:
        row.verifier = people[row.verifier_id]
        row.verifier.department = departments.get(row.verifier.department_id)
        row.verifier_department = departments.get(row.verifier_department_id)
    for row in found["rectifications"]:
        row.submitted_by = people[row.submitted_by_id]
    for row in found["clocks"]:
        row.rule = rules[row.rule_id]
    for row in found["transfer_requests"]:
        row.from_department, row.to_department = departments[row.from_department_id], departments[row.to_department_id]
    for name in RELATED:
        for row in found[name]:
            row.issue = issue
        together.attach(issue, name, found[name])
    together.attach(issue, "holding_departments", found["holding_departments"])


def is_known(number: str) -> bool:
    """The register holds an issue of this number. For lower apps, which keep numbers as text."""
    return Issue.objects.filter(number=number).exists()
