"""A re-walk is planned for a neutral person, walked like any session, and chosen when verifying."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from accounts.models import User
from catalog.models import ServiceItem, SimulationPack
from core.models import Notice
from issues import services
from issues.choices import IssueStatus, VerificationKind
from issues.models import Issue
from issues.services.re_walk import free_walkers, neutral_walkers
from sessions import services as sessions
from sessions.choices import CaseSource, Purpose, SessionStatus
from sessions.models import HandledCase, WindowSession
from tests import factories
from tests.issues.stages import Stage
from tests.issues.walks import walk


def test_a_planned_re_walk_is_a_published_session_of_today(stage: Stage) -> None:
    issue = stage.issue(IssueStatus.AWAITING_VERIFICATION)
    services.plan_re_walk(issue, stage.office, walker=stage.finder, window=stage.district.window_b)
    planned = WindowSession.objects.get(issue_number=issue.number)
    assert (planned.status, planned.purpose) == (SessionStatus.PUBLISHED, Purpose.VERIFICATION)
    notice = Notice.objects.filter(recipient=stage.finder, kind="issue.plan_re_walk").get()
    assert notice.url == reverse("window_sessions:run", args=[planned.pk])


@pytest.mark.parametrize("who", ["director_b", "lead"])
def test_the_lead_department_does_not_walk_its_own(stage: Stage, director_b: User, who: str) -> None:
    issue = stage.issue(IssueStatus.AWAITING_VERIFICATION)
    walker = director_b if who == "director_b" else stage.lead
    with pytest.raises(ValidationError, match=r"had no hand|没有参与"):
        services.plan_re_walk(issue, stage.office, walker=walker, window=stage.district.window_b)
    assert not WindowSession.objects.exists()


def test_a_window_that_is_taken_refuses_and_writes_nothing(stage: Stage, director_b: User) -> None:
    issue = stage.issue(IssueStatus.AWAITING_VERIFICATION)
    services.plan_re_walk(issue, stage.office, walker=stage.finder, window=stage.district.window_b)
    with pytest.raises(ValidationError, match=r"already sits|已在"):
        services.plan_re_walk(issue, stage.office, walker=stage.finder, window=stage.district.window_a)
    assert issue.events.filter(action="plan_re_walk").count() == 1


def test_an_experience_officer_of_no_department_walks_again(stage: Stage, experience_officer: User) -> None:
    issue = stage.issue(IssueStatus.AWAITING_VERIFICATION)
    services.plan_re_walk(issue, stage.office, walker=experience_officer, window=stage.district.window_b)
    planned = WindowSession.objects.get(issue_number=issue.number)
    assert (planned.home_department_id, planned.rank, planned.home_label) == (None, "", "体验员")
    walked = {"kind": VerificationKind.RE_WALK, "passed": True, "case": walk_it(planned, stage.district.item_b)}
    closed = services.close_out(stage.verify(issue, **walked), stage.office)
    assert closed.status == IssueStatus.CLOSED
    assert closed.events.get(action="verify").data["walker"] == experience_officer.display_name


def walk_it(planned: WindowSession, item: ServiceItem) -> HandledCase:
    """The walker goes through every step with simulated material and finishes."""
    walker, pack = planned.director, SimulationPack.objects.create(item=item, version=1, title="模拟")
    started = sessions.start(planned, walker)
    case = sessions.open_case(started, walker, item=item, source=CaseSource.SIMULATED, simulation_pack=pack)
    for step in case.steps.order_by("number"):
        sessions.complete_step(step, walker, documents_asked=1)
    closed = sessions.close_case(case, walker, trips=1)
    sessions.finish(started, walker)
    return closed


def test_a_session_of_no_department_is_a_re_walk(stage: Stage, experience_officer: User) -> None:
    with pytest.raises(IntegrityError, match="only_a_re_walker_has_no_home"), transaction.atomic():
        walk(stage.district, experience_officer, home_department=None, rank="")


def test_a_busy_or_interested_person_is_not_offered(
    stage: Stage, director_b: User, experience_officer: User, reform_officer: User
) -> None:
    issue = stage.issue(IssueStatus.AWAITING_VERIFICATION)
    elsewhere = factories.grant(
        factories.make_user(), Role.EXPERIENCE_OFFICER, hall=factories.make_hall(code="H09", name="别的大厅")
    )
    assert set(free_walkers(issue)) == {stage.finder, experience_officer}
    services.plan_re_walk(issue, stage.office, walker=stage.finder, window=stage.district.window_b)
    assert set(free_walkers(issue)) == {experience_officer}
    assert not set(neutral_walkers(issue)) & {director_b, elsewhere, reform_officer}


def test_nobody_of_the_reform_office_walks_what_its_own_department_led(
    stage: Stage, reform_officer: User, experience_officer: User
) -> None:
    issue = stage.issue(IssueStatus.AWAITING_VERIFICATION)
    officer = factories.grant(factories.make_user(department=stage.district.c), Role.REFORM_OFFICE)
    assert officer in neutral_walkers(issue)
    User.objects.filter(pk=reform_officer.pk).update(department=stage.district.b)
    assert set(neutral_walkers(Issue.objects.get(pk=issue.pk))) == {stage.finder, experience_officer}


def test_an_issue_without_an_item_cannot_be_walked(stage: Stage) -> None:
    issue = stage.issue(IssueStatus.AWAITING_VERIFICATION, item=None)
    with pytest.raises(ValidationError, match=r"names no service item|没有写明事项"):
        services.plan_re_walk(issue, stage.office, walker=stage.finder, window=stage.district.window_b)


def test_only_the_reform_office_plans_one(stage: Stage) -> None:
    issue = stage.issue(IssueStatus.AWAITING_VERIFICATION)
    with pytest.raises(PermissionDenied):
        services.plan_re_walk(issue, stage.lead, walker=stage.finder, window=stage.district.window_b)


def test_the_issue_leads_to_the_walk(stage: Stage, client: Client) -> None:
    issue = stage.issue(IssueStatus.AWAITING_VERIFICATION)
    services.plan_re_walk(issue, stage.office, walker=stage.finder, window=stage.district.window_b)
    planned = WindowSession.objects.get(issue_number=issue.number)
    client.force_login(stage.office)
    page = client.get(reverse("issues:issue_detail", args=[issue.pk])).content.decode()
    assert reverse("window_sessions:run", args=[planned.pk]) in page


def test_the_lead_learns_who_walks_and_where_when_it_is_over(stage: Stage, client: Client) -> None:
    issue = stage.issue(IssueStatus.AWAITING_VERIFICATION)
    note = "从三号门进"
    services.plan_re_walk(issue, stage.office, walker=experienced(stage), window=stage.district.window_a, note=note)
    planned = WindowSession.objects.get(issue_number=issue.number)
    told = ("体验员王某", "A14", note)
    address = reverse("issues:issue_detail", args=[issue.pk])

    def shown(person: User) -> list[bool]:
        client.force_login(person)
        page = client.get(address, {"all": 1}).content.decode()
        assert "安排再走" in page or "复走" in page
        return [words in page for words in told]

    assert shown(stage.lead) == [False] * 3
    assert shown(stage.office) == [True] * 3
    WindowSession.objects.filter(pk=planned.pk).update(status=SessionStatus.AWAITING_FEEDBACK)
    assert shown(stage.lead) == [True] * 3


def test_the_walk_is_a_link_for_those_who_see_it(stage: Stage, client: Client, experience_officer: User) -> None:
    issue = stage.issue(IssueStatus.AWAITING_VERIFICATION)
    User.objects.filter(pk=stage.office.pk).update(department=stage.district.b)
    services.plan_re_walk(issue, stage.office, walker=stage.finder, window=stage.district.window_a)
    walk_page = reverse("window_sessions:run", args=[WindowSession.objects.get(issue_number=issue.number).pk])

    def linked(person: User) -> bool:
        client.force_login(person)
        return walk_page in client.get(reverse("issues:issue_detail", args=[issue.pk])).content.decode()

    assert [linked(person) for person in (stage.office, stage.finder, experience_officer)] == [True, True, False]


def test_without_material_the_walker_draws_a_citizen_first(
    stage: Stage, client: Client, experience_officer: User
) -> None:
    issue = stage.issue(IssueStatus.AWAITING_VERIFICATION)
    services.plan_re_walk(issue, stage.office, walker=experience_officer, window=stage.district.window_b)
    planned = sessions.start(WindowSession.objects.get(issue_number=issue.number), experience_officer)
    client.force_login(experience_officer)
    address = reverse("window_sessions:open_case", args=[planned.pk])
    assert client.get(address).context["no_material"]
    SimulationPack.objects.create(item=stage.district.item_b, version=1, title="模拟")
    assert not client.get(address).context["no_material"]


def experienced(stage: Stage) -> User:
    """A neutral officer whose name stands nowhere else."""
    user = factories.make_user(display_name="体验员王某", department=stage.district.c)
    return factories.grant(user, Role.EXPERIENCE_OFFICER, hall=stage.district.hall)
