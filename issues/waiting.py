"""What waits for a person, as conditions on issues. The page of today and the register's filter both read it, so
that every number there leads to a list of just as many rows."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import User
from core.doors import Text
from issues.choices import OPEN, Decision, IssueStatus, Redaction
from issues.models import (
    Clock,
    ExtensionRequest,
    FollowUp,
    Screenshot,
    SupervisionNotice,
    Task,
    TransferRequest,
    Verification,
)
from sessions.choices import ENDED, Purpose
from sessions.models import WindowSession

LEADING = [IssueStatus.ASSIGNED.value, IssueStatus.RECTIFYING.value]
HELPING = [*LEADING, IssueStatus.SUSPENDED.value]
RECENT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of work: its condition on issues, and the date it is due (an expression on the issue)."""

    name: str
    label: Text
    condition: Q
    due: Any


LABELS: dict[str, Text] = {
    "supervision": _("Notices to answer"),
    "acknowledge": IssueStatus.ASSIGNED.label,
    "rectify": IssueStatus.RECTIFYING.label,
    "task": _("Supporting tasks"),
    "others": _("Waiting for others"),
    "triage": _("To triage"),
    "ruling": _("Transfers to rule on"),
    "extension": _("Requests for more time"),
    "verify": IssueStatus.AWAITING_VERIFICATION.label,
    "unanswered": _("Notices not answered"),
    "look_back": _("Look-backs due"),
    "pictures": _("Pictures to check"),
    "finds": _("My findings under way"),
}


def _has(rows: QuerySet[Any]) -> Q:
    """Issues with one of these rows, found from the rows: they are few, and the issues many."""
    return Q(pk__in=rows.order_by().values("issue"))


def _of_issue(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(issue=OuterRef("pk")).order_by()


def _first(rows: QuerySet[Any], name: str) -> Subquery:
    return Subquery(_of_issue(rows).order_by(name).values(name)[:1])


def running_due() -> Subquery:
    """The nearest date of a running limit."""
    return _first(Clock.objects.filter(stopped_at__isnull=True), "due_on")


def _open_tasks() -> QuerySet[Task]:
    return Task.objects.filter(done_at__isnull=True, round=F("issue__round"))


def _for_liaison(departments: frozenset[int]) -> list[Waiting]:
    led = Q(lead_department_id__in=departments)
    notices = SupervisionNotice.objects.filter(replied_at__isnull=True)
    mine = _open_tasks().filter(department_id__in=departments)
    foreign = _open_tasks().exclude(department_id__in=departments)
    asked = ExtensionRequest.objects.filter(decision=Decision.PENDING)
    ruling = TransferRequest.objects.filter(decision=Decision.PENDING)
    return [
        _kind("supervision", led & Q(status__in=OPEN) & _has(notices), _first(notices, "due_on")),
        _kind("acknowledge", led & Q(status=IssueStatus.ASSIGNED)),
        _kind("rectify", led & Q(status=IssueStatus.RECTIFYING)),
        _kind("task", Q(status__in=HELPING) & _has(mine), _first(mine, "due_on")),
        _kind("others", led & Q(status__in=LEADING) & (_has(foreign) | _has(asked) | _has(ruling))),
    ]


def _for_office(today: date) -> list[Waiting]:
    notices = SupervisionNotice.objects.filter(replied_at__isnull=True, due_on__lt=today)
    asked = ExtensionRequest.objects.filter(decision=Decision.PENDING)
    ruling = TransferRequest.objects.filter(decision=Decision.PENDING)
    look_backs = FollowUp.objects.filter(done_at__isnull=True, due_on__lte=today, round=F("issue__round"))
    unchecked = Screenshot.objects.filter(redaction=Redaction.UNCHECKED)
    return [
        _kind("unanswered", Q(status__in=OPEN) & _has(notices), _first(notices, "due_on")),
        _kind("ruling", Q(status__in=LEADING) & _has(ruling)),
        _kind("extension", Q(status=IssueStatus.RECTIFYING) & _has(asked)),
        _kind("triage", Q(status=IssueStatus.REGISTERED)),
        _kind("verify", Q(status=IssueStatus.AWAITING_VERIFICATION)),
        _kind("look_back", Q(status=IssueStatus.CLOSED) & _has(look_backs), _first(look_backs, "due_on")),
        _kind("pictures", _has(unchecked)),
    ]


def _for_stand_in(user: User, today: date) -> list[Waiting]:
    """What the reform office's own department led: for experience officers of the hall, and who walked it again."""
    walked = WindowSession.objects.filter(
        director=user, purpose=Purpose.VERIFICATION, issue_number=OuterRef("number"), status__in=ENDED
    )
    officers = User.objects.filter(department=OuterRef("lead_department"), role_grants__role=Role.REFORM_OFFICE)
    anywhere = Role.EXPERIENCE_OFFICER in user.grants.everywhere
    mine = Q(hall_id__in=user.grants.halls(Role.EXPERIENCE_OFFICER)) | Q(Exists(walked))
    led = Q(Exists(officers)) if anywhere else mine & Q(Exists(officers))
    passed = Verification.objects.filter(passed=True, round=OuterRef("round"))
    due = FollowUp.objects.filter(done_at__isnull=True, due_on__lte=today, round=F("issue__round"))
    return [
        _kind("verify", led & Q(status=IssueStatus.AWAITING_VERIFICATION) & ~Exists(_of_issue(passed))),
        _kind("look_back", led & Q(status=IssueStatus.CLOSED) & _has(due), _first(due, "due_on")),
    ]


def _kind(name: str, condition: Any, due: Any = None) -> Waiting:
    return Waiting(name, LABELS[name], Q(condition), running_due() if due is None else due)


def waiting_for(user: User, today: date) -> list[Waiting]:
    """Everything that may wait for this person, the most urgent kind first; several roles add up."""
    grants = user.grants
    found: list[Waiting] = []
    if grants.has(Role.LIAISON):
        found += _for_liaison(grants.departments(Role.LIAISON))
    if grants.has(Role.REFORM_OFFICE):
        found += _for_office(today)
    led = grants.departments(Role.DIRECTOR) - grants.departments(Role.LIAISON)
    if led and not grants.has(Role.LIAISON):
        found.append(_kind("acknowledge", Q(status=IssueStatus.ASSIGNED, lead_department_id__in=led)))
    if grants.has(Role.DIRECTOR, Role.EXPERIENCE_OFFICER) and not grants.has(Role.REFORM_OFFICE):
        found += _for_stand_in(user, today)
    if grants.has(Role.DIRECTOR, Role.EXPERIENCE_OFFICER, Role.GUIDE):
        recent = Q(status=IssueStatus.CLOSED, closed_at__date__gte=today - RECENT)
        found.append(_kind("finds", Q(found_by=user) & (Q(status__in=OPEN) | recent)))
    return found


def nothing() -> Q:
    """The condition of a kind of work that this person never has."""
    return Q(pk__in=[])


def condition(name: str, user: User, today: date) -> Q:
    """The condition of one kind of work for this person."""
    return next((kind.condition for kind in waiting_for(user, today) if kind.name == name), nothing())
