"""Confirm, decline, move, substitute, cancel, miss over HTTP."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import clock
from sessions import services
from sessions.models import WindowSession
from tests import factories
from tests.conftest import District
from tests.sessions.planning import BEFORE, MONDAY, put, quota
from tests.sessions.stage import published


@pytest.fixture(autouse=True)
def a_week_before() -> Any:
    with clock.at(BEFORE):
        yield


@pytest.fixture
def draft(district: District, director_a: User, hall_administrator: User) -> WindowSession:
    return put(district, director_a, hall_administrator)


def url(action: str, row: WindowSession) -> str:
    return reverse(f"window_sessions:{action}", args=[row.pk])


def state(row: WindowSession) -> str:
    row.refresh_from_db()
    return str(row.status)


def test_confirm(client: Client, draft: WindowSession, director_a: User) -> None:
    client.force_login(director_a)
    answer = client.post(url("confirm", draft), {"version": draft.version})
    assert answer.status_code == 302
    assert state(draft) == "confirmed"


def test_confirm_goes_back_to_the_page_it_came_from(client: Client, draft: WindowSession, director_a: User) -> None:
    client.force_login(director_a)
    assert client.post(url("confirm", draft), {"next": "/"}).headers["Location"] == "/"


def test_confirm_never_leads_to_another_site(client: Client, draft: WindowSession, director_a: User) -> None:
    client.force_login(director_a)
    answer = client.post(url("confirm", draft), {"next": "//evil.example/"})
    assert answer.headers["Location"] == url("session_detail", draft)


def test_confirm_answers_htmx_with_a_fragment(client: Client, draft: WindowSession, director_a: User) -> None:
    client.force_login(director_a)
    answer = client.post(url("confirm", draft), headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert b"<html" not in answer.content


def test_confirm_by_get_is_refused(client: Client, draft: WindowSession, director_a: User) -> None:
    client.force_login(director_a)
    assert client.get(url("confirm", draft)).status_code == 405


@pytest.mark.parametrize("role", ["hall_administrator", "reform_officer", "guide", "auditor"])
@pytest.mark.parametrize("action", ["confirm", "decline"])
def test_only_the_director_accepts_or_declines(
    client: Client, draft: WindowSession, role: str, action: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    assert client.post(url(action, draft), {"reason": "会议"}).status_code == 403
    assert state(draft) == "draft"


@pytest.mark.parametrize("action", ["move", "substitute", "cancel", "miss"])
@pytest.mark.parametrize(("role", "status"), [("director_a", 403), ("guide", 403), ("auditor", 403), ("outsider", 404)])
def test_only_planners_change_a_session(
    client: Client, draft: WindowSession, action: str, role: str, status: int, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    assert client.get(url(action, draft)).status_code == status
    assert client.post(url(action, draft), {"reason": "会议"}).status_code == status
    assert state(draft) == "draft"


def test_decline_with_a_reason(client: Client, draft: WindowSession, director_a: User) -> None:
    client.force_login(director_a)
    assert client.get(url("decline", draft)).status_code == 200
    client.post(url("decline", draft), {"reason": "出差", "version": draft.version})
    assert state(draft) == "cancelled"


@pytest.mark.parametrize("action", ["decline", "cancel"])
def test_without_a_reason_the_form_comes_back(
    client: Client, draft: WindowSession, director_a: User, hall_administrator: User, action: str
) -> None:
    client.force_login(director_a if action == "decline" else hall_administrator)
    answer = client.post(url(action, draft), {"reason": "　", "version": draft.version})
    assert answer.status_code == 400
    assert state(draft) == "draft"


def test_cancel(client: Client, draft: WindowSession, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    client.post(url("cancel", draft), {"reason": "停电", "version": draft.version})
    assert state(draft) == "cancelled"


def test_wrong_state_is_409(client: Client, draft: WindowSession, hall_administrator: User) -> None:
    services.cancel(draft, "停电", hall_administrator)
    client.force_login(hall_administrator)
    for action in ("cancel", "move", "substitute", "miss"):
        assert client.post(url(action, draft), {"reason": "停电"}).status_code == 409


def test_a_stale_page_is_409_and_shows_what_was_typed(
    client: Client, draft: WindowSession, director_a: User, hall_administrator: User
) -> None:
    services.confirm(draft, director_a)
    client.force_login(hall_administrator)
    answer = client.post(url("cancel", draft), {"reason": "空调坏了", "version": draft.version})
    assert answer.status_code == 409
    assert "空调坏了" in answer.content.decode()
    for told in ("最后改动", director_a.display_name, "A17", "已确认"):
        assert told in answer.content.decode()


def test_move(client: Client, district: District, draft: WindowSession, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    assert client.get(url("move", draft)).status_code == 200
    cell = f"{district.window_b.pk}|2026-05-19|PM"
    client.post(url("move", draft), {"cell": cell, "version": draft.version})
    assert state(draft) == "draft"
    assert (f"{draft.date}", draft.half) == ("2026-05-19", "PM")


@pytest.mark.parametrize(
    "cell", ["", "1", "9999|2026-05-19|PM", "x|y|z", "{window}|2026-02-31|PM", "{window}|2026-05-19|XX"]
)
def test_move_to_nowhere_comes_back(
    client: Client, district: District, draft: WindowSession, hall_administrator: User, cell: str
) -> None:
    client.force_login(hall_administrator)
    values = {"cell": cell.format(window=district.window_b.pk), "reason": "会议", "version": draft.version}
    answer = client.post(url("move", draft), values)
    assert answer.status_code == 400
    assert "会议" in answer.content.decode()


def test_move_says_what_the_rules_refuse(
    client: Client, district: District, draft: WindowSession, hall_administrator: User
) -> None:
    client.force_login(hall_administrator)
    cell = f"{district.window_a.pk}|2026-05-19|PM"
    answer = client.post(url("move", draft), {"cell": cell, "version": draft.version})
    assert answer.status_code == 400
    assert "A14" in answer.content.decode()


def test_substitute(client: Client, district: District, draft: WindowSession, hall_administrator: User) -> None:
    other = factories.make_director(district.c)
    client.force_login(hall_administrator)
    assert district.c.short_name in client.get(url("substitute", draft)).content.decode()
    client.post(url("substitute", draft), {"director": other.pk, "reason": "出差", "version": draft.version})
    draft.refresh_from_db()
    assert draft.director == other


def test_of_substitutes_the_own_department_stands_first(
    client: Client, district: District, draft: WindowSession, director_b: User, hall_administrator: User
) -> None:
    quota(district)
    colleague = factories.make_director(district.a, "deputy", username="deputy_a")
    client.force_login(hall_administrator)
    people = client.get(url("substitute", draft)).context["people"]
    assert [people[0].key, people[0].verdict == "no"] == [str(colleague.pk), False]
    assert people[0].merits
    assert next(one for one in people if one.key == str(director_b.pk)).peer


@pytest.mark.parametrize("director", ["", "0", "99999999", "x"])
def test_substitute_by_nobody_comes_back(
    client: Client, draft: WindowSession, hall_administrator: User, director: str
) -> None:
    client.force_login(hall_administrator)
    answer = client.post(url("substitute", draft), {"director": director, "reason": "出差"})
    assert answer.status_code == 400
    assert "出差" in answer.content.decode()


def test_miss(client: Client, district: District, director_a: User, hall_administrator: User) -> None:
    row = published(district, director_a, date=MONDAY)
    client.force_login(hall_administrator)
    assert client.get(url("miss", row)).status_code == 200
    client.post(url("miss", row), {"note": "没有来", "version": row.version})
    assert state(row) == "missed"


def test_who_has_left_the_post_is_replaced_and_not_moved(
    client: Client, district: District, draft: WindowSession, hall_administrator: User
) -> None:
    draft.director.postings.update(ends_on=BEFORE.date())
    other = factories.make_director(district.c, "deputy")
    client.force_login(hall_administrator)
    assert client.get(url("move", draft)).status_code == 409
    page = client.post(url("substitute", draft), {"director": other.pk, "reason": "已调任"})
    draft.refresh_from_db()
    assert (page.status_code, draft.director) == (302, other)
