"""From the reform office's desk to the right department's: assign, reject, merge, and what the department answers."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Department, User
from core import clock
from issues import clocks
from issues.choices import ClockKind, Decision, IssueStatus
from issues.conditions import open_tasks
from issues.models import Issue, Task, TransferRequest
from issues.permissions import may_relieve
from issues.services import people
from issues.services.acting import Act, apply_act

WHOLE_ISSUE = gettext_noop("Report what your department does about issue %(number)s")


def assign(
    issue: Issue,
    actor: User,
    *,
    lead_department: Department,
    rectify_days: int,
    due_on: date | None = None,
    supporting: Iterable[Department] = (),
    needing_department: Department | None = None,
    holding_departments: Iterable[Department] | None = None,
    note: str = "",
    version: int | None = None,
) -> Issue:
    """Hand the issue to a lead department with a class of limit (working days) or an agreed date `due_on`.

    Each supporting department gets a task of its own; the seam is set where it is given. Starts the clock to
    acknowledge; the lead's liaisons are told.
    """
    with apply_act(issue, "assign", actor, version, note) as act:
        supporters = [department for department in supporting if department != lead_department]
        _check_agreed(due_on)
        _check_own_spared(act, lead_department)
        act.set(lead_department=lead_department, rectify_days=rectify_days, agreed_due_on=due_on)
        if needing_department is not None:
            act.set(needing_department=needing_department)
        if holding_departments is not None:
            act.issue.holding_departments.set(holding_departments)
        for department in supporters:
            _give_task(act, department, rectify_days, due_on)
        act.data = {
            "lead": lead_department.code,
            "rectify_days": rectify_days,
            "due_on": due_on,
            "supporting": [department.code for department in supporters],
        }
        hand_over(act)
    return act.issue


def _check_agreed(due_on: date | None) -> None:
    if due_on is not None and due_on < clock.today():
        raise ValidationError({"due_on": _("This date has passed. Choose a working day to come.")})


def _check_own_spared(act: Act, lead: Department) -> None:
    """Anybody may burden the own department; sparing it is for an officer who took no part."""
    if lead.pk != act.actor.department_id and not may_relieve(act.actor, act.issue):
        reason = _("Your own department is concerned and you took part. Another officer gives this to another one.")
        raise ValidationError({"lead_department": reason})


def _give_task(act: Act, department: Department, days: int, due_on: date | None) -> None:
    due = due_on or clocks.calendar_for(act.issue).add(clock.today(), days)
    Task.objects.create(
        issue=act.issue,
        round=act.issue.round,
        department=department,
        title=_(WHOLE_ISSUE) % {"number": act.issue.number},
        due_on=due,
        created_by=act.actor,
        created_at=clock.now(),
    )
    act.tell(people.liaisons(department), gettext_noop("A task of issue %(number)s is yours: %(title)s"), act.note)


def hand_over(act: Act) -> None:
    """Start the lead's clock to acknowledge and tell its liaisons by when."""
    limit = clocks.start(act.issue, ClockKind.ACKNOWLEDGE)
    act.tell(
        people.liaisons(act.issue.lead_department),
        gettext_noop("Acknowledge issue %(number)s by %(due)s: %(title)s"),
        act.note,
        due=date_format(limit.due_on, "Y-m-d"),
    )


def reject(issue: Issue, actor: User, *, reason: str, note: str, version: int | None = None) -> Issue:
    """Do not accept, with a listed reason and an explanation for the raiser, who keeps seeing the issue."""
    with apply_act(issue, "reject", actor, version, note) as act:
        act.set(reject_reason=reason)
        act.data = {"reason": reason}
        _end_contact(act)
        act.tell(people.raisers(act.issue), gettext_noop("Issue %(number)s was not accepted: %(title)s"), note)
    return act.issue


@transaction.atomic
def merge(issue: Issue, actor: User, *, into: Issue, note: str = "", version: int | None = None) -> Issue:
    """Count this issue with another one; scene, pictures and raiser stay with it, and it names the other.

    Both rows are locked, the lower key first, so that two merges at once can neither wait for each other nor make a
    circle: the other one is judged as it stands now.
    """
    into = _lock_both(issue, into)
    with apply_act(issue, "merge", actor, version, note) as act:
        if _counted_with(act.issue, into) or into.status in {IssueStatus.MERGED, IssueStatus.REJECTED}:
            raise ValidationError({"into": _("Choose another issue that is still counted.")})
        act.set(merged_into=into)
        act.data = {"into": into.number}
        _end_contact(act)
        title = gettext_noop("Issue %(number)s is dealt with together with %(other)s: %(title)s")
        act.tell(people.raisers(act.issue), title, note, other=into.number)
    return act.issue


def _lock_both(issue: Issue, into: Issue) -> Issue:
    """Lock both issues in the order of their keys; the other one as it stands now."""
    rows = Issue.objects.select_for_update(of=("self",)).filter(pk__in={issue.pk, into.pk}).order_by("pk")
    found: Issue = {row.pk: row for row in rows}[into.pk]
    return found


def _counted_with(issue: Issue, into: Issue) -> bool:
    """Whether `into` is this issue itself or is counted, over however many others, with it."""
    passed: set[int] = set()
    other: Issue | None = into
    while other is not None and other.pk not in passed:
        if other.pk == issue.pk:
            return True
        passed.add(other.pk)
        other = other.merged_into
    return False


