"""The pages of a rotation: ask, watch, read, compare, lock, accept, discard."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import clock
from core.idempotency import new_token
from core.models import CalendarDay
from sessions import services
from sessions.models import Availability, PlannedPlacement, RotationPlan, WindowSession
from tests import factories
from tests.conftest import District
from tests.sessions.planning import BEFORE, MONDAY, put, quota, reads

FRIDAY = MONDAY + timedelta(days=4)
FORM = {
    "starts_on": str(MONDAY), "ends_on": str(FRIDAY), "new_pairs": "10", "seams": "5", "spread": "3",
    "seconds": "15", "seed": "4",
}  # fmt: skip


@pytest.fixture(autouse=True)
def a_week_before() -> Iterator[None]:
    with clock.at(BEFORE):
        yield


@pytest.fixture
def people(district: District, director_a: User, director_b: User) -> list[User]:
    factories.make_window(district.hall, district.c, number="A21")
    quota(district)
    return [director_a, director_b, factories.make_director(district.c, username="director_c", code="L003")]


@pytest.fixture
def planner(client: Client, hall_administrator: User) -> Client:
    client.force_login(hall_administrator)
    return client


def at(name: str, pk: int) -> str:
    return reverse(f"window_sessions:{name}", args=[pk])


def asked(client: Client, district: District, **given: str) -> Any:
    return client.post(at("request_plan", district.programme.pk), FORM | {"token": new_token()} | given)


def proposal(client: Client, district: District, **given: str) -> RotationPlan:
    asked(client, district, **given)
    return RotationPlan.objects.latest("pk")


def test_ask_read_accept(planner: Client, district: District, people: list[User]) -> None:
    response = asked(planner, district)
    plan = RotationPlan.objects.get()
    assert response.url == at("rotation_detail", plan.pk)
    assert (plan.weights, plan.seed) == ({"new_pairs": 10, "seams": 5, "spread": 3}, 4)
    text = planner.get(response.url).content.decode()
    assert "首次到" in text
    assert "已证明不能更小" in text
    assert "排入 3 人次" in planner.get(at("accept_plan", plan.pk)).content.decode()
    planner.post(at("accept_plan", plan.pk))
    assert WindowSession.objects.filter(status="draft").count() == 3


def test_the_same_form_sent_twice_asks_once(planner: Client, district: District, people: list[User]) -> None:
    token = new_token()
    first, second = asked(planner, district, token=token), asked(planner, district, token=token)
    assert first.url == second.url
    assert RotationPlan.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ends_on": str(MONDAY - timedelta(days=1))}, "结束日期早于开始日期。"),
        ({"starts_on": "2025-12-31"}, "这些日子不在活动日期内。"),
        ({"ends_on": "2026-01-02", "starts_on": "2026-01-01"}, "这些日子已经过去，请选以后的。"),
        ({"starts_on": ""}, "请选日期。"),
    ],
)
def test_wrong_days_come_back_with_what_was_typed(
    planner: Client, district: District, given: dict[str, str], said: str
) -> None:
    response = asked(planner, district, seed="77", **given)
    assert response.status_code == 400
    assert said in response.content.decode()
    assert 'value="77"' in response.content.decode()
    assert not RotationPlan.objects.exists()


def test_a_second_question_at_the_same_time_leads_to_the_first(
    planner: Client, district: District, hall_administrator: User
) -> None:
    plan = waiting(district, hall_administrator)
    response = asked(planner, district)
    assert response.status_code == 409
    assert at("rotation_detail", plan.pk) in response.content.decode()


def waiting(district: District, actor: User, **given: Any) -> RotationPlan:
    values = {"starts_on": MONDAY, "ends_on": FRIDAY, "created_by": actor, "created_at": BEFORE, "updated_at": BEFORE}
    return RotationPlan.objects.create(programme=district.programme, **(values | given))


def test_progress_can_be_left_and_stopped(planner: Client, district: District, hall_administrator: User) -> None:
    plan = waiting(district, hall_administrator)
    assert "可以离开本页" in planner.get(at("rotation_detail", plan.pk)).content.decode()
    part = planner.get(at("rotation_detail", plan.pk), headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" in part
    assert "<html" not in part
    planner.post(at("cancel_plan", plan.pk))
    plan.refresh_from_db()
    assert plan.status == "cancelled"
    assert planner.get(at("rotation_detail", plan.pk), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert planner.post(at("cancel_plan", plan.pk)).status_code == 409


def test_a_silent_worker_is_said(planner: Client, district: District, hall_administrator: User) -> None:
    plan = waiting(district, hall_administrator, updated_at=BEFORE - timedelta(minutes=4))
    assert "三分钟没有动静" in planner.get(at("rotation_detail", plan.pk)).content.decode()


def test_why_there_is_none_leads_to_where_it_is_changed(
    planner: Client, district: District, people: list[User]
) -> None:
    Availability.objects.create(user=people[2], starts_on=MONDAY, ends_on=FRIDAY)
    plan = proposal(planner, district, firm="on")
    text = planner.get(at("rotation_detail", plan.pk)).content.decode()
    assert "没有满足全部规则的排法" in text
    assert "全程请假" in text
    assert at("availability", people[2].pk) in text
    assert at("programme_edit", district.programme.pk) in text


def test_a_place_taken_meanwhile_is_named_and_nobody_placed(
    planner: Client, district: District, people: list[User], hall_administrator: User
) -> None:
    plan = proposal(planner, district)
    row = plan.placements.all()[0]
    put(district, row.director, hall_administrator, window=row.window, date=row.date, half=row.half)
    response = planner.post(at("accept_plan", plan.pk))
    assert response.status_code == 409
    assert row.window.number in response.content.decode()
    assert WindowSession.objects.count() == 1


def test_one_week_is_accepted(planner: Client, district: District, people: list[User]) -> None:
    plan = proposal(planner, district)
    assert "2026-06-01" in planner.get(f"{at('accept_plan', plan.pk)}?week=2026-W23").content.decode()
    planner.post(f"{at('accept_plan', plan.pk)}?week=2026-W23")
    assert WindowSession.objects.count() == 0


def test_an_outdated_proposal_says_so_and_is_not_accepted(
    planner: Client, district: District, people: list[User]
) -> None:
    older, newer = proposal(planner, district), proposal(planner, district, seed="9")
    page, act = at("rotation_detail", older.pk), at("accept_plan", older.pk)
    fresh = planner.get(page)
    assert (fresh.context["proposal"].settled, act in fresh.content.decode()) == (0, True)
    planner.post(at("accept_plan", newer.pk))
    stale = planner.get(page)
    assert (stale.context["proposal"].settled, act in stale.content.decode()) == (len(people), False)


def test_a_proposal_over_days_not_announced_yet_says_so(
    planner: Client, district: District, people: list[User]
) -> None:
    pages = [at("rotation_list", district.programme.pk), at("rotation_detail", proposal(planner, district).pk)]
    CalendarDay.objects.update(provisional=True)
    assert [planner.get(page).context["provisional"] for page in pages] == [(2026,), (2026,)]
    days = {MONDAY + timedelta(days=n) for n in range(5)}
    CalendarDay.objects.filter(date__in=days).update(provisional=False)
    assert planner.get(pages[1]).context["provisional"] == ()


def test_lock_and_plan_again(planner: Client, district: District, people: list[User]) -> None:
    plan = proposal(planner, district)
    row = plan.placements.all()[0]
    part = planner.post(at("lock_placement", row.pk), {"locked": "1"}, headers={"HX-Request": "true"})
    assert "已锁定" in part.content.decode()
    answer = planner.post(at("lock_placement", row.pk), {"locked": "1"})
    assert f"#placement-{row.pk}" in answer["Location"]
    planner.post(at("replan", plan.pk))
    again = RotationPlan.objects.latest("pk")
    assert (again.seed, again.placements.filter(locked=True, director=row.director).count()) == (5, 1)
    text = planner.get(at("rotation_list", district.programme.pk)).content.decode()
    assert 0 < text.index(f"方案 {again.pk}") < text.index(f"方案 {plan.pk}")


def test_discard(planner: Client, district: District, people: list[User]) -> None:
    plan = proposal(planner, district)
    planner.post(at("discard_plan", plan.pk))
    assert not RotationPlan.objects.exists()


def test_another_halls_administrator_finds_nothing(client: Client, district: District, reform_officer: User) -> None:
    plan = waiting(district, reform_officer)
    row = PlannedPlacement.objects.create(
        plan=plan, director=reform_officer, window=district.window_b, date=MONDAY, half="AM"
    )
    client.force_login(factories.grant(factories.make_user(), "hall_administrator", hall=factories.make_hall()))
    assert client.get(at("rotation_detail", plan.pk)).status_code == 404
    assert client.get(at("rotation_list", district.programme.pk)).status_code == 403
    for name, pk in (
        ("accept_plan", plan.pk),
        ("cancel_plan", plan.pk),
        ("discard_plan", plan.pk),
        ("replan", plan.pk),
    ):
        assert client.post(at(name, pk)).status_code == 404
    assert client.post(at("lock_placement", row.pk), {"locked": "1"}).status_code == 404


def test_queries_do_not_grow_with_the_rows(
    planner: Client, district: District, people: list[User], hall_administrator: User
) -> None:
    def fill(departments: int) -> tuple[int, int]:
        for _n in range(departments):
            department = factories.make_department()
            district.programme.departments.add(department)
            factories.make_director(department)
            factories.make_window(district.hall, department)
        with clock.at(BEFORE):
            plan = services.request_plan(
                district.programme, hall_administrator, starts_on=MONDAY, ends_on=FRIDAY, seed=1, seconds=30, firm=False
            )
        shown, queries = reads(planner, at("rotation_detail", plan.pk))
        assert shown.count("placement-") >= departments
        return queries, reads(planner, at("rotation_list", district.programme.pk))[1]

    few = fill(0)
    assert few == fill(28)
    assert max(few) <= 12


def test_planning_again_after_the_programme_was_shortened_says_so(
    planner: Client, district: District, people: list[User]
) -> None:
    plan = proposal(planner, district)
    type(district.programme).objects.update(ends_on=plan.starts_on)
    answer = planner.post(at("replan", plan.pk), follow=True)
    assert "不在" in answer.content.decode() or "之外" in answer.content.decode()
    assert RotationPlan.objects.count() == 1
