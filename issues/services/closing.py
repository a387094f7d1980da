"""From the verifier's record to the close-out sheet, and back again when it does not hold."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from core import clock
from core.doors import lock
from issues import clocks
from issues.choices import Answer, ClockKind, FollowUpKind, IssueStatus, VerificationKind
from issues.conditions import last_rectification, passed_verification
from issues.models import FollowUp, Issue, Rectification, Verification
from issues.permissions import fixed_it, of_lead_department
from issues.services import numbers, people
from issues.services.acting import Act, apply_act
from issues.services.triage import start_rectify
from sessions.choices import Purpose
from sessions.figures import figures
from sessions.models import HandledCase


def verify(
    issue: Issue,
    actor: User,
    *,
    kind: str,
    note: str,
    passed: bool = False,
    answer: str = "",
    case: HandledCase | None = None,
    baseline: HandledCase | None = None,
    version: int | None = None,
) -> Issue:
    """A neutral person's record on what was handed in last.

    RE_WALK needs an ended verification case of the same item, walked after that by nobody of the lead department and
    nobody who had a hand in it; its figures are frozen beside those of `baseline` (the case of the scene by default).
    RETURN_VISIT passes only on the answer yes; DOCUMENT_CHECK and RE_WALK by the verifier's judgement.
    """
    with apply_act(issue, "verify", actor, version, note) as act:
        walked, before = _walks(act.issue, kind, case, baseline)
        passed = _passed_by(answer) if kind == VerificationKind.RETURN_VISIT else passed
        row = Verification.objects.create(
            issue=act.issue,
            round=act.issue.round,
            rectification=last_rectification(act.issue),
            kind=kind,
            passed=passed,
            answer=answer if kind == VerificationKind.RETURN_VISIT else "",
            note=note,
            verifier=actor,
            verifier_department=actor.department,
            verified_at=clock.now(),
            case=walked,
            baseline=before,
            comparison=compare(before, walked),
        )
        act.data = {"verification": row.pk, "kind": kind, "passed": passed, "answer": row.answer}
        act.data |= {"walker": walked.window_session.director.display_name} if walked else {}
        act.tell(people.officers(), gettext_noop("Issue %(number)s has been verified: %(title)s"), note)
    return act.issue


def _walks(
    issue: Issue, kind: str, case: HandledCase | None, baseline: HandledCase | None
) -> tuple[HandledCase | None, HandledCase | None]:
    """The re-walk and the walk it is compared with; neither for the other ways of verification."""
    if kind != VerificationKind.RE_WALK:
        return None, None
    _check_walk(issue, case, last_rectification(issue))
    before = baseline or issue.handled_case
    if baseline is not None and (baseline.item_id != issue.item_id or baseline.ended_at is None):
        raise ValidationError({"baseline": _("Compare with an ended walk of the same service item.")})
    return case, before


def _check_walk(issue: Issue, case: HandledCase | None, handed_in: Rectification | None) -> None:
    if case is None or case.purpose != Purpose.VERIFICATION or case.item_id != issue.item_id:
        raise ValidationError({"case": _("Choose a verification walk of the same service item.")})
    if case.ended_at is None or case.abandoned:
        raise ValidationError({"case": _("This walk has not ended. Finish it first.")})
    if handed_in is not None and case.started_at < handed_in.submitted_at:
        raise ValidationError({"case": _("This walk is older than the rectification. Walk it again.")})
    walker = case.window_session.director
    if case.window_session.home_department_id == issue.lead_department_id or of_lead_department(walker, issue):
        raise ValidationError({"case": _("The lead department walked this itself. Somebody else has to.")})
    if fixed_it(walker, issue):
        raise ValidationError({"case": _("Choose somebody of another department who had no hand in it.")})


def _passed_by(answer: str) -> bool:
    if answer not in Answer.values:
        raise ValidationError({"answer": _("Note the answer: yes, partly or no.")})
    return answer == Answer.YES


def compare(before: HandledCase | None, after: HandledCase | None) -> list[dict[str, Any]]:
    """The figures of both walks side by side, to be frozen: `[{"name", "before", "after"}]`; None where unknown.

    The last row, `window`, says where each was walked.
    """
    if after is None:
        return []
    new = asdict(figures(after))
    old = asdict(figures(before)) if before is not None else {}
    rows = [{"name": name, "before": old.get(name), "after": value} for name, value in new.items()]
    return [*rows, {"name": "window", "before": _place(before), "after": _place(after)}]


def _place(case: HandledCase | None) -> str | None:
    """The window at which it was walked, as people name it."""
    return None if case is None else str(case.window_session.window)


def return_for_rework(
    issue: Issue,
    actor: User,
    *,
    note: str,
    rectify_days: int | None = None,
    due_on: date | None = None,
    version: int | None = None,
) -> Issue:
    """Hand the work back with the reason and a new limit; what was handed in stays on record as returned."""
    with apply_act(issue, "return_for_rework", actor, version, note) as act:
        clocks.stop(act.issue, ClockKind.VERIFY, note=str(act.row.label))
        handed_in = last_rectification(act.issue)
        if handed_in is not None:
            handed_in.returned_at, handed_in.return_reason = clock.now(), note
            handed_in.save(update_fields=["returned_at", "return_reason"])
        _rectify_again(act, rectify_days, due_on)
        lead = people.liaisons(act.issue.lead_department)
        act.tell(lead, gettext_noop("Issue %(number)s came back for rework: %(title)s"), note)
    return act.issue


def _rectify_again(act: Act, rectify_days: int | None, due_on: date | None) -> None:
    if due_on is not None and due_on < clock.today():
        raise ValidationError({"due_on": _("This date has passed. Choose a working day to come.")})
    days = act.issue.rectify_days if rectify_days is None else rectify_days
    act.set(outcome="", rectify_days=days, agreed_due_on=due_on)
    act.data |= {"due_on": start_rectify(act, days, due_on), "round": act.issue.round}


def close_out(issue: Issue, actor: User, *, note: str = "", version: int | None = None) -> Issue:
    """Close out on a neutral verifier's passed record; gives the sheet its number and plans the look-backs."""
    with apply_act(issue, "close_out", actor, version, note) as act:
        record = passed_verification(act.issue)
        assert record is not None  # noqa: S101 - a condition of this act
        number = numbers.close_out_number()
        clocks.stop(act.issue, ClockKind.VERIFY, note=str(act.row.label))
        clocks.stop(act.issue, ClockKind.CONTACT, done=False, note=str(act.row.label))
        act.set(closed_at=clock.now(), close_out_number=number)
        _plan_look_backs(act.issue)
        act.data = {
            "number": number,
            "verification": record.pk,
            "outcome": act.issue.outcome,
            "second_officer": act.issue.led_by_reform_office,
        }
        concerned = [*people.raisers(act.issue), *people.liaisons(act.issue.lead_department)]
        act.tell(concerned, gettext_noop("Issue %(number)s is closed out: %(title)s"), note)
    return act.issue


