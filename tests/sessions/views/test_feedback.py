"""The form on the phone: parts, drafts, autosave, rows, handing in; the read page and who may see it."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from sessions import services
from sessions.choices import SessionStatus
from sessions.importing_feedback import import_questions
from sessions.models import Feedback, WindowSession
from tests.conftest import District
from tests.sessions import stage
from tests.sessions.test_feedback import QUESTIONS, full

AUTOSAVE = {"x-requested-with": "autosave"}


@pytest.fixture
def row(district: District, director_a: User, client: Client) -> WindowSession:
    import_questions(Path(QUESTIONS))
    case = stage.walked(stage.simulated_case(district, director_a), director_a)
    client.force_login(director_a)
    return services.finish(case.window_session, director_a)


def url(name: str, row: WindowSession) -> str:
    return reverse(f"window_sessions:{name}", args=[row.pk])


def page(client: Client, row: WindowSession, part: int) -> str:
    return client.get(url("feedback", row), {"part": part}).content.decode()


@pytest.mark.parametrize("part", range(1, 9))
def test_every_part_shows_its_questions(part: int, row: WindowSession, client: Client) -> None:
    answer = client.get(url("feedback", row), {"part": part})
    asked = [one.code for _title, questions in answer.context["sections"] for one in questions]
    assert asked
    assert all(f'id="q-{code}"' in answer.content.decode() for code in asked)
    assert f"第 {part} 部分，共 8 部分" in answer.content.decode()


def test_no_rating_is_chosen(row: WindowSession, client: Client) -> None:
    text = page(client, row, 4)
    ratings = text[text.index('id="q-Q08"') : text.index('id="q-Q12"')]
    assert "checked" not in ratings
    assert "还没作答" in ratings


def test_draft_is_kept_and_leads_on(row: WindowSession, client: Client) -> None:
    data = {"part": 4, "version": 0, "go": "next", "Q08": "5", "Q09": "2", "Q12": "短"}
    assert client.post(url("save_feedback", row), data).url.endswith("?part=5")  # type: ignore[attr-defined]
    text = page(client, row, 4)
    assert 'id="Q09-2" value="2" checked' in text
    assert ">短</textarea>" in text
    back = client.post(url("save_feedback", row), {"part": 4, "version": 1, "go": "previous"})
    assert back.url.endswith("?part=3")  # type: ignore[attr-defined]
    assert "Q08" not in Feedback.objects.get().answers


def test_autosave_answers_with_the_version(row: WindowSession, client: Client) -> None:
    data = {"part": 3, "version": 0, "Q07": "体会"}
    assert client.post(url("save_feedback", row), data, headers=AUTOSAVE).json()["version"] == 1
    assert Feedback.objects.get().answers["Q07"] == "体会"


def test_autosave_says_what_a_text_still_lacks_and_keeps_it(row: WindowSession, client: Client) -> None:
    data = {"part": 4, "version": 0, "Q12": "短"}
    lacking = client.post(url("save_feedback", row), data, headers=AUTOSAVE).json()["lacking"]
    assert lacking["Q12"].startswith("现在 1 字，至少")
    assert Feedback.objects.get().answers["Q12"] == "短"
    assert lacking["Q12"] in page(client, row, 4)


def test_autosave_of_a_wrong_field_stores_nothing(row: WindowSession, client: Client) -> None:
    data = {"part": 2, "version": 0, "Q05": "900", "Q06": "3"}
    answer = client.post(url("save_feedback", row), data, headers=AUTOSAVE)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Q05"])
    assert Feedback.objects.get().version == 0


def test_wrong_field_stays_as_typed(row: WindowSession, client: Client) -> None:
    data = {"part": 2, "version": 0, "Q05": "900", "Q06": "3"}
    answer = client.post(url("save_feedback", row), data)
    assert (answer.status_code, 'value="900"' in answer.content.decode()) == (400, True)
    assert Feedback.objects.get().answers["Q06"] == 3


def test_rows_are_added_without_script(row: WindowSession, client: Client) -> None:
    data = {"part": 4, "version": 0, "go": "row-Q13", "Q13-0-0": "受理", "Q13-0-2": "要复印件", "Q13-1-0": " "}
    answer = client.post(url("save_feedback", row), data)
    assert answer.url.endswith("?part=4&more=Q13#q-Q13")  # type: ignore[attr-defined]
    assert [line["环节"] for line in Feedback.objects.get().answers["Q13"]] == ["受理"]
    assert 'name="Q13-3-0"' in client.get(answer.url).content.decode()  # type: ignore[attr-defined]


def test_wrong_cell_keeps_the_row(row: WindowSession, client: Client) -> None:
    data = {"part": 4, "version": 0, "Q13-0-0": "受理", "Q13-0-2": "长" * 501, "Q13-1-0": "审核"}
    answer = client.post(url("save_feedback", row), data)
    assert answer.status_code == 400
    assert "审核" in answer.content.decode()
    assert "长" * 501 in answer.content.decode()


def test_choices_that_do_not_exist_are_left_out(row: WindowSession, client: Client) -> None:
    data = {"part": 5, "version": 0, "Q14": "建议", "Q15": ["减材料", "减人"]}
    client.post(url("save_feedback", row), data)
    assert Feedback.objects.get().answers["Q15"] == ["减材料"]
    client.post(url("save_feedback", row), {"part": 4, "version": 1, "Q08": "9", "Q09": "x"})
    assert "Q08" not in Feedback.objects.get().answers


def test_single_choices_and_pictures(row: WindowSession, client: Client) -> None:
    client.post(url("save_feedback", row), {"part": 1, "version": 0, "Q01": "监督员", "Q02": "别的", "Q03": "全部走完"})
    client.post(url("save_feedback", row), {"part": 7, "version": 1, "Q19": "5", "Q21": "x"})
    answers = Feedback.objects.get().answers
    assert (answers["Q01"], answers["Q03"], answers["Q19"]) == ("监督员", "全部走完", 5)
    assert not {"Q02", "Q21"} & set(answers)


def test_stale_tab_gets_both_texts(row: WindowSession, client: Client) -> None:
    client.post(url("save_feedback", row), {"part": 3, "version": 0, "Q07": "第一个窗口"})
    answer = client.post(url("save_feedback", row), {"part": 3, "version": 0, "Q07": "第二个窗口"})
    assert answer.status_code == 409
    assert "第一个窗口" in answer.content.decode()
    assert "第二个窗口" in answer.content.decode()


def test_handing_in_names_what_is_missing(row: WindowSession, client: Client) -> None:
    answer = client.post(url("submit_feedback", row), {"part": 8, "version": 0, "Q22-name": "局长"})
    assert answer.status_code == 400
    assert "?part=4#q-Q08" in answer.content.decode()
    row.refresh_from_db()
    assert row.status == SessionStatus.AWAITING_FEEDBACK


def test_wrong_field_stops_the_handing_in(row: WindowSession, client: Client) -> None:
    assert client.post(url("submit_feedback", row), {"part": 2, "version": 0, "Q05": "x"}).status_code == 400


def hand_in(row: WindowSession, director: User, client: Client) -> None:
    services.save_feedback(row, director, full())
    data = {"part": 8, "version": 1, "Q22-name": "局长", "Q22": "signed"}
    for _click in range(2):
        assert client.post(url("submit_feedback", row), data).status_code == 302


def test_signing_hands_in_and_shows_all(row: WindowSession, director_a: User, client: Client) -> None:
    hand_in(row, director_a, client)
    row.refresh_from_db()
    assert row.status == SessionStatus.COMPLETED
    text = client.get(url("feedback", row)).content.decode()
    assert all(code in text for code in ("Q01", "Q16", "Q22"))
    assert "转为问题" in text


@pytest.mark.parametrize("who", ["hall_administrator", "reform_officer", "auditor"])
def test_those_who_may_read(
    who: str, request: pytest.FixtureRequest, row: WindowSession, director_a: User, client: Client
) -> None:
    hand_in(row, director_a, client)
    client.force_login(request.getfixturevalue(who))
    text = client.get(url("feedback", row)).content.decode()
    assert "体" * 50 in text
    assert "转为问题" not in text


@pytest.mark.parametrize("who", ["guide", "liaison"])
def test_those_who_read_the_issues_instead(
    who: str, request: pytest.FixtureRequest, row: WindowSession, client: Client
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(url("feedback", row)).status_code == 403
    assert client.post(url("save_feedback", row), {"part": 3, "version": 0, "Q07": "x"}).status_code == 403
    assert client.post(url("submit_feedback", row), {"part": 3, "version": 0}).status_code == 403


def test_reform_office_returns_it(row: WindowSession, director_a: User, reform_officer: User, client: Client) -> None:
    hand_in(row, director_a, client)
    assert client.get(url("return_feedback", row)).status_code == 403
    client.force_login(reform_officer)
    assert client.get(url("return_feedback", row)).status_code == 200
    assert client.post(url("return_feedback", row), {"reason": ""}).status_code == 400
    assert client.post(url("return_feedback", row), {"reason": "请写场景"}).status_code == 302
    client.force_login(director_a)
    assert "请写场景" in page(client, row, 1)


@pytest.mark.parametrize("name", ["save_feedback", "submit_feedback"])
def test_changes_refuse_get(name: str, row: WindowSession, client: Client) -> None:
    assert client.get(url(name, row)).status_code == 405


def test_without_a_template(district: District, director_a: User, client: Client) -> None:
    row = services.finish(stage.started(district, director_a), director_a)
    client.force_login(director_a)
    assert client.get(url("feedback", row)).status_code == 200
    assert client.post(url("save_feedback", row), {"part": 1}).status_code == 302
    assert client.post(url("submit_feedback", row), {"part": 1}).status_code == 409


def test_form_page_needs_few_queries(row: WindowSession, client: Client, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        page(client, row, 4)


@pytest.mark.parametrize("part", ["²", "9" * 5000, "0", "x"])
def test_an_address_that_names_no_part_shows_the_first(part: str, row: WindowSession, client: Client) -> None:
    answer = client.get(url("feedback", row), {"part": part})
    assert answer.context["part"].number == 1


@pytest.mark.parametrize("who", ["hall_administrator", "reform_officer", "auditor"])
def test_a_draft_is_its_directors_alone(
    who: str, request: pytest.FixtureRequest, row: WindowSession, director_a: User, client: Client
) -> None:
    services.save_feedback(row, director_a, full())
    client.force_login(request.getfixturevalue(who))
    text = client.get(url("feedback", row)).content.decode()
    assert ("反馈表还没交" in text, "体" * 50 in text) == (True, False)
    line = reverse("issues:register_from_feedback", args=[Feedback.objects.get().pk])
    assert client.get(line, {"question": "Q07"}).status_code == 403


def test_a_returned_form_is_a_draft_again(
    row: WindowSession, director_a: User, reform_officer: User, client: Client
) -> None:
    hand_in(row, director_a, client)
    services.return_feedback(WindowSession.objects.get(pk=row.pk), reform_officer, "请写场景")
    client.force_login(reform_officer)
    assert "体" * 50 not in client.get(url("feedback", row)).content.decode()
