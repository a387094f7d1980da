"""What the clock tells people about issues: limits due soon or over, notices not answered, look-backs due.

Each is told once per person, subject and stage; a date that moves begins a new stage.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.choices import Role
from accounts.models import User
from accounts.staff import Staff
from catalog.hours import at_work
from core import clock, workdays
from core.notices import Reminder, remind
from core.workdays import Calendar
from issues.choices import OPEN, ClockKind, IssueStatus
from issues.lights import soon_from
from issues.models import Clock, FollowUp, SupervisionNotice, Task
from issues.waiting import HELPING

DAY = timedelta(days=1)
SOON, OVER = "due_soon", "overdue"
LIMIT_TITLES = {
    SOON: gettext_noop("Issue %(number)s is due on %(day)s: %(title)s"),
    OVER: gettext_noop("Issue %(number)s was due on %(day)s: %(title)s"),
}
TASK_TITLES = {
    SOON: gettext_noop("A task of issue %(number)s is due on %(day)s: %(title)s"),
    OVER: gettext_noop("A task of issue %(number)s was due on %(day)s: %(title)s"),
}
UNANSWERED = gettext_noop("Supervision notice %(notice)s on issue %(number)s was to be answered by %(day)s")
LOOK_BACK = gettext_noop("A look-back at issue %(number)s is due: %(title)s")


def remind_due() -> None:
    """The periodic job: in working hours only."""
    if at_work(clock.now()):
        remind(current())


def current(kind: str = "", staff: Staff | None = None) -> list[Reminder]:
    """Everything that stands now, or what stands of one kind, whoever has been told already."""
    today, staff = clock.today(), staff or Staff.load()
    found: list[Reminder] = []
    if kind in ("", SOON, OVER):
        calendar = workdays.load()
        found += [*_limits(staff, calendar, today), *_tasks(staff, calendar, today)]
    if kind in ("", "unanswered"):
        found += _unanswered(staff, today)
    if kind in ("", "look_back_due"):
        found += _look_backs(staff, today)
    return [one for one in found if kind in ("", one.kind)]


def _reminder(
    kind: str, role: str, key: str, issue: Any, began: date, users: list[User], title: str, **more: Any
) -> Reminder:
    facts = {"number": issue.number, "title": issue.title, **more}
    url = reverse("issues:issue_detail", args=[issue.pk])
    return Reminder(kind, role, key, clock.midnight(began), users, title, url, facts)


def _stage(due_on: date, days: int, calendar: Calendar, today: date) -> tuple[str, date] | None:
    """Which stage a date is in, and since which day; None while there is time."""
    if today > due_on:
        return OVER, due_on + DAY
    began = soon_from(due_on, days, calendar)
    return (SOON, began) if today >= began else None


def _limits(staff: Staff, calendar: Calendar, today: date) -> Iterator[Reminder]:
    running = Clock.objects.filter(stopped_at__isnull=True, paused_at__isnull=True, issue__status__in=OPEN)
    for limit in running.select_related("issue"):
        stage = _stage(limit.due_on, limit.days + limit.extended_days, calendar, today)
        if stage is None:
            continue
        kind, began = stage
        key = f"limit:{limit.pk}:{limit.due_on}:{kind}"
        for role, users in _concerned(limit, staff, kind):
            yield _reminder(kind, role, key, limit.issue, began, users, LIMIT_TITLES[kind], day=f"{limit.due_on}")


def _concerned(limit: Clock, staff: Staff, kind: str) -> Iterator[tuple[str, list[User]]]:
    """A limit of the office's is its own; a department's is its liaison's, and over, its leader's and the office's."""
    if limit.kind == ClockKind.VERIFY:
        yield Role.REFORM_OFFICE.value, staff.office()
        return
    lead = limit.issue.lead_department_id
    yield Role.LIAISON.value, staff.of_department(Role.LIAISON, lead)
    if kind == OVER:
        yield Role.DIRECTOR.value, staff.of_department(Role.DIRECTOR, lead)
        yield Role.REFORM_OFFICE.value, staff.office()


def _tasks(staff: Staff, calendar: Calendar, today: date) -> Iterator[Reminder]:
    rows = Task.objects.filter(done_at__isnull=True, round=F("issue__round"), issue__status__in=HELPING)
    for task in rows.select_related("issue"):
        stage = _stage(task.due_on, 0, calendar, today)
        if stage is None:
            continue
        kind, began = stage
        key, users = f"task:{task.pk}:{task.due_on}:{kind}", staff.of_department(Role.LIAISON, task.department_id)
        title = TASK_TITLES[kind]
        yield _reminder(kind, Role.LIAISON.value, key, task.issue, began, users, title, day=f"{task.due_on}")


def _unanswered(staff: Staff, today: date) -> Iterator[Reminder]:
    rows = SupervisionNotice.objects.filter(replied_at__isnull=True, due_on__lt=today, issue__status__in=OPEN)
    for notice in rows.select_related("issue"):
        lead, facts = notice.issue.lead_department_id, {"notice": notice.number, "day": f"{notice.due_on}"}
        told = {
            Role.LIAISON: staff.of_department(Role.LIAISON, lead),
            Role.DIRECTOR: staff.of_department(Role.DIRECTOR, lead),
            Role.REFORM_OFFICE: staff.office(),
        }
        for role, users in told.items():
            key, began = f"notice:{notice.pk}:over", notice.due_on + DAY
            yield _reminder("unanswered", role.value, key, notice.issue, began, users, UNANSWERED, **facts)


def _look_backs(staff: Staff, today: date) -> Iterator[Reminder]:
    rows = FollowUp.objects.filter(done_at__isnull=True, due_on__lte=today, round=F("issue__round"))
    for row in rows.filter(issue__status=IssueStatus.CLOSED).select_related("issue"):
        key, role = f"look_back:{row.pk}", Role.REFORM_OFFICE.value
        yield _reminder("look_back_due", role, key, row.issue, row.due_on, staff.office(), LOOK_BACK)
