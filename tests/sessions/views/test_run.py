"""The session's page, start, finish and the draw, as requests."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from sessions import services
from sessions.choices import SessionStatus
from sessions.models import Draw, HandledCase, WindowSession
from tests.conftest import District
from tests.sessions import stage


@pytest.fixture
def row(district: District, director_a: User) -> WindowSession:
    return stage.published(district, director_a)


def url(name: str, pk: int) -> str:
    return reverse(f"window_sessions:{name}", args=[pk])


def test_director_starts_from_the_page(row: WindowSession, director_a: User, client: Client) -> None:
    client.force_login(director_a)
    assert url("start", row.pk) in client.get(url("run", row.pk)).content.decode()
    for _click in range(2):
        assert client.post(url("start", row.pk)).url == url("run", row.pk)  # type: ignore[attr-defined]
    row.refresh_from_db()
    assert row.status == SessionStatus.IN_PROGRESS
    assert url("open_case", row.pk) in client.get(url("run", row.pk)).content.decode()


@pytest.mark.parametrize("name", ["start", "answer_draw"])
def test_changes_refuse_get(name: str, row: WindowSession, director_a: User, client: Client) -> None:
    client.force_login(director_a)
    assert client.get(url(name, row.pk)).status_code == 405


@pytest.mark.parametrize("name", ["run", "start", "finish", "draw_ticket", "open_case", "feedback"])
def test_strangers_find_nothing(name: str, row: WindowSession, outsider: User, client: Client) -> None:
    client.force_login(outsider)
    method = client.post if name == "start" else client.get
    assert method(url(name, row.pk)).status_code == 404


@pytest.mark.parametrize("name", ["start", "finish", "draw_ticket", "open_case"])
@pytest.mark.parametrize("who", ["reform_officer", "auditor", "liaison"])
def test_readers_do_not_run(
    name: str, who: str, request: pytest.FixtureRequest, row: WindowSession, client: Client
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(url("run", row.pk)).status_code == 200
    assert client.post(url(name, row.pk)).status_code == 403
    row.refresh_from_db()
    assert row.status == SessionStatus.PUBLISHED


def test_wrong_state_is_a_conflict_in_words(row: WindowSession, director_a: User, client: Client) -> None:
    client.force_login(director_a)
    answer = client.post(url("finish", row.pk))
    assert answer.status_code == 409
    assert "已公布" in answer.content.decode()


def test_finish_is_asked_once(row: WindowSession, director_a: User, client: Client) -> None:
    client.force_login(director_a)
    services.start(row, director_a)
    stage.walked(stage.simulated_case(*_district(row), row), director_a)
    assert client.get(url("finish", row.pk)).status_code == 200
    assert client.post(url("finish", row.pk)).status_code == 302
    row.refresh_from_db()
    assert row.status == SessionStatus.AWAITING_FEEDBACK


def _district(row: WindowSession) -> tuple[District, User]:
    item = row.programme.handling_list.get()
    assert row.home_department
    return District(row.window.hall, row.home_department, item.department, item.department, row.window, row.window,
                    item, row.programme), row.director  # fmt: skip


def test_draw_and_answer(row: WindowSession, guide: User, client: Client) -> None:
    client.force_login(guide)
    client.post(url("start", row.pk))
    form = client.get(url("draw_ticket", row.pk)).context["form"]
    sent = {"token": form["token"].value(), "tickets": "A1 A2"}
    for _click in range(2):
        assert client.post(url("draw_ticket", row.pk), sent).url == url("run", row.pk)  # type: ignore[attr-defined]
    draw = Draw.objects.get()
    assert draw.pending in client.get(url("run", row.pk)).content.decode()
    client.post(url("answer_draw", draw.pk), {"consent": "no", "asked": 1})
    client.post(url("answer_draw", draw.pk), {"consent": "perhaps", "asked": 2})
    answer = client.post(url("answer_draw", draw.pk), {"consent": "yes", "asked": 2})
    assert answer.url == url("open_case", row.pk)  # type: ignore[attr-defined]


def test_opening_twice_makes_one_case(row: WindowSession, guide: User, client: Client) -> None:
    client.force_login(guide)
    services.start(row, guide)
    services.answer_draw(services.draw_ticket(row, guide, ["A1"]), guide, "yes", asked=1)
    page = client.get(url("open_case", row.pk))
    item = row.programme.handling_list.get()
    data = {"token": page.context["form"]["token"].value(), "source": "drawn", "item": item.pk, "surname": "李四"}
    for _click in range(2):
        opened = client.post(url("open_case", row.pk), data)
    case = HandledCase.objects.get()
    assert opened.url == url("case_detail", case.pk)  # type: ignore[attr-defined]
    assert case.masked_surname == "李*"


def test_last_refusal_says_what_to_do(row: WindowSession, director_a: User, client: Client) -> None:
    client.force_login(director_a)
    services.start(row, director_a)
    draw = services.draw_ticket(row, director_a, ["A1"])
    answer = client.post(url("answer_draw", draw.pk), {"consent": "no", "asked": 1}, follow=True)
    assert "模拟材料" in answer.content.decode()


def test_bad_tickets_come_back_as_typed(row: WindowSession, director_a: User, client: Client) -> None:
    client.force_login(director_a)
    services.start(row, director_a)
    answer = client.post(url("draw_ticket", row.pk), {"token": "t", "tickets": "A" * 30})
    assert answer.status_code == 400
    assert "A" * 30 in answer.content.decode()


def test_other_day_shows_the_reason(district: District, director_a: User, client: Client) -> None:
    row = stage.published(district, director_a, date="2026-01-05")
    client.force_login(director_a)
    assert "2026-01-05" in client.get(url("run", row.pk)).content.decode()
    assert client.post(url("start", row.pk)).status_code == 409


@pytest.mark.parametrize("cases", [1, 12])
def test_queries_do_not_grow_with_cases(
    cases: int, district: District, director_a: User, client: Client, django_assert_max_num_queries: object
) -> None:
    row = stage.started(district, director_a)
    for _n in range(cases):
        stage.walked(stage.simulated_case(district, director_a, row), director_a)
    client.force_login(director_a)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(url("run", row.pk))


def test_a_drawn_ticket_is_shown_to_those_who_run_the_session(
    row: WindowSession, director_a: User, auditor: User, client: Client
) -> None:
    services.start(row, director_a)
    services.draw_ticket(row, director_a, ["A2046"])
    for person, sees in ((director_a, True), (auditor, False)):
        client.force_login(person)
        text = client.get(url("run", row.pk)).content.decode()
        assert ("A2046" in text, "抽中了" in text) == (sees, True)
