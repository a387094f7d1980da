"""A rotation of a programme: asked for, planned around what stands, stopped, accepted all or nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.module_loading import import_string

from accounts.models import User
from core import clock
from core.doors import WrongState
from core.models import Notice
from sessions import rotation, rotation_facts, services
from sessions.models import Availability, PlannedPlacement, RotationPlan, WindowSession
from sessions.services import rotations
from tests import factories
from tests.conftest import District
from tests.sessions.planning import BEFORE, MONDAY, change, put, quota

FRIDAY = MONDAY + timedelta(days=4)
ASKED: dict[str, Any] = {"starts_on": MONDAY, "ends_on": FRIDAY, "seed": 1, "seconds": 30, "firm": False}


@pytest.fixture
def leaders(district: District, director_a: User, director_b: User) -> list[User]:
    """Three directors, each with a department and a window of its own, once each."""
    factories.make_window(district.hall, district.c, number="A21")
    quota(district)
    return [director_a, director_b, factories.make_director(district.c, username="director_c", code="L003")]


def ask(district: District, actor: User, **given: Any) -> RotationPlan:
    with clock.at(BEFORE):
        row = services.request_plan(district.programme, actor, **(ASKED | given))
    row.refresh_from_db()
    return row


def leave(user: User, first: date = MONDAY, last: date = FRIDAY) -> None:
    Availability.objects.create(user=user, starts_on=first, ends_on=last)


def test_everybody_gets_a_place_elsewhere(district: District, leaders: list[User], hall_administrator: User) -> None:
    plan = ask(district, hall_administrator)
    rows = list(plan.placements.select_related("window", "director"))
    assert (plan.status, plan.figures["balance"], plan.figures["bound"], len(rows)) == ("done", 0, 0, 3)
    assert {row.director for row in rows} == set(leaders)
    assert all(row.window.department_id != row.director.department_id for row in rows)
    assert rows[0].reasons[0][0] == "first"
    assert plan.solver == rotation.version()


def test_the_same_seed_gives_the_same_plan(district: District, leaders: list[User], hall_administrator: User) -> None:
    columns = ("director", "window", "date", "half", "reasons")
    first, second = (ask(district, hall_administrator).placements.values_list(*columns) for _n in range(2))
    assert list(first) == list(second)


def test_what_stands_is_kept_and_counted(district: District, leaders: list[User], hall_administrator: User) -> None:
    with clock.at(BEFORE):
        put(district, leaders[0], hall_administrator)
    plan = ask(district, hall_administrator)
    assert (plan.figures["given"], plan.figures["balance"]) == (1, 0)
    assert {row.director for row in plan.placements.all()} == set(leaders[1:])


def test_a_visit_of_another_programme_takes_person_and_window(
    district: District, leaders: list[User], hall_administrator: User
) -> None:
    other = factories.make_programme(district.hall, district.a, district.b, district.c)
    with clock.at(BEFORE):
        services.place(other, leaders[0], district.window_b, MONDAY, "AM", hall_administrator)
        instance = rotation_facts.build(district.programme.pk, MONDAY, MONDAY).instance
    morning = instance.slots.index(rotation.Slot(MONDAY, "AM"))
    assert morning not in instance.director_of[str(leaders[0].pk)].free
    assert morning not in instance.desk_of[str(district.window_b.pk)].open
    assert (str(district.a.pk), str(district.b.pk)) in instance.met


def test_half_days_closed_every_week_are_no_places(district: District, leaders: list[User]) -> None:
    district.hall.closed_weekly = ["0-AM"]
    district.hall.save()
    with clock.at(BEFORE):
        built = rotation_facts.build(district.programme.pk, MONDAY, MONDAY + timedelta(days=1)).instance
    assert rotation.Slot(MONDAY, "AM") not in built.slots
    assert len(built.slots) == 3


def test_visits_before_the_range_count_towards_quota_and_balance(
    district: District, leaders: list[User], hall_administrator: User
) -> None:
    with clock.at(BEFORE):
        put(district, leaders[0], hall_administrator)
        later = rotation_facts.build(district.programme.pk, MONDAY + timedelta(days=7), FRIDAY + timedelta(days=7))
    assert later.instance.done == {(str(leaders[0].pk), ""): 1}
    assert later.instance.received == {str(district.b.pk): 1}


def test_a_quota_that_cannot_be_met_falls_short_and_says_why(
    district: District, leaders: list[User], hall_administrator: User
) -> None:
    leave(leaders[2])
    plan = ask(district, hall_administrator)
    assert plan.status == "done"
    assert plan.figures["short"] == [[str(leaders[2].pk), "", 1]]
    assert plan.report["causes"][0]["zh-hans"][0].startswith("市场监管局局长在整个期间至少须坐 1 个半天")
    assert plan.report["repairs"][0]["changes"][0]["director"] == str(leaders[2].pk)


def test_firm_quotas_make_it_impossible(district: District, leaders: list[User], hall_administrator: User) -> None:
    leave(leaders[2])
    plan = ask(district, hall_administrator, firm=True)
    assert (plan.status, plan.placements.count()) == ("infeasible", 0)
    assert "must sit at least 1 half-day" in plan.report["causes"][0]["en"][0]


def test_people_without_a_target_are_left_out(
    district: District, leaders: list[User], hall_administrator: User
) -> None:
    factories.make_director(district.a, "deputy", username="deputy_a", code="L009")
    assert ask(district, hall_administrator).placements.count() == 3


def test_accepting_places_everybody_as_drafts_once(
    district: District, leaders: list[User], hall_administrator: User
) -> None:
    plan = ask(district, hall_administrator)
    with clock.at(BEFORE):
        assert services.accept_plan(plan, hall_administrator) == 3
        assert services.accept_plan(plan, hall_administrator) == 3
    assert list(WindowSession.objects.values_list("status", flat=True)) == ["draft"] * 3
    assert plan.placements.filter(window_session=None).count() == 0


def test_accepting_a_week_leaves_the_other_weeks(
    district: District, leaders: list[User], hall_administrator: User
) -> None:
    plan = ask(district, hall_administrator)
    first = plan.placements.earliest("date")
    with clock.at(BEFORE):
        services.accept_plan(plan, hall_administrator, days=(first.date, first.date))
    assert set(WindowSession.objects.values_list("date", flat=True)) == {first.date}


def test_a_place_taken_meanwhile_stops_the_whole_acceptance(
    district: District, leaders: list[User], hall_administrator: User
) -> None:
    plan = ask(district, hall_administrator)
    row = plan.placements.last()
    assert row is not None
    other = next(one for one in leaders if one.pk != row.director_id and one.department_id != row.window.department_id)
    with clock.at(BEFORE):
        put(district, other, hall_administrator, window=row.window, date=row.date, half=row.half)
        with pytest.raises(ValidationError) as caught:
            services.accept_plan(plan, hall_administrator)
    assert any(row.window.number in text for text in caught.value.messages)
    assert WindowSession.objects.count() == 1


def proposal(district: District, actor: User, *visits: tuple[User, Any, date]) -> RotationPlan:
    plan = queued(district, actor, status="done")
    for who, window, day in visits:
        PlannedPlacement.objects.create(plan=plan, director=who, window=window, date=day, half="AM")
    return plan


def test_the_rules_judge_each_placement_beside_those_made_before_it(
    district: District, director_a: User, hall_administrator: User
) -> None:
    quota(district, minimum=5, maximum=2)
    change(district.programme, severities=district.programme.severities | {"quota": "block", "repeat_pair": "block"})
    window_c = factories.make_window(district.hall, district.c, number="A21")
    days = [MONDAY + timedelta(days=n) for n in range(4)]
    desks = (district.window_b, window_c, district.window_b, window_c)
    plan = proposal(
        district, hall_administrator, *((director_a, desk, day) for desk, day in zip(desks, days, strict=True))
    )
    with clock.at(BEFORE), pytest.raises(ValidationError) as caught:
        services.accept_plan(plan, hall_administrator)
    assert sum("3 个半天" in text for text in caught.value.messages) == 2
    assert WindowSession.objects.count() == 0


def test_leave_and_posting_of_each_day_count(district: District, director_a: User, hall_administrator: User) -> None:
    quota(district, minimum=5)
    friday = MONDAY + timedelta(days=4)
    leave(director_a, friday, friday)
    posting = director_a.postings.get()
    posting.ends_on = MONDAY + timedelta(days=1)
    posting.save()
    visits = [(director_a, district.window_b, MONDAY + timedelta(days=n)) for n in (0, 2, 4)]
    plan = proposal(district, hall_administrator, *visits)
    with clock.at(BEFORE), pytest.raises(ValidationError) as caught:
        services.accept_plan(plan, hall_administrator)
    assert len(caught.value.messages) == 2


def test_accepting_reads_the_facts_once(
    district: District, leaders: list[User], hall_administrator: User, django_assert_max_num_queries: Any
) -> None:
    plan = ask(district, hall_administrator)
    with clock.at(BEFORE), django_assert_max_num_queries(14 + 9 * 3):
        services.accept_plan(plan, hall_administrator)


def test_a_second_proposal_cannot_place_people_twice(
    district: District, leaders: list[User], hall_administrator: User
) -> None:
    first, second = ask(district, hall_administrator), ask(district, hall_administrator, seed=5)
    with clock.at(BEFORE):
        services.accept_plan(first, hall_administrator)
        with pytest.raises(ValidationError) as caught:
            services.accept_plan(second, hall_administrator)
    assert len(caught.value.messages) == 3
    assert WindowSession.objects.count() == 3


def test_locked_placements_stay_when_it_is_planned_anew(
    district: District, leaders: list[User], hall_administrator: User
) -> None:
    plan = ask(district, hall_administrator)
    kept = plan.placements.first()
    assert kept is not None
    services.lock_placement(kept, hall_administrator, locked=True)
    again = ask(district, hall_administrator, base=plan, seed=9)
    same = again.placements.get(locked=True)
    assert (same.director, same.window, same.date, same.half) == (kept.director, kept.window, kept.date, kept.half)
    assert (again.placements.count(), again.figures["placements"], again.figures["given"]) == (3, 3, 0)
    assert same.reasons


def queued(district: District, actor: User, **given: Any) -> RotationPlan:
    values = ASKED | {"created_at": BEFORE, "updated_at": BEFORE, "created_by": actor} | given
    return RotationPlan.objects.create(programme=district.programme, **values)


def test_one_at_a_time(district: District, leaders: list[User], hall_administrator: User) -> None:
    queued(district, hall_administrator)
    with pytest.raises(WrongState):
        ask(district, hall_administrator)


def test_a_stopped_plan_is_left_alone_by_the_worker(
    district: District, leaders: list[User], hall_administrator: User
) -> None:
    plan = queued(district, hall_administrator)
    services.cancel_plan(plan, hall_administrator)
    rotations.solve_plan.func(plan.pk)
    plan.refresh_from_db()
    assert (plan.status, plan.placements.count()) == ("cancelled", 0)
    with pytest.raises(WrongState):
        services.cancel_plan(plan, hall_administrator)


def test_stopping_reaches_the_solver(
    district: District, leaders: list[User], hall_administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotations, "ASK_EVERY", -1)
    plan = queued(district, hall_administrator, status="running")
    ask_now = rotations._stopped(plan)
    assert not ask_now()
    services.cancel_plan(plan, hall_administrator)
    assert ask_now()
    with pytest.raises(rotation.Cancelled):
        rotations._solve(plan)


def test_a_plan_whose_worker_died_is_given_up_when_another_is_asked_for(
    district: District, leaders: list[User], hall_administrator: User
) -> None:
    dead = queued(district, hall_administrator, status="running", updated_at=BEFORE - timedelta(minutes=5))
    assert ask(district, hall_administrator).status == "done"
    dead.refresh_from_db()
    assert dead.status == "failed"


def test_a_dead_worker_is_noticed_by_the_clock(district: District, hall_administrator: User) -> None:
    dead = queued(district, hall_administrator, status="running", updated_at=BEFORE - timedelta(minutes=5))
    with clock.at(BEFORE):
        import_string(next(job for job in settings.TICKS if job.endswith("rotations.reap")))()
    dead.refresh_from_db()
    assert (dead.status, dead.report) == ("failed", {"why": "lost"})
    notice = Notice.objects.get(recipient=hall_administrator)
    assert (notice.url, "has broken off" in notice.msgid) == (f"/sessions/rotations/{dead.pk}/", True)


@pytest.mark.parametrize(
    ("error", "why"), [(RuntimeError, "fault"), (AssertionError, "fault"), (MemoryError, "no_memory")]
)
def test_whatever_breaks_off_ends_it_with_a_reason(
    district: District, hall_administrator: User, monkeypatch: Any, caplog: Any, error: type[BaseException], why: str
) -> None:
    def break_off(*_args: Any, **_values: Any) -> None:
        raise error("the machine")

    monkeypatch.setattr(rotation, "solve", break_off)
    plan = ask(district, hall_administrator)
    assert (plan.status, plan.report) == ("failed", {"why": why})
    assert "the machine" in caplog.text
    assert Notice.objects.filter(recipient=hall_administrator).count() == 1


def test_what_took_long_is_told(district: District, leaders: list[User], hall_administrator: User) -> None:
    plan = queued(district, hall_administrator, created_at=BEFORE - timedelta(minutes=2))
    with clock.at(BEFORE):
        rotations.solve_plan.func(plan.pk)
    assert Notice.objects.filter(recipient=hall_administrator, url=f"/sessions/rotations/{plan.pk}/").count() == 1


def test_time_up_is_said(district: District, leaders: list[User], hall_administrator: User, monkeypatch: Any) -> None:
    def slow(*_args: Any, **_values: Any) -> None:
        raise rotation.TimeUp

    monkeypatch.setattr(rotation, "solve", slow)
    plan = ask(district, hall_administrator)
    assert (plan.status, plan.report) == ("failed", {"why": "time_up"})


def test_discarding_keeps_the_sessions_made_of_it(
    district: District, leaders: list[User], hall_administrator: User
) -> None:
    plan = ask(district, hall_administrator)
    with clock.at(BEFORE):
        services.accept_plan(plan, hall_administrator)
    services.discard_plan(plan, hall_administrator)
    assert (RotationPlan.objects.count(), PlannedPlacement.objects.count(), WindowSession.objects.count()) == (0, 0, 3)
    with pytest.raises(WrongState):
        services.discard_plan(queued(district, hall_administrator), hall_administrator)


def test_days_outside_of_the_programme_are_refused(district: District, hall_administrator: User) -> None:
    change(district.programme, starts_on=MONDAY + timedelta(days=1))
    with pytest.raises(ValidationError):
        ask(district, hall_administrator)


def test_others_are_refused(district: District, leaders: list[User], hall_administrator: User, guide: User) -> None:
    plan = ask(district, hall_administrator)
    stranger = factories.grant(factories.make_user(), "hall_administrator", hall=factories.make_hall())
    placement = plan.placements.all()[0]
    for person in (guide, leaders[0], stranger):
        for act in (
            lambda who: ask(district, who),
            lambda who: services.cancel_plan(plan, who),
            lambda who: services.discard_plan(plan, who),
            lambda who: services.accept_plan(plan, who),
            lambda who: services.lock_placement(placement, who, locked=True),
        ):
            with pytest.raises(PermissionDenied):
                act(person)
        assert not RotationPlan.objects.visible_to(person).exists()