def _end_contact(act: Act) -> None:
    clocks.stop(act.issue, ClockKind.CONTACT, done=False, note=str(act.row.label))


def acknowledge(issue: Issue, actor: User, *, note: str = "", version: int | None = None) -> Issue:
    """The lead takes the issue on: the clock to acknowledge stops, the one to rectify starts."""
    with apply_act(issue, "acknowledge", actor, version, note) as act:
        clocks.stop(act.issue, ClockKind.ACKNOWLEDGE)
        limit = start_rectify(act)
        act.data = {"due_on": limit}
    return act.issue


def start_rectify(act: Act, days: int | None = None, due_on: date | None = None) -> date:
    """Start the limit to rectify: the days or date given, else what was agreed at assignment. Returns the due date.

    An agreed date that has passed meanwhile gives way to the class of the limit.
    """
    agreed = due_on or (act.issue.agreed_due_on if days is None else None)
    if agreed is not None and agreed < clock.today():
        agreed = None
    days = act.issue.rectify_days if days is None else days
    return clocks.start(act.issue, ClockKind.RECTIFY, days=days or 0, due_on=agreed).due_on


def leave(act: Act, note: str) -> None:
    """The limits of the department that loses the issue: missed ones stay missed, open ones count for nobody."""
    for kind in (ClockKind.ACKNOWLEDGE, ClockKind.RECTIFY):
        clocks.stop(act.issue, kind, done=False, note=note)


def transfer(issue: Issue, actor: User, *, to: Department, note: str, version: int | None = None) -> Issue:
    """Pass the issue on with a reason. Within the budget it moves at once; beyond it the reform office must rule."""
    with apply_act(issue, "transfer", actor, version, note) as act:
        giver = act.issue.lead_department
        if giver is None or to == giver:
            raise ValidationError({"to": _("Your department leads already. Choose another one.")})
        act.data = {"from": giver.code, "to": to.code}
        if act.issue.transfers_used >= clocks.current_rule().transfer_budget:
            _ask_for_ruling(act, giver, to)
        else:
            move_lead(act, to)
            act.set(transfers_used=act.issue.transfers_used + 1)
    return act.issue


def move_lead(act: Act, to: Department) -> None:
    """Make `to` the lead; it has to acknowledge for itself. Its own supporting tasks end: nobody waits for oneself."""
    leave(act, str(act.row.label))
    _end_tasks(act, [task for task in open_tasks(act.issue) if task.department_id == to.pk])
    act.set(lead_department=to)
    act.issue.__dict__.pop("led_by_reform_office", None)
    hand_over(act)


def _ask_for_ruling(act: Act, giver: Department, to: Department) -> None:
    act.target = None
    request = TransferRequest.objects.create(
        issue=act.issue,
        from_department=giver,
        to_department=to,
        reason=act.note,
        requested_by=act.actor,
        requested_at=clock.now(),
    )
    act.data |= {"request": request.pk}
    act.tell(people.officers(), gettext_noop("Rule who leads issue %(number)s: %(title)s"), act.note)


def rule_transfer(
    issue: Issue, actor: User, *, lead_department: Department, note: str, version: int | None = None
) -> Issue:
    """Decide a transfer beyond the budget by naming the lead. The same lead again means: it stays where it is."""
    with apply_act(issue, "rule_transfer", actor, version, note) as act:
        request = act.issue.transfer_requests.filter(decision=Decision.PENDING).select_for_update().get()
        keeps = lead_department.pk == act.issue.lead_department_id
        request.decision = Decision.REFUSED if keeps else Decision.GRANTED
        request.ruled_lead, request.decided_by = lead_department, actor
        request.decided_at, request.decision_note = clock.now(), note
        request.save(update_fields=["decision", "ruled_lead", "decided_by", "decided_at", "decision_note"])
        act.data = {"request": request.pk, "from": request.from_department.code, "to": lead_department.code}
        if keeps:
            act.target = None
        else:
            move_lead(act, lead_department)
        act.tell(
            people.liaisons(request.from_department),
            gettext_noop("It is decided who leads issue %(number)s: %(title)s"),
            note,
        )
    return act.issue


def send_back(
    issue: Issue, actor: User, *, note: str, proposed: Department | None = None, version: int | None = None
) -> Issue:
    """Refuse a wrong assignment with the reason and, if known, who should lead; the reform office assigns again."""
    with apply_act(issue, "send_back", actor, version, note) as act:
        giver = act.issue.lead_department
        act.data = {"from": giver.code if giver else "", "proposed": proposed.code if proposed else ""}
        leave(act, str(act.row.label))
        act.set(lead_department=None)
        _close_requests(act)
        act.tell(people.officers(), gettext_noop("Issue %(number)s came back: %(title)s"), note)
    return act.issue


def _end_tasks(act: Act, tasks: Iterable[Task]) -> None:
    """Nobody has done these; the act that ended them stands as their result."""
    for task in tasks:
        task.done_at, task.result, task.version = clock.now(), str(act.row.label), task.version + 1
        task.save(update_fields=["done_at", "result", "version"])


def _close_requests(act: Act) -> None:
    """A pending ruling is answered by the issue coming back; open tasks of the failed assignment end with it."""
    _end_tasks(act, open_tasks(act.issue))
    act.issue.transfer_requests.filter(decision=Decision.PENDING).update(
        decision=Decision.REFUSED, decided_by=act.actor, decided_at=clock.now(), decision_note=str(act.row.label)
    )
