"""Start, finish, and the re-walk planned on the spot."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from accounts.models import User
from core import clock, ledger
from core.doors import WrongState
from sessions import services
from sessions.choices import Purpose, SessionStatus
from sessions.models import SessionEvent, WindowSession
from tests import factories
from tests.conftest import District
from tests.sessions import stage


def test_director_starts_on_the_day(district: District, director_a: User) -> None:
    row = services.start(stage.published(district, director_a), director_a)
    assert row.status == SessionStatus.IN_PROGRESS
    assert row.started_at is not None
    assert list(row.events.values_list("action", flat=True)) == ["publish", "start"]


@pytest.mark.parametrize("who", ["guide", "hall_administrator"])
def test_hall_staff_start_too(who: str, request: pytest.FixtureRequest, district: District, director_a: User) -> None:
    row = services.start(stage.published(district, director_a), request.getfixturevalue(who))
    assert row.status == SessionStatus.IN_PROGRESS


@pytest.mark.parametrize("who", ["director_b", "liaison", "reform_officer", "auditor", "outsider"])
def test_others_do_not_start(who: str, request: pytest.FixtureRequest, district: District, director_a: User) -> None:
    row = stage.published(district, director_a)
    with pytest.raises(PermissionDenied):
        services.start(row, request.getfixturevalue(who))
    row.refresh_from_db()
    assert row.status == SessionStatus.PUBLISHED


@pytest.mark.parametrize("days", [-1, 1])
def test_other_days_are_refused_in_words(days: int, district: District, director_a: User) -> None:
    row = stage.published(district, director_a, date=clock.today() + timedelta(days=days))
    with pytest.raises(WrongState, match=str(row.date)):
        services.start(row, director_a)


def test_second_start_changes_nothing(district: District, director_a: User) -> None:
    row = stage.started(district, director_a)
    services.start(row, director_a)
    assert row.events.filter(action="start").count() == 1


def test_draft_does_not_start(district: District, director_a: User) -> None:
    with pytest.raises(WrongState):
        services.start(stage.published(district, director_a, status=SessionStatus.DRAFT), director_a)


def test_finish_waits_for_open_cases(district: District, director_a: User) -> None:
    case = stage.simulated_case(district, director_a)
    with pytest.raises(WrongState, match="1"):
        services.finish(case.window_session, director_a)
    stage.walked(case, director_a)
    row = services.finish(case.window_session, director_a)
    assert row.status == SessionStatus.AWAITING_FEEDBACK
    assert list(ledger.verify(SessionEvent)) == []


def test_re_walk_is_published_at_once(district: District, reform_officer: User, director_a: User) -> None:
    row = services.plan_on_the_spot(reform_officer, director_a, district.window_a, "WT-2026-001")
    assert (row.status, row.purpose, row.issue_number) == ("published", Purpose.VERIFICATION, "WT-2026-001")
    assert not row.announced
    assert services.start(row, director_a).status == SessionStatus.IN_PROGRESS
    assert list(ledger.verify(SessionEvent)) == []


def test_re_walk_finds_the_window_taken(district: District, reform_officer: User, director_a: User) -> None:
    other = factories.make_director(district.c)
    stage.published(district, director_a, half="AM")
    with pytest.raises(WrongState, match=director_a.display_name):
        services.plan_on_the_spot(reform_officer, other, district.window_b, "WT-1", half="AM")
    with pytest.raises(WrongState, match="A17"):
        services.plan_on_the_spot(reform_officer, director_a, district.window_a, "WT-1", half="AM")
    assert WindowSession.objects.count() == 1


def test_other_database_refusals_are_not_renamed(
    district: District, reform_officer: User, director_a: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_fields: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(WindowSession.objects, "create", refuse)
    with pytest.raises(IntegrityError):
        services.plan_on_the_spot(reform_officer, director_a, district.window_a, "WT-1")


def test_re_walk_is_planned_by_planners_only(district: District, director_a: User) -> None:
    with pytest.raises(PermissionDenied):
        services.plan_on_the_spot(director_a, director_a, district.window_b, "WT-1")


def test_re_walk_needs_a_department(district: District, reform_officer: User) -> None:
    with pytest.raises(WrongState):
        services.plan_on_the_spot(reform_officer, factories.make_user(), district.window_b, "WT-1")
    officer = factories.make_user(department=district.c)
    assert services.plan_on_the_spot(reform_officer, officer, district.window_b, "WT-1").rank == ""


def test_re_walk_needs_a_programme(district: District, reform_officer: User, director_a: User) -> None:
    with pytest.raises(WrongState):
        services.plan_on_the_spot(reform_officer, director_a, factories.make_window(factories.make_hall()), "WT-1")
