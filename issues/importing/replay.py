"""Replays an imported issue through the services, each act at the moment it happened.

A register that halls keep by hand names three days: found, due, closed. The acts between get their time by rule
(assigned the next working day, acknowledged the day after, submitted one working day before closing), and every
event written so says that it comes from the imported register.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department, User
from core import clock
from core.workdays import Calendar
from issues import services
from issues.choices import IssueStatus, Outcome, VerificationKind
from issues.importing.rows import IssueRow
from issues.models import Issue
from issues.permissions import may_relieve

REACHED = {
    IssueStatus.REGISTERED: 0,
    IssueStatus.ASSIGNED: 1,
    IssueStatus.RECTIFYING: 2,
    IssueStatus.AWAITING_VERIFICATION: 3,
    IssueStatus.CLOSED: 4,
}


@dataclass(frozen=True, slots=True)
class Actors:
    """Who acts in the replay: two officers (four eyes), a liaison for each department, and a neutral verifier.

    The neutral person verifies where the reform office's own department leads.
    """

    officer: User
    second_officer: User
    neutral: User
    liaisons: dict[int, User]

    def liaison(self, department: Department | None) -> User:
        """The liaison of this department."""
        if department is None:
            raise ValueError("An issue that was assigned names its lead department.")
        return self.liaisons[department.pk]


class Timeline:
    """Moments that never run backwards and never lie after `now`."""

    def __init__(self, calendar: Calendar, start: datetime, now: datetime) -> None:
        self.calendar, self.last, self.now = calendar, start, now

    def moment(self, day: date, hour: int, minute: int = 0) -> datetime:
        """This day at this hour, moved so that it follows the last moment and is not in the future."""
        planned = timezone.make_aware(datetime.combine(day, time(hour, minute)))
        self.last = max(min(planned, self.now), self.last + timedelta(seconds=1))
        return self.last

    @contextmanager
    def at(self, day: date, hour: int, minute: int = 0) -> Iterator[datetime]:
        """Run services at that moment."""
        moment = self.moment(day, hour, minute)
        with clock.at(moment):
            yield moment

    def later(self, day: date, working_days: int) -> date:
        return self.calendar.add(day, working_days)

    def earlier(self, day: date, working_days: int) -> date:
        """So many working days before `day`."""
        found = day
        while working_days > 0:
            found -= timedelta(days=1)
            working_days -= self.calendar.is_workday(found)
        return found


@dataclass(frozen=True, slots=True)
class Schedule:
    """The days of the acts of one row."""

    assigned: date
    acknowledged: date
    submitted: date
    verified: date


def schedule(row: IssueRow, line: Timeline) -> Schedule:
    """The days between found and closed, by the rule above. Late work shows as late: it is taken from `due_on`."""
    today = timezone.localdate(line.now)
    assigned = line.later(row.found_on, 1)
    if row.status == IssueStatus.ASSIGNED and row.due_on and row.due_on >= today:
        assigned = line.earlier(today, 1)
    acknowledged = line.later(assigned, 2 if row.serial % 6 == 5 else 1)
    if row.closed_on:
        submitted = line.earlier(row.closed_on, 1)
        return Schedule(min(assigned, submitted), min(acknowledged, submitted), submitted, row.closed_on)
    submitted = line.earlier(today, 1 + row.serial % 6)
    return Schedule(assigned, acknowledged, submitted, submitted)


def advance(issue: Issue, row: IssueRow, line: Timeline, actors: Actors) -> Issue:
    """Bring a registered issue to the state its row names."""
    steps = REACHED[row.status] if not row.returned else REACHED[IssueStatus.AWAITING_VERIFICATION]
    plan = schedule(row, line)
    if steps >= 1:
        issue = _assign(issue, row, line, actors, plan)
    if steps >= 2:
        with line.at(plan.acknowledged, 10, row.serial % 50):
            issue = services.acknowledge(issue, actors.liaison(row.lead))
    if steps >= 3:
        issue = _submit(issue, row, line, actors, plan)
    if row.returned:
        with line.at(line.later(plan.submitted, 1), 15):
            reason = row.measures or _("The measures do not answer what was found.")
            issue = services.return_for_rework(issue, actors.officer, note=reason, due_on=_still_to_come(row, line))
    if steps >= 4:
        issue = _close(issue, row, line, actors, plan)
    return issue


def _still_to_come(row: IssueRow, line: Timeline) -> date | None:
    """The agreed day, if it has not passed when the work comes back."""
    return row.due_on if row.due_on and row.due_on >= timezone.localdate(line.last) else None


def _assigner(issue: Issue, lead: Department, actors: Actors) -> User:
    """The second officer where the first one took part and would spare the own department."""
    spares = lead.pk != actors.officer.department_id and not may_relieve(actors.officer, issue)
    return actors.second_officer if spares else actors.officer


def _assign(issue: Issue, row: IssueRow, line: Timeline, actors: Actors, plan: Schedule) -> Issue:
    if row.lead is None:
        raise ValueError("An issue that was assigned names its lead department.")
    days = line.calendar.between(plan.acknowledged, row.due_on) if row.due_on else 10
    agreed = row.due_on if row.due_on and row.due_on >= plan.assigned else None
    officer = _assigner(issue, row.lead, actors)
    with line.at(plan.assigned, 9, 30):
        issue = services.assign(issue, officer, lead_department=row.lead, rectify_days=max(0, days), due_on=agreed)
        for department in row.supporting:
            services.add_task(
                issue,
                officer,
                department=department,
                title=_("Help to put right: %(title)s") % {"title": row.title[:100]},
                due_on=agreed or line.later(plan.acknowledged, 5),
            )
    return issue


def finish_tasks(issue: Issue, line: Timeline, actors: Actors, day: date, count: int | None = None) -> None:
    """The supporting departments report their tasks as done."""
    for task in issue.tasks.filter(done_at__isnull=True)[:count]:
        with line.at(day, 11):
            done = _("Done, the lead has been told.")
            services.finish_task(issue, actors.liaison(task.department), task=task, result=done)


def _submit(issue: Issue, row: IssueRow, line: Timeline, actors: Actors, plan: Schedule) -> Issue:
    finish_tasks(issue, line, actors, line.earlier(plan.submitted, 1))
    with line.at(plan.submitted, 15, row.serial % 50):
        measures = row.measures if row.measures and not row.returned else row.suggestion or row.title
        return services.submit_rectification(
            issue,
            actors.liaison(row.lead),
            measures=[measures],
            outcome=Outcome.SOLVED,
            evidence_note=_("As noted in the imported register: %(text)s") % {"text": measures},
        )


def _close(issue: Issue, row: IssueRow, line: Timeline, actors: Actors, plan: Schedule) -> Issue:
    with line.at(plan.verified, 14):
        verifier = actors.neutral if issue.led_by_reform_office else actors.officer
        services.verify(
            issue,
            verifier,
            kind=VerificationKind.DOCUMENT_CHECK,
            passed=True,
            note=_("Checked against the guide and the system: in force."),
        )
    with line.at(plan.verified, 16, 30):
        return services.close_out(issue, actors.second_officer)
