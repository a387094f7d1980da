"""The verbs of the register: what each changes, writes down and refuses."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from core import clock, ledger
from core.doors import StaleVersion, WrongState
from core.models import Notice
from issues import services
from issues.choices import Answer, ClockKind, Decision, IssueStatus, Outcome, Source
from issues.models import Issue, IssueEvent
from tests import factories
from tests.issues.conftest import at
from tests.issues.stages import WAYS, Stage, picture, registered


def refused(field: str, act: Any, *args: Any, **fields: Any) -> None:
    """The act raises a form error on `field` and leaves the ledger as it was."""
    before = IssueEvent.objects.count()
    with pytest.raises(ValidationError) as caught:
        act(*args, **fields)
    names = caught.value.error_dict if hasattr(caught.value, "error_dict") else {"": []}
    assert field in names
    assert IssueEvent.objects.count() == before


def inbox(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user).values_list("kind", flat=True))


@pytest.mark.parametrize("status", WAYS)
def test_every_state_is_reached_through_the_verbs_and_the_ledger_holds(stage: Stage, status: str) -> None:
    issue = stage.issue(status)
    assert Issue.objects.get(pk=issue.pk).status == status
    assert list(ledger.verify(IssueEvent)) == []


def test_numbers_follow_each_other_and_an_imported_one_is_kept(stage: Stage, monday: None) -> None:
    first = stage.issue()
    assert first.number == "WT-2026-001"
    assert stage.issue(number="WT-2026-080").number == "WT-2026-080"
    assert stage.issue(number="台账-7").number == "台账-7"
    assert stage.issue().number == "WT-2026-081"


def test_registering_derives_the_scene_and_tells_the_office(stage: Stage) -> None:
    issue = stage.issue()
    assert (issue.found_by, issue.found_by_department) == (stage.finder, stage.district.a)
    assert issue.guide_revision is not None
    assert issue.found_on == clock.today()
    assert inbox(stage.office) == ["issue.register"]


def test_registering_on_behalf_is_marked(stage: Stage, hall_administrator: User) -> None:
    issue = registered(stage.district, hall_administrator, found_by=None, found_by_label="群众", item=None)
    event = issue.events.earliest("number")
    assert event.data["on_behalf"] is True
    assert issue.found_by_label == "群众"


def test_registering_needs_its_facts_and_a_raiser(stage: Stage) -> None:
    refused("title", registered, stage.district, stage.finder, title="")
    with pytest.raises(PermissionDenied):
        registered(stage.district, stage.lead)


def test_a_stale_version_is_refused_with_what_stands_now(stage: Stage) -> None:
    issue = stage.issue(IssueStatus.ASSIGNED)
    with pytest.raises(StaleVersion) as caught:
        services.acknowledge(issue, stage.lead, version=issue.version - 1)
    assert "待签收" in caught.value.current.values() or "To acknowledge" in caught.value.current.values()
    assert services.acknowledge(issue, stage.lead, version=issue.version).status == IssueStatus.RECTIFYING


def test_a_wrong_state_is_said_before_a_missing_right(stage: Stage) -> None:
    with pytest.raises(WrongState):
        services.close_out(stage.issue(IssueStatus.ASSIGNED), stage.lead)


def test_assigning_gives_tasks_sets_the_seam_and_tells(stage: Stage, outsider: User) -> None:
    district = stage.district
    issue = stage.assign(
        stage.issue(),
        supporting=[district.b, district.c],
        needing_department=district.b,
        holding_departments=[district.c],
    )
    assert [task.department for task in issue.tasks.all()] == [district.c]
    assert list(issue.holding_departments.all()) == [district.c]
    assert inbox(stage.lead) == ["issue.assign"]
    assert inbox(outsider) == ["issue.assign"]


def test_an_agreed_date_lies_ahead(stage: Stage) -> None:
    refused("due_on", stage.assign, stage.issue(), due_on=clock.today() - timedelta(days=1))


def test_merging_needs_another_issue_that_counts(stage: Stage) -> None:
    issue, gone = stage.issue(), stage.issue(IssueStatus.REJECTED)
    refused("into", services.merge, issue, stage.office, into=issue)
    refused("into", services.merge, issue, stage.office, into=gone)
    merged = services.merge(issue, stage.office, into=stage.issue())
    assert merged.merged_into is not None
    assert "issue.merge" in inbox(stage.finder)


def test_two_issues_never_count_with_each_other(stage: Stage) -> None:
    first, second = stage.issue(), stage.issue()
    as_read_before = Issue.objects.get(pk=first.pk)
    services.merge(first, stage.office, into=second)
    refused("into", services.merge, second, stage.office, into=as_read_before)
    third = stage.issue()
    Issue.objects.filter(pk=second.pk).update(merged_into=third)
    refused("into", services.merge, third, stage.office, into=second)


def test_a_transfer_within_the_budget_moves_the_lead(stage: Stage, outsider: User) -> None:
    issue = services.transfer(stage.issue(IssueStatus.RECTIFYING), stage.lead, to=stage.district.c, note="不归我们管")
    assert (issue.status, issue.lead_department, issue.transfers_used) == ("assigned", stage.district.c, 1)
    assert "issue.transfer" in inbox(outsider)


def test_a_transfer_to_oneself_is_refused(stage: Stage) -> None:
    refused("to", services.transfer, stage.issue(IssueStatus.ASSIGNED), stage.lead, to=stage.district.b, note="x")


def asked_for_ruling(stage: Stage, outsider: User) -> Issue:
    """B gave it to C; C wants to give it to A."""
    issue = services.transfer(stage.issue(IssueStatus.ASSIGNED), stage.lead, to=stage.district.c, note="不归我们管")
    return services.transfer(issue, outsider, to=stage.district.a, note="也不归我们管")


def test_a_transfer_beyond_the_budget_waits_for_a_ruling(stage: Stage, outsider: User) -> None:
    issue = asked_for_ruling(stage, outsider)
    assert (issue.status, issue.lead_department) == ("assigned", stage.district.c)
    assert issue.events.latest("number").to_state == ""
    refused("", services.transfer, issue, outsider, to=stage.district.b, note="再转")


def test_the_ruling_names_the_lead(stage: Stage, outsider: User) -> None:
    issue = asked_for_ruling(stage, outsider)
    issue = services.rule_transfer(issue, stage.office, lead_department=stage.district.a, note="由住建局牵头")
    assert issue.lead_department == stage.district.a
    assert issue.transfer_requests.get().decision == Decision.GRANTED
    refused("", services.rule_transfer, issue, stage.office, lead_department=stage.district.a, note="再裁")


def test_a_ruling_for_the_same_lead_moves_nothing(stage: Stage, outsider: User) -> None:
    issue = services.acknowledge(asked_for_ruling(stage, outsider), outsider)
    issue = services.rule_transfer(issue, stage.office, lead_department=stage.district.c, note="仍由你单位牵头")
    assert (issue.status, issue.lead_department) == ("rectifying", stage.district.c)
    assert issue.transfer_requests.get().decision == Decision.REFUSED
    assert list(ledger.verify(IssueEvent)) == []


def test_sending_back_ends_tasks_and_requests(stage: Stage, outsider: User) -> None:
    issue = stage.assign(stage.issue(), supporting=[stage.district.c])
    issue = services.send_back(issue, stage.lead, note="不归我们管", proposed=stage.district.c)
    assert (issue.status, issue.lead_department) == ("registered", None)
    assert issue.events.latest("number").data["proposed"] == "D03"
    assert issue.tasks.get().done_at is not None
    assert not Issue.objects.visible_to(stage.lead).filter(pk=issue.pk).exists()


def test_the_lead_cannot_hand_in_while_a_task_is_open(stage: Stage, outsider: User) -> None:
    issue = stage.acknowledge(stage.assign(stage.issue(), supporting=[stage.district.c]))
    refused("", stage.submit, issue)
    issue = services.finish_task(issue, outsider, task=issue.tasks.get(), result="已开通")
    assert "issue.finish_task" in inbox(stage.lead)
    assert stage.submit(issue).status == IssueStatus.AWAITING_VERIFICATION


def test_a_task_is_finished_by_its_own_department_once(stage: Stage, outsider: User) -> None:
    issue = stage.assign(stage.issue(), supporting=[stage.district.c, stage.district.a])
    mine, other = issue.tasks.get(department=stage.district.c), issue.tasks.get(department=stage.district.a)
    refused("task", services.finish_task, issue, outsider, task=other, result="已办")
    issue = services.finish_task(issue, outsider, task=mine, result="已办")
    refused("", services.finish_task, issue, outsider, task=mine, result="已办")


def test_a_task_goes_to_a_supporting_department_on_a_working_day(stage: Stage, monday: None) -> None:
    issue, district = stage.issue(IssueStatus.RECTIFYING), stage.district
    facts: dict[str, Any] = {"department": district.c, "title": "开通接口"}
    refused("due_on", services.add_task, issue, stage.lead, due_on=date(2026, 5, 23), **facts)
    refused("due_on", services.add_task, issue, stage.lead, due_on=date(2026, 5, 15), **facts)
    own = facts | {"department": district.b}
    refused("department", services.add_task, issue, stage.lead, due_on=date(2026, 5, 20), **own)
    assert services.add_task(issue, stage.lead, due_on=date(2026, 5, 20), **facts).tasks.count() == 1


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("measures", {"measures": [" "]}),
        ("outcome", {"outcome": "fine"}),
        ("legal_basis", {"outcome": Outcome.EXPLAINED}),
        ("evidence_note", {"evidence_note": "见附件"}),
    ],
)
def test_handing_in_needs_measures_outcome_and_evidence(stage: Stage, field: str, given: dict[str, Any]) -> None:
    refused(field, stage.submit, stage.issue(IssueStatus.RECTIFYING), **given)


def test_a_picture_taken_afterwards_is_evidence(stage: Stage) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    picture(issue, stage.lead)
    issue = stage.submit(issue, evidence_note="", outcome=Outcome.EXPLAINED, legal_basis="建筑法第八条")
    assert issue.outcome == Outcome.EXPLAINED
    assert issue.events.latest("number").data["evidence"] == ["0" * 64]


def test_suspending_needs_a_working_day_to_come(stage: Stage, monday: None) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    for day in (date(2026, 5, 18), date(2026, 5, 24)):
        refused("review_on", services.suspend, issue, stage.office, cause="court", review_on=day)


def test_resuming_clears_cause_and_review_date(stage: Stage) -> None:
    issue = services.resume(stage.issue(IssueStatus.SUSPENDED), stage.office)
    assert (issue.status, issue.suspend_cause, issue.review_on) == ("rectifying", "", None)


def test_more_time_is_asked_for_once_before_it_is_due(stage: Stage, monday: None) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    refused("days", services.request_extension, issue, stage.lead, days=0, reason="x")
    issue = services.request_extension(issue, stage.lead, days=2, reason="等系统上线")
    refused("", services.request_extension, issue, stage.lead, days=2, reason="再等")
    issue = services.decide_extension(issue, stage.office, granted=True, note="同意")
    refused("", services.request_extension, issue, stage.lead, days=2, reason="再等")
    refused("", services.decide_extension, issue, stage.office, granted=True, note="再同意")


def test_more_time_is_not_asked_for_when_it_is_too_late(stage: Stage, monday: None) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    with clock.at(at("2026-05-26T09:00")):
        refused("", services.request_extension, issue, stage.lead, days=2, reason="等系统上线")


def test_refused_time_moves_nothing(stage: Stage) -> None:
    issue = services.request_extension(stage.issue(IssueStatus.RECTIFYING), stage.lead, days=2, reason="等")
    due = issue.clocks.get(kind=ClockKind.RECTIFY).due_on
    issue = services.decide_extension(issue, stage.office, granted=False, note="不同意")
    assert issue.clocks.get(kind=ClockKind.RECTIFY).due_on == due


def test_without_a_limit_there_is_nothing_to_extend(stage: Stage) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    issue.clocks.filter(kind=ClockKind.RECTIFY).update(stopped_at=clock.now())
    refused("", services.request_extension, issue, stage.lead, days=2, reason="等系统上线")


def test_a_notice_is_numbered_told_and_answered_once(stage: Stage, director_b: User, monday: None) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    facts: dict[str, Any] = {"colour": "orange", "text": "请说明进展"}
    for day in (date(2026, 5, 17), date(2026, 5, 23)):
        refused("due_on", services.supervise, issue, stage.office, due_on=day, **facts)
    issue = services.supervise(issue, stage.office, due_on=date(2026, 5, 20), **facts)
    notice = issue.supervision_notices.get()
    assert notice.number == 1
    assert "issue.supervise" in inbox(director_b)
    issue = services.answer_supervision(issue, stage.lead, notice=notice, reply="已安排")
    refused("", services.answer_supervision, issue, stage.lead, notice=notice, reply="再答")
    assert "issue.answer_supervision" in inbox(stage.office)


def test_the_answer_goes_to_a_notice_of_this_issue(stage: Stage) -> None:
    other, issue = stage.issue(IssueStatus.RECTIFYING), stage.issue(IssueStatus.RECTIFYING)
    facts: dict[str, Any] = {"colour": "blue", "text": "请说明", "due_on": clock.today()}
    with clock.at(at("2026-05-18T09:00")):
        facts["due_on"] = clock.today()
        services.supervise(issue, stage.office, **facts)
        services.supervise(other, stage.office, **facts)
    foreign = other.supervision_notices.get()
    refused("notice", services.answer_supervision, issue, stage.lead, notice=foreign, reply="已安排")


def test_meetings_comments_and_reminders_are_on_record(stage: Stage) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    issue = services.coordinate(issue, stage.office, participants="两局", agreed="月底开通")
    issue = services.comment(issue, stage.finder, note="已看到")
    issue = services.remind(issue, stage.office)
    assert [event.action for event in issue.events.all()][-3:] == ["coordinate", "comment", "remind"]
    assert issue.status == IssueStatus.RECTIFYING


def test_closing_gives_a_number_and_plans_two_look_backs(stage: Stage, monday: None) -> None:
    issue = stage.issue(IssueStatus.CLOSED)
    assert issue.close_out_number == "销〔2026〕001 号"
    # 16 August is a Sunday.
    assert [row.due_on for row in issue.follow_ups.all()] == [date(2026, 6, 17), date(2026, 8, 17)]
    assert {row.kind: row.met for row in issue.clocks.all()} == {
        ClockKind.ACKNOWLEDGE: True,
        ClockKind.RECTIFY: True,
        ClockKind.VERIFY: True,
    }


def test_rejected_intake_stops_the_contact_limit(stage: Stage) -> None:
    issue = stage.issue(IssueStatus.REJECTED, source=Source.INTAKE)
    assert issue.clocks.get().stopped_at is not None


def test_nobody_is_told_of_a_department_without_people(stage: Stage) -> None:
    issue = stage.assign(stage.issue(), lead_department=factories.make_department())
    assert services.remind(issue, stage.office).events.count() == 3


def test_a_no_on_a_closed_issue_opens_it_again(stage: Stage) -> None:
    issue = stage.issue(IssueStatus.CLOSED)
    still = services.follow_up(issue, stage.office, answer=Answer.PARTLY, note="办成一半")
    assert still.status == IssueStatus.CLOSED
    again = services.follow_up(issue, stage.office, answer=Answer.NO, note="还是要复印件")
    assert (again.status, again.round) == (IssueStatus.RECTIFYING, 2)


def test_a_new_lead_does_not_wait_for_its_own_task(stage: Stage) -> None:
    issue = stage.assign(stage.issue(), supporting=[stage.district.a, stage.district.c])
    issue = services.transfer(stage.acknowledge(issue), stage.lead, to=stage.district.a, note="由其牵头")
    left = [task.department for task in issue.tasks.filter(done_at=None)]
    assert left == [stage.district.c]
    ended = issue.tasks.get(department=stage.district.a)
    assert (ended.done_by, ended.result) == (None, "转办")
