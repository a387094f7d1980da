"""Four eyes: who fixed it never judges it, also where the reform office's own department leads."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.choices import Role
from accounts.models import User
from core import clock
from issues import services
from issues.acts import acts_for
from issues.choices import IssueStatus
from issues.models import Issue
from issues.permissions import may
from issues.waiting import condition
from sessions.choices import SessionStatus
from sessions.models import WindowSession
from tests import factories
from tests.issues.stages import Stage, registered, second_officer


@pytest.fixture
def handed_in(stage: Stage) -> Issue:
    return stage.issue(IssueStatus.AWAITING_VERIFICATION)


def test_the_lead_department_neither_verifies_nor_closes(stage: Stage, handed_in: Issue) -> None:
    inside = factories.grant(
        factories.make_user(department=stage.district.b), Role.LIAISON, department=stage.district.b
    )
    other = factories.grant(factories.make_user(), Role.REFORM_OFFICE)
    factories.grant(other, Role.LIAISON, department=stage.district.b)
    for action in ("verify", "close_out"):
        assert not may(inside, action, handed_in)
        assert "牵头" in str(may(other, action, handed_in).reason)
    with pytest.raises(PermissionDenied):
        services.verify(handed_in, other, kind="document_check", passed=True, note="看过")


def test_who_fixed_it_does_not_judge_it_even_after_moving_on(stage: Stage, handed_in: Issue) -> None:
    stage.lead.role_grants.all().delete()
    User.objects.filter(pk=stage.lead.pk).update(department=stage.district.c)
    moved = factories.grant(User.objects.get(pk=stage.lead.pk), Role.REFORM_OFFICE)
    for action in ("verify", "close_out", "look_back"):
        assert "参与" in str(may(moved, action, handed_in).reason)


def test_who_finished_a_task_does_not_judge_it(stage: Stage) -> None:
    issue = stage.assign(stage.issue(), supporting=[stage.district.a])
    helper = factories.grant(factories.make_user(), Role.LIAISON, department=stage.district.a)
    issue = services.finish_task(issue, helper, task=issue.tasks.get(), result="已开通")
    factories.grant(helper, Role.REFORM_OFFICE)
    assert not may(User.objects.get(pk=helper.pk), "verify", stage.submit(stage.acknowledge(issue)))


@pytest.fixture
def own(stage: Stage, handed_in: Issue) -> Issue:
    """The reform office's own department leads: its officers belong to department B."""
    User.objects.filter(pk=stage.office.pk).update(department=stage.district.b)
    return Issue.objects.get(pk=handed_in.pk)


def test_own_lead_a_director_of_another_department_or_an_experience_officer_verifies(
    stage: Stage, own: Issue, director_a: User, director_b: User, experience_officer: User
) -> None:
    assert not may(stage.office, "verify", own)
    assert not may(director_b, "verify", own)
    for neutral in (director_a, experience_officer):
        assert may(neutral, "verify", own)
        assert Issue.objects.visible_to(neutral).filter(pk=own.pk).exists()


def test_own_lead_an_experience_officer_stands_in_for_the_halls_of_the_grant(own: Issue) -> None:
    elsewhere = factories.grant(
        factories.make_user(), Role.EXPERIENCE_OFFICER, hall=factories.make_hall(code="H09", name="别的大厅")
    )
    anywhere = factories.grant(factories.make_user(), Role.EXPERIENCE_OFFICER)
    for officer, stands in ((elsewhere, False), (anywhere, True)):
        seen = Issue.objects.visible_to(officer).filter(pk=own.pk)
        assert (bool(may(officer, "verify", own)), seen.exists()) == (stands, stands)
        assert seen.filter(condition("verify", officer, clock.today())).exists() is stands


def test_own_lead_an_officer_who_took_no_part_returns_it(stage: Stage, own: Issue, experience_officer: User) -> None:
    second = second_officer()
    services.verify(own, experience_officer, kind="document_check", passed=False, note="看过")
    assert may(second, "return_for_rework", own)
    services.comment(own, second, note="请再看一遍")
    assert not may(second, "return_for_rework", own)


def test_own_lead_it_waits_under_today_for_stand_ins(
    stage: Stage, own: Issue, director_a: User, experience_officer: User
) -> None:
    def waits(user: User) -> bool:
        fresh = User.objects.get(pk=user.pk)
        return Issue.objects.visible_to(fresh).filter(condition("verify", fresh, clock.today()), pk=own.pk).exists()

    assert (waits(experience_officer), waits(director_a)) == (True, False)
    services.plan_re_walk(own, stage.office, walker=director_a, window=stage.district.window_a)
    WindowSession.objects.filter(issue_number=own.number).update(status=SessionStatus.AWAITING_FEEDBACK)
    assert waits(director_a)
    services.verify(own, experience_officer, kind="document_check", passed=True, note="看过")
    assert not waits(experience_officer)


