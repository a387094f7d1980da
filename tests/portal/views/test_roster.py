"""The public roster and the hall screen: open to all, only what is released, never a reason or a citizen."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from catalog.models import HallClosure
from core import clock
from sessions import services
from sessions.models import WindowSession
from tests.conftest import District
from tests.sessions.planning import BEFORE, MONDAY, ON_MONDAY, change, put, reads

ROSTER = "/portal/roster/"
WEEK = {"week": "2026-W21"}
SCREEN = "/portal/display/H01/"


@pytest.fixture(autouse=True)
def a_week_before() -> Any:
    with clock.at(BEFORE):
        yield


@pytest.fixture
def published(district: District, director_a: User, hall_administrator: User) -> WindowSession:
    row = services.confirm(put(district, director_a, hall_administrator), director_a)
    services.publish_week(district.hall, MONDAY, hall_administrator)
    row.refresh_from_db()
    return row


def test_the_front_door_leads_to_the_roster(client: Client, db: None) -> None:
    assert client.get("/portal/").headers["Location"] == ROSTER


def test_without_any_roster_the_page_says_so(client: Client, db: None) -> None:
    assert 'class="empty"' in client.get(ROSTER).content.decode()


def test_who_sits_where(client: Client, published: WindowSession) -> None:
    text = client.get(ROSTER, WEEK).content.decode()
    assert "住建局局长" in text
    assert "A17" in text


@pytest.mark.parametrize("query", [{"week": "x"}, {"week": "2026-W99"}, {"hall": "nowhere"}, {"week": "9999-W53"}])
def test_a_broken_address_still_answers(client: Client, published: WindowSession, query: dict[str, str]) -> None:
    assert client.get(ROSTER, query).status_code == 200


def test_drafts_and_unpublished_names_stay_inside(
    client: Client, district: District, director_a: User, hall_administrator: User, published: WindowSession
) -> None:
    services.confirm(put(district, director_a, hall_administrator, half="PM"), director_a)
    assert client.get(ROSTER, WEEK).content.decode().count("住建局局长") == 1


def test_a_cancelled_session_is_struck_through_without_its_reason(
    client: Client, published: WindowSession, hall_administrator: User
) -> None:
    services.cancel(published, "因病住院", hall_administrator)
    text = client.get(ROSTER, WEEK).content.decode()
    assert "<s>" in text
    assert "因病住院" not in text


def test_the_screen_shows_who_sits_now(client: Client, published: WindowSession, director_a: User) -> None:
    with clock.at(ON_MONDAY):
        services.start(published, director_a)
        text = client.get(SCREEN).content.decode()
    assert "住建局局长" in text
    assert "screen-sitting" in text
    assert "10:00" in text


def test_the_screen_names_the_next_days(client: Client, published: WindowSession) -> None:
    with clock.at(datetime(2026, 5, 17, 2, tzinfo=UTC)):
        text = client.get(SCREEN).content.decode()
    assert "screen-empty" in text
    assert "住建局局长" in text


def test_an_unknown_hall_is_404(client: Client, db: None) -> None:
    assert client.get("/portal/display/H99/").status_code == 404


def test_the_code_leads_to_the_roster(client: Client, district: District) -> None:
    answer = client.get(f"{SCREEN}code.svg")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")


def test_unannounced_sessions_never_show_before_they_end(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    change(district.programme, announced=False)
    row = services.confirm(put(district, director_a, hall_administrator), director_a)
    services.publish_week(district.hall, MONDAY, hall_administrator)
    with clock.at(ON_MONDAY):
        services.start(row, director_a)
        pages = [client.get(ROSTER, WEEK), client.get(SCREEN)]
    assert all("住建局局长" not in page.content.decode() for page in pages)


@pytest.mark.parametrize("address", [f"{ROSTER}?week=2026-W21", SCREEN])
def test_queries(client: Client, published: WindowSession, address: str) -> None:
    assert reads(client, address)[1] <= 12


@pytest.mark.parametrize("address", [ROSTER, SCREEN])
def test_nothing_is_posted_here(client: Client, district: District, address: str) -> None:
    assert client.post(address).status_code == 405


@pytest.mark.parametrize(("day", "why"), [(16, "周末"), (18, "电路检修")])
def test_the_screen_says_why_the_hall_is_closed(client: Client, district: District, day: int, why: str) -> None:
    HallClosure.objects.create(hall=district.hall, date=MONDAY, half="AM", reason="电路检修")
    with clock.at(datetime(2026, 5, day, 2, tzinfo=UTC)):
        assert f"大厅不开放：{why}" in client.get(SCREEN).content.decode()
