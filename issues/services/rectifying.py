"""While the lead department works: tasks of others, more time, rest, and handing in."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain, repeat
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.choices import Role
from accounts.models import Department, User
from core import clock
from core.doors import lock
from core.images import Box
from issues import clocks
from issues.choices import ClockKind, Decision, EvidenceKind, Outcome
from issues.conditions import running_rectify
from issues.models import ExtensionRequest, Issue, Rectification, Task
from issues.services import people
from issues.services.acting import apply_act, check_start
from issues.services.evidence import add_screenshot

MIN_EVIDENCE = 10
"""Characters that evidence in words has at least: the name of a document and where it lies."""


def add_task(
    issue: Issue,
    actor: User,
    *,
    department: Department,
    title: str,
    due_on: date,
    version: int | None = None,
) -> Issue:
    """Give a supporting department a task with its own date. The lead cannot hand in while it is open."""
    with apply_act(issue, "add_task", actor, version, title) as act:
        if department.pk == act.issue.lead_department_id:
            raise ValidationError({"department": _("This department leads. Choose a supporting one.")})
        _check_working_day(act.issue, due_on, "due_on")
        task = Task.objects.create(
            issue=act.issue,
            round=act.issue.round,
            department=department,
            title=title,
            due_on=due_on,
            created_by=actor,
            created_at=clock.now(),
        )
        act.data = {"task": task.pk, "department": department.code, "due_on": due_on}
        act.tell(people.liaisons(department), gettext_noop("A task of issue %(number)s is yours: %(title)s"), title)
    return act.issue


def _check_working_day(issue: Issue, day: date, name: str) -> None:
    calendar = clocks.calendar_for(issue)
    if day < clock.today():
        raise ValidationError({name: _("This date has passed. Choose a working day to come.")})
    if not calendar.is_workday(day):
        facts = {"day": date_format(calendar.next_workday(day), "Y-m-d")}
        raise ValidationError({name: _("Nobody works on this day. Choose %(day)s.") % facts})


def finish_task(issue: Issue, actor: User, *, task: Task, result: str, version: int | None = None) -> Issue:
    """A supporting department reports its task done; the lead is told."""
    with apply_act(issue, "finish_task", actor, version, result) as act:
        row = lock(task)
        mine = actor.grants.departments(Role.LIAISON)
        if row.issue_id != act.issue.pk or row.department_id not in mine or row.done_at is not None:
            raise ValidationError({"task": _("Choose an open task of your department.")})
        row.done_at, row.done_by, row.result, row.version = clock.now(), actor, result, row.version + 1
        row.save(update_fields=["done_at", "done_by", "result", "version"])
        act.data = {"task": row.pk, "department": row.department.code, "in_time": clock.today() <= row.due_on}
        lead = people.liaisons(act.issue.lead_department)
        act.tell(lead, gettext_noop("A task of issue %(number)s is done: %(title)s"), result)
    return act.issue


def submit_rectification(
    issue: Issue,
    actor: User,
    *,
    measures: Sequence[str],
    outcome: str,
    evidence_note: str = "",
    legal_basis: str = "",
    note: str = "",
    pictures: Sequence[Any] = (),
    boxes: Sequence[Sequence[Box]] = (),
    no_personal_data: bool = False,
    version: int | None = None,
) -> Issue:
    """Hand in what was done: measures, outcome, and evidence (an AFTER picture of this round, or words that name it).

    EXPLAINED needs the rule that forbids more. `pictures` are uploads that are kept as AFTER pictures before, all or
    none, with `boxes` burnt into each. Stops the clock to rectify, starts the one to verify.
    """
    kept = [measure.strip() for measure in measures if measure.strip()]
    if pictures:
        _check_handed_in(kept, outcome, legal_basis, evidence=True)
    with transaction.atomic():
        if pictures:
            check_start(lock(issue), "submit_rectification", actor, version)
            _keep_evidence(issue, actor, zip(pictures, chain(boxes, repeat(())), strict=False), no_personal_data)
            version = None  # the check above stands: nobody else writes while the row is locked
        return _hand_in(issue, actor, kept, outcome, evidence_note, legal_basis, note, version)


def _keep_evidence(
    issue: Issue, actor: User, pictures: Iterable[tuple[Any, Sequence[Box]]], no_personal_data: bool
) -> None:
    for upload, drawn in pictures:
        try:
            facts: dict[str, Any] = {"kind": EvidenceKind.AFTER, "no_personal_data": no_personal_data}
            add_screenshot(actor, upload, issue=issue, boxes=drawn, **facts)
        except ValidationError as error:
            raise ValidationError({"pictures": f"{upload.name}: {' '.join(error.messages)}"}) from error


def _hand_in(
    issue: Issue,
    actor: User,
    kept: list[str],
    outcome: str,
    evidence_note: str,
    legal_basis: str,
    note: str,
    version: int | None,
) -> Issue:
    with apply_act(issue, "submit_rectification", actor, version, note) as act:
        pictures = act.issue.screenshots.filter(kind=EvidenceKind.AFTER, round=act.issue.round)
        hashes = list(pictures.values_list("sha256", flat=True))
        _check_handed_in(kept, outcome, legal_basis, bool(hashes) or len(evidence_note) >= MIN_EVIDENCE)
        clocks.stop(act.issue, ClockKind.RECTIFY, note=str(act.row.label))
        row = Rectification.objects.create(
            issue=act.issue,
            round=act.issue.round,
            measures=kept,
            outcome=outcome,
            legal_basis=legal_basis,
            evidence_note=evidence_note,
            submitted_by=actor,
            submitted_at=clock.now(),
        )
        act.set(outcome=outcome)
        act.data = {"rectification": row.pk, "measures": kept, "outcome": outcome, "evidence": hashes}
        clocks.start(act.issue, ClockKind.VERIFY)
        act.tell(
            people.officers(), gettext_noop("Issue %(number)s is ready to be verified: %(title)s"), "; ".join(kept)
        )
    return act.issue


def _check_handed_in(measures: Sequence[str], outcome: str, legal_basis: str, evidence: bool) -> None:
    missing: dict[str, str] = {}
    if not measures:
        missing["measures"] = _("Name at least one measure.")
    if outcome not in Outcome.values:
        missing["outcome"] = _("Say what was achieved.")
    if outcome == Outcome.EXPLAINED and not legal_basis:
        missing["legal_basis"] = _("Name the rule that forbids more.")
    if not evidence:
        missing["evidence_note"] = _("Add a picture taken afterwards, or name the document in at least 10 characters.")
    if missing:
        raise ValidationError(missing)


def suspend(
    issue: Issue, actor: User, *, cause: str, review_on: date, note: str = "", version: int | None = None
) -> Issue:
    """Let the limit rest for a listed cause until a review date; a light that is red stays red."""
    with apply_act(issue, "suspend", actor, version, note) as act:
        if review_on <= clock.today():
            raise ValidationError({"review_on": _("Choose a day to come.")})
        _check_working_day(act.issue, review_on, "review_on")
        act.set(suspend_cause=cause, review_on=review_on)
        act.data = {"cause": cause, "review_on": review_on}
        clocks.pause(act.issue, ClockKind.RECTIFY)
        lead = people.liaisons(act.issue.lead_department)
        act.tell(lead, gettext_noop("The limit of issue %(number)s rests: %(title)s"), note)
    return act.issue


def resume(issue: Issue, actor: User, *, note: str = "", version: int | None = None) -> Issue:
    """End the rest: the due date has moved on by the working days of the rest."""
    with apply_act(issue, "resume", actor, version, note) as act:
        limit = clocks.resume(act.issue, ClockKind.RECTIFY)
        act.set(suspend_cause="", review_on=None)
        act.data = {"due_on": limit.due_on if limit else None}
        lead = people.liaisons(act.issue.lead_department)
        act.tell(lead, gettext_noop("The limit of issue %(number)s runs again: %(title)s"), note)
    return act.issue


def request_extension(issue: Issue, actor: User, *, days: int, reason: str, version: int | None = None) -> Issue:
    """Ask for more working days before the limit is due; the reform office decides."""
    with apply_act(issue, "request_extension", actor, version, reason) as act:
        limit = running_rectify(act.issue)
        assert limit is not None  # noqa: S101 - a condition of this act
        if days < 1:
            raise ValidationError({"days": _("Ask for at least one working day.")})
        request = ExtensionRequest.objects.create(
            issue=act.issue, clock=limit, days=days, reason=reason, requested_by=actor, requested_at=clock.now()
        )
        act.data = {"request": request.pk, "days": days}
        act.tell(people.officers(), gettext_noop("More time is asked for issue %(number)s: %(title)s"), reason)
    return act.issue


def decide_extension(issue: Issue, actor: User, *, granted: bool, note: str, version: int | None = None) -> Issue:
    """Grant or refuse more time. Granted, the due date moves on by the working days asked for."""
    with apply_act(issue, "decide_extension", actor, version, note) as act:
        request = act.issue.extension_requests.filter(decision=Decision.PENDING).select_for_update().get()
        request.decision = Decision.GRANTED if granted else Decision.REFUSED
        request.decided_by, request.decided_at, request.decision_note = actor, clock.now(), note
        request.save(update_fields=["decision", "decided_by", "decided_at", "decision_note"])
        if granted:
            clocks.extend(request.clock, request.days)
        act.data = {"request": request.pk, "granted": granted, "days": request.days, "due_on": request.clock.due_on}
        lead = people.liaisons(act.issue.lead_department)
        act.tell(lead, gettext_noop("It is decided on more time for issue %(number)s: %(title)s"), note)
    return act.issue