def test_own_lead_a_second_officer_who_took_no_part_closes(stage: Stage, own: Issue, experience_officer: User) -> None:
    second = second_officer()
    issue = services.verify(own, experience_officer, kind="document_check", passed=True, note="看过")
    with pytest.raises(PermissionDenied):
        services.close_out(issue, stage.office)
    closed = services.close_out(issue, second)
    assert closed.events.latest("number").data["second_officer"] is True


@pytest.fixture
def own_closed(stage: Stage) -> Issue:
    """Closed, and led by the reform office's own department."""
    issue = stage.issue(IssueStatus.CLOSED)
    User.objects.filter(pk=stage.office.pk).update(department=stage.district.b)
    return Issue.objects.get(pk=issue.pk)


def test_own_lead_a_stand_in_looks_back_once_it_is_due(
    stage: Stage, own_closed: Issue, director_b: User, experience_officer: User
) -> None:
    for inside in (second_officer(), User.objects.get(pk=stage.office.pk), director_b):
        assert not may(inside, "look_back", own_closed)
    assert not Issue.objects.visible_to(experience_officer).filter(pk=own_closed.pk).exists()
    assert may(experience_officer, "look_back", own_closed)
    with clock.at(clock.now() + timedelta(days=45)):
        assert Issue.objects.visible_to(experience_officer).filter(pk=own_closed.pk).exists()


def test_own_lead_a_stand_ins_failed_look_back_opens_it_again(own_closed: Issue, experience_officer: User) -> None:
    row = own_closed.follow_ups.earliest("due_on")
    assert not may(experience_officer, "reopen", own_closed)
    again = services.look_back(own_closed, experience_officer, follow_up=row, holds=False, note="又要复印件")
    assert (again.status, again.round) == (IssueStatus.RECTIFYING, 2)
    assert not may(experience_officer, "reopen", again)


def test_own_lead_an_officer_who_took_no_part_relieves(stage: Stage) -> None:
    issue = stage.acknowledge(stage.assign(stage.issue()))
    issue = services.request_extension(issue, stage.lead, days=2, reason="等批复")
    User.objects.filter(pk=stage.office.pk).update(department=stage.district.b)
    issue = services.remind(Issue.objects.get(pk=issue.pk), second_officer(), note="请抓紧")
    helper = User.objects.get(username="reform2")
    for action in ("suspend", "decide_extension", "reject"):
        assert may(stage.office, action, issue)
        assert "未经手" in str(may(helper, action, issue).reason)
    with pytest.raises(PermissionDenied):
        services.decide_extension(issue, helper, granted=True, note="同意")


def of_office(stage: Stage, officer: User) -> User:
    """The officer, belonging to department B from now on."""
    User.objects.filter(pk=officer.pk).update(department=stage.district.b)
    return User.objects.get(pk=officer.pk)


@pytest.mark.parametrize("tie", ["item", "needs", "holds", "named"])
def test_before_anybody_leads_an_officer_who_took_no_part_relieves_the_own_department(stage: Stage, tie: str) -> None:
    own, other = stage.district.b, stage.district.c
    seam = {"needing_department": own if tie == "needs" else other, "holding_departments": [own] * (tie == "holds")}
    issue = registered(stage.district, stage.finder, item=stage.district.item_b if tie == "item" else None, **seam)
    if tie == "named":
        services.assign(issue, stage.office, lead_department=other, rectify_days=5)
        outsider = factories.grant(factories.make_user(), Role.LIAISON, department=other)
        services.send_back(issue, outsider, note="不归我们管", proposed=own)
    helper, fresh = of_office(stage, second_officer()), of_office(stage, stage.office)
    services.coordinate(issue, helper, participants="两家", agreed="再议")
    for action in ("reject", "merge"):
        assert "未经手" in str(may(helper, action, Issue.objects.get(pk=issue.pk)).reason)
        assert may(fresh, action, Issue.objects.get(pk=issue.pk))


