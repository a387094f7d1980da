"""Steps: in order, none skipped, blocked only with an issue, double clicks harmless, nothing lost."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from core import ledger
from core.doors import StaleVersion, WrongState
from sessions import services
from sessions.choices import StepResult
from sessions.models import HandledCase, SessionEvent
from tests.conftest import District
from tests.sessions import stage


@pytest.fixture
def case(district: District, director_a: User) -> HandledCase:
    return stage.simulated_case(district, director_a)


def steps(case: HandledCase) -> list[Any]:
    return list(case.steps.order_by("number"))


def test_passing_starts_the_next(case: HandledCase, director_a: User) -> None:
    done = services.complete_step(steps(case)[0], director_a, documents_asked=3, signatures=1, note="要了三份")
    assert (done.result, done.documents_asked, done.signatures, done.note) == (StepResult.OK, 3, 1, "要了三份")
    assert steps(case)[1].started_at == done.ended_at
    assert steps(case)[2].started_at is None


def test_no_step_is_skipped(case: HandledCase, director_a: User) -> None:
    for act in (services.complete_step, services.save_step):
        with pytest.raises(WrongState):
            act(steps(case)[1], director_a)
    with pytest.raises(WrongState):
        services.block_step(steps(case)[2], "WT-1", director_a)
    assert not case.steps.exclude(result="").exists()


def test_double_click_passes_once(case: HandledCase, director_a: User) -> None:
    step = steps(case)[0]
    services.complete_step(step, director_a, documents_asked=2, version=0)
    again = services.complete_step(step, director_a, documents_asked=2, version=0)
    assert again.result == StepResult.OK
    assert steps(case)[1].result == ""
    assert case.window_session.events.filter(action="complete_step").count() == 1


def test_other_figures_for_a_passed_step_are_a_conflict(case: HandledCase, director_a: User) -> None:
    step = steps(case)[0]
    services.complete_step(step, director_a, documents_asked=2)
    with pytest.raises(StaleVersion) as stale:
        services.complete_step(step, director_a, documents_asked=5, note="我的字")
    assert "我的字" in stale.value.typed.values()
    assert "2" in stale.value.current.values()


def test_drafts_are_kept_and_guarded(case: HandledCase, director_a: User, guide: User) -> None:
    step = steps(case)[0]
    kept = services.save_step(step, guide, documents_asked=1, note="先到咨询台", version=0)
    assert (kept.version, kept.result) == (1, "")
    assert services.save_step(step, director_a, documents_asked=1, note="先到咨询台", version=0).note == "先到咨询台"
    with pytest.raises(StaleVersion):
        services.save_step(step, director_a, documents_asked=2, version=0)
    with pytest.raises(StaleVersion):
        services.complete_step(step, director_a, documents_asked=2, version=0)


def test_blocked_needs_an_issue_and_the_walk_goes_on(case: HandledCase, director_a: User) -> None:
    with pytest.raises(WrongState):
        services.block_step(steps(case)[0], "  ", director_a)
    blocked = services.block_step(steps(case)[0], "WT-2026-001", director_a, note="要求重复提交")
    assert (blocked.result, blocked.issue_number, blocked.note) == ("blocked", "WT-2026-001", "要求重复提交")
    assert steps(case)[1].started_at is not None
    with pytest.raises(WrongState):
        services.block_step(steps(case)[0], "WT-2026-002", director_a)
    with pytest.raises(WrongState):
        services.complete_step(steps(case)[0], director_a)


def test_blocking_keeps_the_draft(case: HandledCase, director_a: User) -> None:
    services.save_step(steps(case)[0], director_a, documents_asked=4, note="草稿")
    blocked = services.block_step(steps(case)[0], "WT-1", director_a)
    assert (blocked.documents_asked, blocked.note) == (4, "草稿")


def test_closed_case_takes_no_draft(case: HandledCase, director_a: User) -> None:
    stage.walked(case, director_a)
    with pytest.raises(WrongState):
        services.save_step(steps(case)[2], director_a)


@pytest.mark.parametrize("who", ["liaison", "reform_officer", "auditor", "director_b", "outsider"])
def test_others_record_nothing(who: str, request: pytest.FixtureRequest, case: HandledCase) -> None:
    other = request.getfixturevalue(who)
    for act in (services.save_step, services.complete_step):
        with pytest.raises(PermissionDenied):
            act(steps(case)[0], other)
    with pytest.raises(PermissionDenied):
        services.block_step(steps(case)[0], "WT-1", other)
    assert steps(case)[0].result == ""


def test_ledger_holds_over_a_whole_walk(case: HandledCase, director_a: User) -> None:
    services.block_step(steps(case)[0], "WT-1", director_a)
    for step in steps(case)[1:]:
        services.complete_step(step, director_a)
    services.close_case(case, director_a)
    services.finish(case.window_session, director_a)
    assert list(ledger.verify(SessionEvent)) == []
