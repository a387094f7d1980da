"""Issues raised from a step of a walk and from a feedback form."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from core import ledger
from core.doors import WrongState
from issues import services
from issues.choices import IssueStatus, Source
from issues.models import Issue, Screenshot
from sessions.choices import StepResult
from sessions.models import Feedback, FeedbackTemplate, SessionEvent, StepRun
from tests.conftest import District
from tests.issues.stages import category, picture
from tests.sessions.stage import simulated_case


@pytest.fixture
def step(district: District, director_a: User) -> StepRun:
    """The running first step of a walk by the director of A at B's window."""
    return simulated_case(district, director_a).steps.earliest("number")


def raised(step: StepRun, actor: User) -> Issue:
    return services.register_from_step(
        step, actor, title="要求提交复印件", description="第 7 项仍要复印件", category=category()
    )


def test_a_blocked_step_becomes_an_issue_with_its_scene(step: StepRun, director_a: User, district: District) -> None:
    issue = raised(step, director_a)
    assert (issue.window, issue.item, issue.found_by) == (district.window_b, district.item_b, director_a)
    assert (issue.step_number, issue.step_name, issue.source) == (1, step.name, Source.CROSS_SESSION)
    assert (issue.needing_department, issue.found_by_department) == (district.b, district.a)
    row = StepRun.objects.get(pk=step.pk)
    assert (row.result, row.issue_number) == (StepResult.BLOCKED, issue.number)
    assert list(ledger.verify(SessionEvent)) == []


def test_pictures_of_the_step_go_with_the_issue(step: StepRun, director_a: User) -> None:
    taken = picture(raised_holder(step, director_a), director_a)
    Screenshot.objects.filter(pk=taken.pk).update(issue=None, step_run=step)
    issue = raised(step, director_a)
    assert issue.screenshots.get().pk == taken.pk


def raised_holder(step: StepRun, user: User) -> Issue:
    """Some issue to make a picture's row with."""
    window = step.case.window_session.window
    return services.register(
        user, title="另一件", description="另一件", hall=window.hall, category=category(), source=Source.MEETING
    )


def test_a_guide_raises_on_behalf_of_the_director(step: StepRun, director_a: User, guide: User) -> None:
    issue = raised(step, guide)
    assert (issue.found_by, issue.registered_by) == (director_a, guide)
    assert issue.events.earliest("number").data["on_behalf"] is True


def test_a_refused_block_leaves_no_issue(step: StepRun, experience_officer: User) -> None:
    with pytest.raises(PermissionDenied):
        raised(step, experience_officer)
    assert not Issue.objects.exists()


def test_a_suggestion_of_the_feedback_form_becomes_an_issue(step: StepRun, director_a: User) -> None:
    template = FeedbackTemplate.objects.create(version=1, name="反馈表")
    feedback = Feedback.objects.create(window_session=step.case.window_session, template=template)
    issue = services.register_from_feedback(
        feedback, director_a, title="合并签字", description="三次签字可以合并", category=category()
    )
    assert (issue.source, issue.status, issue.step_run) == (Source.FEEDBACK, IssueStatus.REGISTERED, None)


def test_a_step_is_blocked_by_one_issue_only(step: StepRun, director_a: User) -> None:
    raised(step, director_a)
    with pytest.raises(WrongState):
        raised(StepRun.objects.get(pk=step.pk), director_a)
    assert Issue.objects.count() == 1