def test_who_took_part_may_burden_the_own_department_but_not_spare_it(stage: Stage) -> None:
    issue, helper = stage.issue(), of_office(stage, second_officer())
    services.coordinate(issue, helper, participants="两家", agreed="再议")
    with pytest.raises(ValidationError, match="另一人"):
        services.assign(issue, helper, lead_department=stage.district.c, rectify_days=5)
    assert services.assign(issue, helper, lead_department=stage.district.b, rectify_days=5).status == "assigned"
    elsewhere = stage.issue()
    services.assign(elsewhere, of_office(stage, stage.office), lead_department=stage.district.c, rectify_days=5)


def test_a_transfer_to_the_own_department_is_ruled_by_who_took_no_part(stage: Stage) -> None:
    issue, helper = stage.acknowledge(stage.assign(stage.issue())), second_officer()
    User.objects.filter(pk__in=(helper.pk, stage.office.pk)).update(department=stage.district.c)
    Issue.objects.filter(pk=issue.pk).update(transfers_used=1)
    issue = services.transfer(issue, stage.lead, to=stage.district.c, note="归其管")
    services.remind(issue, helper := User.objects.get(pk=helper.pk), note="请抓紧")
    with pytest.raises(ValidationError, match="未经手"):
        services.rule_transfer(issue, helper, lead_department=stage.district.b, note="仍由其牵头")
    fresh = User.objects.get(pk=stage.office.pk)
    assert services.rule_transfer(issue, fresh, lead_department=stage.district.c, note="由其牵头").pk == issue.pk


def test_without_the_offices_own_lead_an_insider_does_not_look_back(stage: Stage) -> None:
    issue = stage.issue(IssueStatus.CLOSED)
    inside = factories.grant(factories.make_user(), Role.REFORM_OFFICE)
    factories.grant(inside, Role.LIAISON, department=stage.district.b)
    assert not may(inside, "look_back", issue)


def test_the_lead_does_not_visit_about_its_own_finished_work(stage: Stage, handed_in: Issue) -> None:
    assert "回访" in str(may(stage.lead, "follow_up", handed_in).reason)


def test_raising_is_for_those_who_walk_not_for_those_who_fix(stage: Stage, auditor: User, guide: User) -> None:
    assert may(guide, "register")
    assert not may(stage.lead, "register")
    assert not may(auditor, "register")
    assert not may(stage.office, "assign")
    assert not may(stage.office, "unheard of", stage.issue())


def test_acts_are_drawn_by_role_with_the_primary_first(stage: Stage, auditor: User) -> None:
    issue = stage.issue(IssueStatus.ASSIGNED)
    acts = acts_for(issue, stage.lead)
    assert (acts[0].action, acts[0].primary) == ("acknowledge", True)
    refused = {act.action: str(act.verdict.reason) for act in acts if not act.verdict}
    assert "整改中" in refused["submit_rectification"]
    assert "close_out" not in {act.action for act in acts}
    assert acts_for(issue, auditor) == []


def test_a_refused_act_says_what_it_waits_for(stage: Stage, handed_in: Issue) -> None:
    acts = {act.action: act for act in acts_for(handed_in, stage.office)}
    assert not acts["close_out"].verdict
    assert acts["verify"].primary
    assert acts["return_for_rework"].url == f"/issues/{handed_in.pk}/return-for-rework/"


def test_nobody_decides_on_the_time_they_asked_for_themselves(stage: Stage) -> None:
    issue = stage.acknowledge(stage.assign(stage.issue()))
    issue = services.request_extension(issue, stage.lead, days=2, reason="材料要重印")
    factories.grant(stage.lead, Role.REFORM_OFFICE)
    User.objects.filter(pk=stage.lead.pk).update(department=stage.district.c)
    asker = User.objects.get(pk=stage.lead.pk)
    with pytest.raises(ValidationError, match="本人"):
        services.decide_extension(issue, asker, granted=True, note="同意")
    assert services.decide_extension(issue, stage.office, granted=True, note="同意").pk == issue.pk


def test_nobody_rules_on_the_transfer_they_asked_for_themselves(stage: Stage) -> None:
    issue = stage.acknowledge(stage.assign(stage.issue()))
    Issue.objects.filter(pk=issue.pk).update(transfers_used=1)
    issue = services.transfer(issue, stage.lead, to=stage.district.a, note="归交通局")
    factories.grant(stage.lead, Role.REFORM_OFFICE)
    User.objects.filter(pk=stage.lead.pk).update(department=stage.district.c)
    asker = User.objects.get(pk=stage.lead.pk)
    with pytest.raises(ValidationError, match="本人"):
        services.rule_transfer(issue, asker, lead_department=stage.district.a, note="应由交通局办")
    assert services.rule_transfer(issue, stage.office, lead_department=stage.district.a, note="归口").pk == issue.pk
