"""The reform office presses on, the lead answers, people talk: acts that leave the state alone."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from core import clock
from core.doors import lock
from issues import clocks
from issues.models import Issue, SupervisionNotice
from issues.services import numbers, people
from issues.services.acting import apply_act


def remind(issue: Issue, actor: User, *, note: str = "", version: int | None = None) -> Issue:
    """Ask the lead department's liaisons to move on."""
    with apply_act(issue, "remind", actor, version, note) as act:
        lead = people.liaisons(act.issue.lead_department)
        act.tell(lead, gettext_noop("Reminder for issue %(number)s: %(title)s"), note)
    return act.issue


def supervise(issue: Issue, actor: User, *, colour: str, text: str, due_on: date, version: int | None = None) -> Issue:
    """Issue a numbered blue, orange or red notice; leaders and liaisons of the lead are told by when to answer."""
    with apply_act(issue, "supervise", actor, version, text) as act:
        if due_on < clock.today() or not clocks.calendar_for(act.issue).is_workday(due_on):
            raise ValidationError({"due_on": _("Choose a working day, today or later.")})
        notice = SupervisionNotice.objects.create(
            issue=act.issue,
            number=numbers.take("supervision"),
            colour=colour,
            text=text,
            issued_by=actor,
            issued_at=clock.now(),
            due_on=due_on,
        )
        act.data = {"notice": notice.number, "colour": colour, "due_on": due_on}
        lead = act.issue.lead_department
        act.tell(
            [*people.liaisons(lead), *people.directors(lead)],
            gettext_noop("Supervision notice %(notice)s on issue %(number)s, answer by %(due)s: %(title)s"),
            text,
            notice=notice.number,
            due=date_format(due_on, "Y-m-d"),
        )
    return act.issue


def answer_supervision(
    issue: Issue, actor: User, *, notice: SupervisionNotice, reply: str, version: int | None = None
) -> Issue:
    """The lead department answers a notice, once."""
    with apply_act(issue, "answer_supervision", actor, version, reply) as act:
        row = lock(notice)
        if row.issue_id != act.issue.pk or row.replied_at is not None:
            raise ValidationError({"notice": _("Choose a notice that waits for an answer.")})
        row.reply, row.replied_by, row.replied_at = reply, actor, clock.now()
        row.save(update_fields=["reply", "replied_by", "replied_at"])
        act.data = {"notice": row.number, "in_time": clock.today() <= row.due_on}
        title = gettext_noop("Supervision notice %(notice)s on issue %(number)s is answered: %(title)s")
        act.tell([row.issued_by], title, reply, notice=row.number)
    return act.issue


def coordinate(issue: Issue, actor: User, *, participants: str, agreed: str, version: int | None = None) -> Issue:
    """Record an on-site meeting: who met and what was agreed."""
    with apply_act(issue, "coordinate", actor, version, agreed) as act:
        act.data = {"participants": participants}
        act.tell(
            people.liaisons(act.issue.lead_department),
            gettext_noop("An on-site meeting on issue %(number)s is on record: %(title)s"),
            agreed,
        )
    return act.issue


def comment(issue: Issue, actor: User, *, note: str, version: int | None = None) -> Issue:
    """Say something to those who work on the issue."""
    with apply_act(issue, "comment", actor, version, note) as act:
        lead = people.liaisons(act.issue.lead_department)
        act.tell([*lead, *people.raisers(act.issue)], gettext_noop("A comment on issue %(number)s: %(title)s"), note)
    return act.issue


@transaction.atomic
def recompute(issue: Issue, actor: User, *, note: str) -> Issue:
    """Count the running limits again after the calendar has changed; written down only where a date has moved."""
    held = lock(issue)
    moved = [row for row in held.clocks.filter(stopped_at__isnull=True) if clocks.recompute(row, note)]
    if not moved:
        return issue
    with apply_act(issue, "recompute", actor, None, note) as act:
        act.data = {row.kind: row.due_on for row in moved}
    return act.issue
