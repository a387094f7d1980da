"""A case on the phone: open, walk, block, close, withdraw."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from sessions import services
from sessions.choices import Consent, StepResult
from sessions.models import HandledCase, StepRun
from tests import factories
from tests.conftest import District
from tests.sessions import stage


@pytest.fixture
def case(district: District, director_a: User, client: Client) -> HandledCase:
    client.force_login(director_a)
    return stage.simulated_case(district, director_a)


def url(name: str, pk: int) -> str:
    return reverse(f"window_sessions:{name}", args=[pk])


def first(case: HandledCase) -> StepRun:
    return case.steps.order_by("number")[0]


def test_page_shows_every_step(case: HandledCase, client: Client) -> None:
    page = client.get(url("case_detail", case.pk)).content.decode()
    assert all(f"环节{n}" in page for n in (1, 2, 3))
    assert "模拟材料" in page
    assert url("complete_step", first(case).pk) in page
    assert url("complete_step", case.steps.get(number=2).pk) not in page


def test_pass_moves_on_and_a_repeat_is_harmless(case: HandledCase, client: Client) -> None:
    step = first(case)
    data = {"version": 0, "documents_asked": 3, "signatures": 1, "note": ""}
    for _click in range(2):
        answer = client.post(url("complete_step", step.pk), data)
        assert answer.url == url("case_detail", case.pk)  # type: ignore[attr-defined]
    step.refresh_from_db()
    assert (step.result, step.documents_asked) == (StepResult.OK, 3)
    assert client.post(url("complete_step", step.pk), data | {"documents_asked": 9}).status_code == 409


def test_skipping_is_a_conflict(case: HandledCase, client: Client) -> None:
    data = {"version": 0, "documents_asked": 0, "signatures": 0}
    assert client.post(url("complete_step", case.steps.get(number=3).pk), data).status_code == 409


@pytest.mark.parametrize("name", ["complete_step", "save_step"])
def test_bad_counters_keep_the_note(name: str, case: HandledCase, client: Client) -> None:
    data = {"version": 0, "documents_asked": "-1", "signatures": "x", "note": "写了一半的话"}
    answer = client.post(url(name, first(case).pk), data)
    assert answer.status_code == 400
    assert "写了一半的话" in answer.content.decode()


def test_autosave_answers_with_the_version(case: HandledCase, client: Client) -> None:
    data = {"version": 0, "documents_asked": 2, "signatures": 0, "note": "草稿"}
    answer = client.post(url("save_step", first(case).pk), data, headers={"x-requested-with": "autosave"})
    assert answer.json()["version"] == 1
    assert "草稿" in client.get(url("case_detail", case.pk)).content.decode()


def test_blocked_saves_the_draft_and_leads_to_the_issue(case: HandledCase, client: Client) -> None:
    data = {"version": 0, "documents_asked": 2, "signatures": 0, "note": "要两份", "go": "block"}
    answer = client.post(url("save_step", first(case).pk), data)
    assert answer.status_code == 302
    assert first(case).note == "要两份"
    assert first(case).result == ""


def test_plain_save_returns_to_the_page(case: HandledCase, client: Client) -> None:
    data = {"version": 0, "documents_asked": 2, "signatures": 0}
    assert client.post(url("save_step", first(case).pk), data).url == url("case_detail", case.pk)  # type: ignore[attr-defined]


def test_close_asks_for_waiting_and_trips(case: HandledCase, director_a: User, client: Client) -> None:
    assert client.post(url("close_case", case.pk), {"version": 0}).status_code == 409
    stage.walked(case, director_a)
    page = client.get(url("case_detail", case.pk)).content.decode()
    assert url("close_case", case.pk) not in page


def test_close_form(case: HandledCase, client: Client) -> None:
    for step in case.steps.all():
        client.post(url("complete_step", step.pk), {"version": step.version + (step.number > 1), "documents_asked": 1,
                    "signatures": 0})  # fmt: skip
    assert url("close_case", case.pk) in client.get(url("case_detail", case.pk)).content.decode()
    assert client.get(url("close_case", case.pk)).status_code == 200
    bad = client.post(url("close_case", case.pk), {"version": 0, "trips": -1, "note": "留着"})
    assert (bad.status_code, "留着" in bad.content.decode()) == (400, True)
    answer = client.post(url("close_case", case.pk), {"version": 0, "waiting_minutes": 15, "trips": 1})
    assert answer.url == url("run", case.window_session_id)  # type: ignore[attr-defined]
    case.refresh_from_db()
    assert (case.waiting_minutes, case.is_open) == (15, False)


def test_withdrawal_is_asked_once(district: District, director_a: User, client: Client) -> None:
    client.force_login(director_a)
    case = stage.drawn_case(district, director_a)
    assert "A2046" in client.get(url("case_detail", case.pk)).content.decode()
    assert client.get(url("withdraw_consent", case.pk)).status_code == 200
    page = client.post(url("withdraw_consent", case.pk), follow=True).content.decode()
    assert "A2046" not in page
    assert "群众已撤回同意" in page
    assert "step-form" not in page
    assert url("draw_ticket", case.window_session_id) in page
    case.refresh_from_db()
    assert (case.consent, case.is_open, case.abandoned) == (Consent.WITHDRAWN, False, True)


def test_open_page_searches_and_proposes(case: HandledCase, district: District, client: Client) -> None:
    far = factories.make_item(district.a, name="特别的事项")
    district.programme.handling_list.add(far)
    address = url("open_case", case.window_session_id)
    assert client.get(address, {"q": "特别"}).context["items"] == [far]
    chosen = client.get(address, {"item": str(far.pk), "q": "没有"}).context
    assert (chosen["items"], chosen["chosen"]) == ([far], str(far.pk))
    assert client.get(address, {"item": "x' OR 1=1"}).status_code == 200


def test_simulated_without_a_pack_is_refused_in_words(case: HandledCase, district: District, client: Client) -> None:
    far = factories.make_item(district.a)
    district.programme.handling_list.add(far)
    data = {"token": "t1", "source": "simulated", "item": far.pk}
    answer = client.post(url("open_case", case.window_session_id), data)
    assert answer.status_code == 400
    assert "没有模拟材料" in answer.content.decode()
    assert client.post(url("open_case", case.window_session_id), {"token": "t2"}).status_code == 400


def test_note_is_saved_while_closing(case: HandledCase, client: Client) -> None:
    data = {"version": 0, "note": "等了很久", "trips": "x"}
    answer = client.post(url("save_note", case.pk), data, headers={"x-requested-with": "autosave"})
    assert answer.json()["version"] == 1
    assert client.post(url("save_note", case.pk), {"version": 1, "note": "又"}).status_code == 302
    assert client.post(url("save_note", case.pk), {"version": 1, "note": "长" * 1001}).status_code == 400
    assert client.get(url("save_note", case.pk)).status_code == 405
    case.refresh_from_db()
    assert case.note == "又"


def test_nothing_is_recorded_before_the_start_or_after_the_end(
    case: HandledCase, director_a: User, client: Client
) -> None:
    stage.walked(case, director_a)
    services.finish(case.window_session, director_a)
    assert "step-form" not in client.get(url("case_detail", case.pk)).content.decode()


@pytest.mark.parametrize("name", ["complete_step", "save_step"])
def test_steps_refuse_get_and_strangers(name: str, case: HandledCase, outsider: User, client: Client) -> None:
    assert client.get(url(name, first(case).pk)).status_code == 405
    client.force_login(outsider)
    assert client.post(url(name, first(case).pk), {}).status_code == 404


@pytest.mark.parametrize("name", ["case_detail", "close_case", "withdraw_consent"])
def test_cases_are_hidden_from_strangers(name: str, case: HandledCase, outsider: User, client: Client) -> None:
    client.force_login(outsider)
    assert client.get(url(name, case.pk)).status_code == 404


def test_readers_see_no_form(case: HandledCase, auditor: User, client: Client) -> None:
    client.force_login(auditor)
    assert "step-form" not in client.get(url("case_detail", case.pk)).content.decode()
    data = {"version": 0, "documents_asked": 0, "signatures": 0}
    assert client.post(url("complete_step", first(case).pk), data).status_code == 403
    assert client.post(url("close_case", case.pk), {"version": 0}).status_code == 403


def test_case_page_needs_few_queries(case: HandledCase, client: Client, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(url("case_detail", case.pk))


@pytest.mark.parametrize("number", ["²", "9" * 30, "9" * 5000])
def test_an_address_that_names_no_item_is_no_fault(case: HandledCase, client: Client, number: str) -> None:
    assert client.get(url("open_case", case.window_session_id), {"item": number}).status_code == 200


SEES = {"guide": True, "hall_administrator": True, "director_a": True, "reform_officer": False, "auditor": False}


@pytest.mark.parametrize(("who", "sees"), [*SEES.items(), ("liaison", False)])
def test_the_citizen_is_known_to_those_who_run_the_session(
    who: str, sees: bool, request: pytest.FixtureRequest, district: District, director_a: User, client: Client
) -> None:
    case = stage.drawn_case(district, director_a)
    client.force_login(request.getfixturevalue(who))
    for page in (url("case_detail", case.pk), url("run", case.window_session_id)):
        text = client.get(page).content.decode()
        assert "现场群众" in text
        assert ("A2046" in text, "王*" in text) == (sees, sees)