def _plan_look_backs(issue: Issue) -> None:
    for kind, due_on in clocks.look_backs(clocks.current_rule(), clocks.calendar_for(issue), clock.today()):
        FollowUp.objects.create(issue=issue, round=issue.round, kind=kind, due_on=due_on)


def reopen(
    issue: Issue,
    actor: User,
    *,
    note: str,
    rectify_days: int | None = None,
    due_on: date | None = None,
    version: int | None = None,
) -> Issue:
    """Open a finished issue again, with the reason. From CLOSED a new round begins; the others stay as they were."""
    with apply_act(issue, "reopen", actor, version, note) as act:
        if not note.strip():
            raise ValidationError({"note": _("Say what does not hold.")})
        if act.issue.status == IssueStatus.CLOSED:
            act.data = {"closed_before": act.issue.close_out_number}
            act.set(round=act.issue.round + 1, closed_at=None, close_out_number="")
            _rectify_again(act, rectify_days, due_on)
        else:
            act.set(reject_reason="", merged_into=None)
        concerned = [*people.raisers(act.issue), *people.liaisons(act.issue.lead_department)]
        act.tell(concerned, gettext_noop("Issue %(number)s is open again: %(title)s"), note)
    return act.issue


@transaction.atomic
def look_back(
    issue: Issue, actor: User, *, follow_up: FollowUp, holds: bool, note: str, version: int | None = None
) -> Issue:
    """Record whether the result still holds; if it does not, the issue opens again with that text.

    A failure counts on any day. That it holds after 30 or 90 days can be said once they have passed; a sample has no
    day before which it cannot.
    """
    with apply_act(issue, "look_back", actor, version, note) as act:
        row = lock(follow_up)
        if row.issue_id != act.issue.pk or row.done_at is not None or row.round != act.issue.round:
            raise ValidationError({"follow_up": _("Choose a look-back that is still open.")})
        if not holds and not note.strip():
            raise ValidationError({"note": _("Say what does not hold.")})
        if holds and row.kind != FollowUpKind.SAMPLE and clock.today() < row.due_on:
            day = date_format(row.due_on, "Y-m-d")
            text = _("Whether it still holds can be said from %(day)s; until then only that it does not.")
            raise ValidationError({"holds": text % {"day": day}})
        row.done_at, row.done_by, row.holds, row.note = clock.now(), actor, holds, note
        row.save(update_fields=["done_at", "done_by", "holds", "note"])
        act.data = {"follow_up": row.pk, "kind": row.kind, "holds": holds}
    return act.issue if holds else reopen(act.issue, actor, note=note)


@transaction.atomic
def follow_up(issue: Issue, actor: User, *, note: str, answer: str = "", version: int | None = None) -> Issue:
    """Note what the citizen or company says. Stops the clock for the first contact; "no" on a closed issue reopens."""
    with apply_act(issue, "follow_up", actor, version, note) as act:
        clocks.stop(act.issue, ClockKind.CONTACT, note=str(act.row.label))
        act.data = {"answer": answer}
    fails = act.issue.status == IssueStatus.CLOSED and answer == Answer.NO
    return reopen(act.issue, actor, note=note) if fails else act.issue
