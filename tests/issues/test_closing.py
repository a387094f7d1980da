"""Verification, close-out and what happens when it does not hold."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.choices import Role
from accounts.models import User
from catalog.services import current_revision
from core import clock, ledger
from issues import services
from issues.choices import Answer, IssueStatus, VerificationKind
from issues.conditions import passed_verification
from issues.models import Issue, IssueEvent
from sessions.choices import CaseSource, Consent, Purpose, SessionStatus
from sessions.models import HandledCase, WindowSession
from tests import factories
from tests.issues.conftest import at
from tests.issues.stages import Stage
from tests.issues.test_services import refused


def walk(stage: Stage, **given: Any) -> HandledCase:
    """An ended verification walk of B's item by the director of A, begun now."""
    district = stage.district
    sitting = WindowSession.objects.create(
        programme=district.programme,
        director=given.pop("director", stage.finder),
        rank="principal",
        home_department=given.pop("home", district.a),
        window=given.pop("window", district.window_b),
        host_department=district.b,
        date=clock.today(),
        half=given.pop("half", "AM"),
        status=SessionStatus.IN_PROGRESS,
        cross_department=False,
    )
    item = given.pop("item", district.item_b)
    fields = {
        "number": 1,
        "guide_revision": current_revision(item),
        "snapshot": {},
        "source": CaseSource.SIMULATED,
        "consent": Consent.NOT_NEEDED,
        "purpose": Purpose.VERIFICATION,
        "waiting_minutes": 12,
        "trips": 1,
        "started_at": clock.now(),
        "ended_at": clock.now() + timedelta(hours=1),
    }
    return HandledCase.objects.create(**(fields | {"window_session": sitting, "item": item} | given))


def re_walk(stage: Stage, issue: Issue, case: HandledCase | None, **given: Any) -> Issue:
    fields: dict[str, Any] = {"kind": VerificationKind.RE_WALK, "passed": True, "note": "一次办成", "case": case}
    return services.verify(issue, stage.office, **(fields | given))


@pytest.fixture
def handed_in(stage: Stage, monday: None) -> Issue:
    return stage.issue(IssueStatus.AWAITING_VERIFICATION)


def test_a_re_walk_freezes_both_walks_side_by_side(stage: Stage, handed_in: Issue) -> None:
    before = walk(stage, purpose=Purpose.WALK, waiting_minutes=50, trips=2)
    issue = re_walk(stage, handed_in, walk(stage, half="PM"), baseline=before)
    rows = {row["name"]: (row["before"], row["after"]) for row in issue.verifications.get().comparison}
    assert rows["waiting_minutes"] == (50, 12)
    assert rows["trips"] == (2, 1)
    assert rows["window"] == (str(stage.district.window_b), str(stage.district.window_b))
    assert services.close_out(issue, stage.office).status == IssueStatus.CLOSED


def test_a_re_walk_is_compared_with_an_ended_walk_of_the_same_item_only(stage: Stage, handed_in: Issue) -> None:
    case = walk(stage, half="PM")
    for half, other in (("AM", {"item": factories.make_item(stage.district.b)}), ("PM", {"ended_at": None})):
        place = {"window": stage.district.window_a, "director": factories.make_user(), "half": half}
        before = walk(stage, purpose=Purpose.WALK, **place, **other)
        with pytest.raises(ValidationError, match="同一事项"):
            re_walk(stage, handed_in, case, baseline=before)


def test_without_an_earlier_walk_the_new_figures_stand_alone(stage: Stage, handed_in: Issue) -> None:
    issue = re_walk(stage, handed_in, walk(stage))
    assert {row["before"] for row in issue.verifications.get().comparison} == {None}


def test_a_re_walk_is_new_ended_neutral_and_of_the_same_item(stage: Stage, handed_in: Issue, director_b: User) -> None:
    old = clock.now() - timedelta(days=3)
    district = stage.district
    for case in (
        None,
        walk(stage, purpose=Purpose.WALK),
        walk(stage, half="PM", item=factories.make_item(district.b)),
        walk(stage, window=district.window_a, director=factories.make_user(), ended_at=None),
        walk(stage, window=district.window_a, half="PM", director=factories.make_user(), started_at=old),
        walk(
            stage,
            window=factories.make_window(district.hall, district.b),
            director=director_b,
            home=district.b,
        ),
    ):
        refused("case", re_walk, stage, handed_in, case)


def test_who_helped_to_put_it_right_does_not_walk_it_again(stage: Stage, monday: None) -> None:
    issue = stage.assign(stage.issue(), supporting=[stage.district.a])
    helper = factories.grant(factories.make_user(), Role.LIAISON, department=stage.district.a)
    issue = services.finish_task(issue, helper, task=issue.tasks.get(), result="已开通")
    issue = stage.submit(stage.acknowledge(issue))
    refused("case", re_walk, stage, issue, walk(stage, director=helper))
    assert re_walk(stage, issue, walk(stage, half="PM")).verifications.get().passed


@pytest.mark.parametrize(("answer", "passed"), [(Answer.YES, True), (Answer.PARTLY, False), (Answer.NO, False)])
def test_only_a_yes_passes_a_return_visit(stage: Stage, handed_in: Issue, answer: str, passed: bool) -> None:
    issue = stage.verify(handed_in, kind=VerificationKind.RETURN_VISIT, answer=answer, passed=True)
    assert issue.verifications.get().passed is passed


