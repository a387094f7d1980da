"""The list of sessions and one session."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import clock
from sessions import services
from tests import factories
from tests.conftest import District
from tests.sessions.planning import BEFORE, put, reads
from tests.sessions.stage import published

LIST = "/sessions/"


@pytest.fixture(autouse=True)
def a_week_before() -> Any:
    with clock.at(BEFORE):
        yield


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("director_a", True),
        ("director_b", False),
        ("liaison", True),
        ("outsider", False),
        ("hall_administrator", True),
        ("guide", True),
        ("reform_officer", True),
        ("auditor", True),
        ("experience_officer", False),
    ],
)
def test_who_sees_a_session(
    client: Client,
    district: District,
    director_a: User,
    hall_administrator: User,
    role: str,
    sees: bool,
    request: pytest.FixtureRequest,
) -> None:
    row = put(district, director_a, hall_administrator)
    client.force_login(request.getfixturevalue(role))
    address = reverse("window_sessions:session_detail", args=[row.pk])
    assert (address in client.get(LIST).content.decode()) is sees
    assert client.get(address).status_code == (200 if sees else 404)


@pytest.mark.parametrize(("status", "sees"), [("published", False), ("in_progress", False), ("completed", True)])
def test_an_unannounced_session_is_hidden_from_its_hosts_until_it_is_over(
    client: Client, district: District, director_a: User, liaison: User, status: str, sees: bool
) -> None:
    row = published(district, director_a, announced=False, status=status)
    client.force_login(liaison)
    address = reverse("window_sessions:session_detail", args=[row.pk])
    assert (address in client.get(LIST).content.decode()) is sees
    assert client.get(address).status_code == (200 if sees else 404)
    programme = reverse("window_sessions:programme_detail", args=[row.programme_id])
    assert client.get(programme).context["states"] == ([(status, 1)] if sees else [])
    assert client.get("/sessions/programmes/").context["programmes"][0].sessions == sees


def test_nobody_without_sign_in(client: Client, district: District) -> None:
    assert client.get(LIST).status_code == 302


def test_filters_and_tabs(client: Client, district: District, director_a: User, hall_administrator: User) -> None:
    row = put(district, director_a, hall_administrator)
    services.cancel(put(district, director_a, hall_administrator, half="PM"), "停电", hall_administrator)
    client.force_login(hall_administrator)
    address = reverse("window_sessions:session_detail", args=[row.pk])
    hit = client.get(LIST, {"department": str(district.b.pk), "first": "2026-05-18", "status": "draft"})
    miss = client.get(LIST, {"department": district.c.pk})
    gone = client.get(LIST, {"tab": "gone"})
    assert address in hit.content.decode()
    assert address not in miss.content.decode()
    assert "is-struck" in gone.content.decode()


@pytest.mark.parametrize("query", [{"first": "x"}, {"hall": "x"}, {"status": "x"}, {"tab": "x"}, {"page": "x"}])
def test_a_bad_filter_is_left_out(
    client: Client, district: District, hall_administrator: User, query: dict[str, str]
) -> None:
    client.force_login(hall_administrator)
    assert client.get(LIST, query).status_code == 200


@pytest.mark.parametrize("rows", [1, 30])
def test_queries_of_the_list(client: Client, district: District, hall_administrator: User, rows: int) -> None:
    for _ in range(rows):
        window = factories.make_window(district.hall, district.b)
        put(district, factories.make_director(district.a), hall_administrator, window=window)
    client.force_login(hall_administrator)
    text, queries = reads(client, LIST)
    assert (text.count('class="row-title"'), queries <= 12) == (rows, True)


def test_the_detail_tells_its_story_and_offers_what_may_be_done(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    row = services.move(
        put(district, director_a, hall_administrator), district.window_b, row_date(), "PM", hall_administrator
    )
    client.force_login(director_a)
    text = client.get(reverse("window_sessions:session_detail", args=[row.pk])).content.decode()
    assert reverse("window_sessions:confirm", args=[row.pk]) in text
    assert reverse("window_sessions:move", args=[row.pk]) not in text
    assert "→" in text


def row_date() -> Any:
    return BEFORE.date().replace(day=19)