def test_a_return_visit_needs_an_answer(stage: Stage, handed_in: Issue) -> None:
    refused("answer", stage.verify, handed_in, kind=VerificationKind.RETURN_VISIT)


def test_closing_needs_the_last_record_to_have_passed(stage: Stage, handed_in: Issue) -> None:
    refused("", services.close_out, handed_in, stage.office)
    issue = stage.verify(stage.verify(handed_in), passed=False)
    refused("", services.close_out, issue, stage.office)


def test_a_record_on_work_that_was_returned_does_not_close(stage: Stage, handed_in: Issue) -> None:
    issue = services.return_for_rework(stage.verify(handed_in), stage.office, note="第 7 项仍在")
    assert issue.rectifications.get().return_reason == "第 7 项仍在"
    refused("", services.close_out, stage.submit(issue), stage.office)


def test_a_record_of_somebody_who_then_joined_the_lead_does_not_count(stage: Stage, handed_in: Issue) -> None:
    issue = stage.verify(handed_in)
    User.objects.filter(pk=stage.office.pk).update(department=stage.district.b)
    assert passed_verification(Issue.objects.get(pk=issue.pk)) is None


def test_rework_gets_a_new_limit(stage: Stage, handed_in: Issue) -> None:
    issue = services.return_for_rework(handed_in, stage.office, note="重做", rectify_days=3)
    assert issue.clocks.latest("pk").due_on == date(2026, 5, 21)
    assert (issue.status, issue.outcome, issue.round) == (IssueStatus.RECTIFYING, "", 1)
    issue = services.return_for_rework(stage.submit(issue), stage.office, note="重做", due_on=date(2026, 6, 1))
    assert issue.clocks.latest("pk").due_on == date(2026, 6, 1)


def test_rework_is_not_due_in_the_past(stage: Stage, handed_in: Issue) -> None:
    refused("due_on", services.return_for_rework, handed_in, stage.office, note="重做", due_on=date(2026, 5, 1))


def test_rework_without_anything_handed_in_still_goes_back(stage: Stage, handed_in: Issue) -> None:
    handed_in.rectifications.all().delete()
    assert services.return_for_rework(handed_in, stage.office, note="重做").status == IssueStatus.RECTIFYING


def test_reopening_begins_a_round_and_leaves_the_first_as_it_was(stage: Stage, monday: None) -> None:
    closed = stage.issue(IssueStatus.CLOSED)
    first = list(closed.clocks.order_by("pk").values_list("pk", "met", "due_on"))
    with clock.at(at("2026-06-18T09:00")):
        issue = services.reopen(closed, stage.office, note="又要复印件", rectify_days=3)
    assert (issue.status, issue.round, issue.closed_at) == (IssueStatus.RECTIFYING, 2, None)
    assert list(issue.clocks.filter(round=1).order_by("pk").values_list("pk", "met", "due_on")) == first
    assert issue.events.filter(action="close_out").count() == 1
    assert issue.events.latest("number").data["closed_before"] == closed.close_out_number


def test_reopening_needs_text(stage: Stage, monday: None) -> None:
    refused("note", services.reopen, stage.issue(IssueStatus.CLOSED), stage.office, note=" ")


@pytest.mark.parametrize("status", [IssueStatus.REJECTED, IssueStatus.MERGED])
def test_what_was_not_dealt_with_goes_back_to_triage(stage: Stage, status: str) -> None:
    issue = services.reopen(stage.issue(status), stage.office, note="再看一次")
    assert (issue.status, issue.round) == (IssueStatus.REGISTERED, 1)
    assert (issue.reject_reason, issue.merged_into) == ("", None)


def test_a_look_back_that_holds_keeps_it_closed(stage: Stage, monday: None) -> None:
    issue = stage.issue(IssueStatus.CLOSED)
    first = issue.follow_ups.earliest("due_on")
    refused("holds", services.look_back, issue, stage.office, follow_up=first, holds=True, note="仍然有效")
    for row in issue.follow_ups.all():
        with clock.at(at(f"{row.due_on}T09:00")):
            issue = services.look_back(issue, stage.office, follow_up=row, holds=True, note="仍然有效")
    assert issue.status == IssueStatus.CLOSED
    with pytest.raises(ValidationError):
        services.look_back(issue, stage.office, follow_up=issue.follow_ups.all()[0], holds=True, note="再看")


def test_a_look_back_that_fails_opens_it_again(stage: Stage, monday: None) -> None:
    issue = stage.issue(IssueStatus.CLOSED)
    row = issue.follow_ups.earliest("due_on")
    refused("note", services.look_back, issue, stage.office, follow_up=row, holds=False, note=" ")
    issue = services.look_back(issue, stage.office, follow_up=row, holds=False, note="又要复印件")
    assert (issue.status, issue.round) == (IssueStatus.RECTIFYING, 2)
    assert [event.action for event in issue.events.all()][-2:] == ["look_back", "reopen"]
    assert list(ledger.verify(IssueEvent)) == []


def test_a_look_back_belongs_to_its_issue_and_round(stage: Stage, monday: None) -> None:
    issue, other = stage.issue(IssueStatus.CLOSED), stage.issue(IssueStatus.CLOSED)
    foreign = other.follow_ups.earliest("due_on")
    refused("follow_up", services.look_back, issue, stage.office, follow_up=foreign, holds=True, note="仍然有效")
