"""The hall screen: pairing by a code, the token opens one roster and nothing else, what the page holds."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import User
from core import clock
from sessions import services
from sessions.models import Screen
from tests import factories
from tests.access.table import ACCESS, OPEN
from tests.conftest import District
from tests.portal.leaks import SECRET, Week, build
from tests.sessions.planning import BEFORE, MONDAY, ON_MONDAY, put, reads
from tests.test_access_matrix import routes

SCREEN, PAIR, WORKER = "/screen/", "/screen/pair/", "/screen/worker.js"


@pytest.fixture(autouse=True)
def on_monday() -> Any:
    cache.clear()
    with clock.at(ON_MONDAY):
        yield


@pytest.fixture
def code(district: District, hall_administrator: User) -> str:
    return services.add_screen(district.hall, "一楼大厅", hall_administrator)[1]


@pytest.fixture
def week(district: District, director_a: User, hall_administrator: User) -> Week:
    return build(district, director_a, hall_administrator)


def test_a_device_without_a_token_is_asked_for_a_code(client: Client, db: None) -> None:
    assert client.get(SCREEN).headers["Location"] == PAIR
    assert 'name="code"' in client.get(PAIR).content.decode()


def test_a_code_pairs_once(client: Client, week: Week, code: str) -> None:
    assert client.post(PAIR, {"code": code.lower().replace(" ", "  ")}).headers["Location"] == SCREEN
    answer = client.get(SCREEN)
    assert "住建局局长" in answer.content.decode()
    assert answer.headers["X-Screen"] == "roster"
    assert client.cookies["screen"]["httponly"]
    other = Client().post(PAIR, {"code": code})
    assert other.status_code == 400
    assert code in other.content.decode()


def test_the_token_is_kept_as_a_hash(client: Client, code: str) -> None:
    client.post(PAIR, {"code": code})
    token = client.cookies["screen"].value
    row = Screen.objects.get()
    assert len(token) >= 43
    assert token not in {row.digest, row.code_digest}
    assert row.code_digest == ""


@pytest.mark.parametrize("typed", ["", "AAAA BBBB", "x" * 21, "'; DROP", "　"])
def test_a_wrong_code_says_so(client: Client, code: str, typed: str) -> None:
    answer = client.post(PAIR, {"code": typed})
    assert answer.status_code == 400
    assert "screen" not in client.cookies


def test_a_code_dies_after_ten_minutes(client: Client, code: str) -> None:
    with clock.at(ON_MONDAY + timedelta(minutes=10)):
        assert client.post(PAIR, {"code": code}).status_code == 400


def test_guessing_is_slowed_down(client: Client, code: str) -> None:
    codes = [client.post(PAIR, {"code": f"AAAA{n:04}"}).status_code for n in range(21)]
    assert codes == [400] * 20 + [429]


def test_a_new_code_replaces_the_device_when_it_is_used(client: Client, code: str, hall_administrator: User) -> None:
    client.post(PAIR, {"code": code})
    again = services.renew_screen(Screen.objects.get(), hall_administrator)
    assert client.get(SCREEN).status_code == 200
    other = Client()
    other.post(PAIR, {"code": again})
    assert (other.get(SCREEN).status_code, client.get(SCREEN).status_code) == (200, 302)


def test_a_screen_taken_off_shows_nothing(client: Client, code: str, hall_administrator: User) -> None:
    client.post(PAIR, {"code": code})
    services.revoke_screen(Screen.objects.get(), hall_administrator)
    assert client.get(SCREEN).headers["Location"] == PAIR


def test_it_notes_when_it_was_last_seen(client: Client, code: str) -> None:
    client.post(PAIR, {"code": code})
    later = ON_MONDAY + timedelta(minutes=1)
    with clock.at(later):
        client.get(SCREEN)
    assert Screen.objects.get().seen_at == later


def test_the_token_opens_nothing_else(client: Client, code: str) -> None:
    client.post(PAIR, {"code": code})
    closed = {name for name, row in ACCESS.items() if OPEN not in {row.get, row.post}}
    for name, path in ((name, path) for name, path in routes() if name in closed):
        address = _address(path)
        answers = [client.get(address), client.post(address)]
        opened = [
            one for one in answers if one.status_code not in {302, 405} or "login" not in one.get("Location", "login")
        ]
        assert not opened, name


KEYS = {"int": "1", "uuid": str(UUID(int=1))}


def _address(path: str) -> str:
    """The route with any key at all: the door comes before the object."""
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda part: KEYS.get(part[1], "x"), path)


def test_only_its_own_hall(client: Client, week: Week, hall_administrator: User) -> None:
    other = factories.make_hall()
    factories.grant(hall_administrator, "hall_administrator", hall=other)
    actor = User.objects.get(pk=hall_administrator.pk)
    client.post(PAIR, {"code": services.add_screen(other, "门口", actor)[1]})
    assert "住建局局长" not in client.get(SCREEN).content.decode()


@pytest.mark.parametrize("role", ["director_a", "guide", "liaison", "auditor", "reform_officer"])
def test_only_the_halls_administrators_pair(district: District, role: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(PermissionDenied):
        services.add_screen(district.hall, "门口", request.getfixturevalue(role))


def test_it_holds_the_half_days_to_come_and_the_time_of_its_data(client: Client, week: Week, code: str) -> None:
    client.post(PAIR, {"code": code})
    text = client.get(SCREEN).content.decode()
    assert 'data-screen="2026-05-18T10:00:00+08:00"' in text
    assert "数据时间 2026-05-18（周一）10:00" in text
    parts = re.findall(r'data-from="([^"]+)" data-until="([^"]+)"[^>]*?(hidden|>)', text)
    assert len(parts) == 8
    assert parts[0] == ("2026-05-18T00:00:00+08:00", "2026-05-18T12:00:00+08:00", ">")
    assert [state for _from, _until, state in parts[1:]] == ["hidden"] * 7
    assert all(one[1] == next_one[0] for one, next_one in pairwise(parts))


def test_unannounced_sittings_and_reasons_are_not_on_it(
    client: Client, week: Week, code: str, hall_administrator: User
) -> None:
    client.post(PAIR, {"code": code})
    services.cancel(week.open, "因病住院", hall_administrator)
    with clock.at(datetime(2026, 5, 19, 2, tzinfo=UTC)):
        services.start(week.secret, week.secret_director)
    text = client.get(SCREEN).content.decode()
    assert "<s>" in text
    assert SECRET not in text
    assert "因病住院" not in text


@pytest.mark.parametrize(("name", "first"), [("市场监管局", 11), ("住房和城乡建设发展服务中心", 7)])
def test_more_than_fit_are_shown_in_turn(
    client: Client, district: District, name: str, first: int, hall_administrator: User, code: str
) -> None:
    type(district.c).objects.filter(pk=district.c.pk).update(short_name=name)
    with clock.at(BEFORE):
        for _n in range(13):
            director = factories.make_director(district.c)
            window = factories.make_window(district.hall, district.b)
            services.confirm(put(district, director, hall_administrator, window=window), director)
        services.publish_week(district.hall, MONDAY, hall_administrator)
    client.post(PAIR, {"code": code})
    text, queries = reads(client, SCREEN)
    assert text.count('class="screen-no"') == 13
    assert text.count('<ul class="screen-grid"') == 2
    assert text.partition("</ul>")[0].count('class="screen-no"') == first
    assert queries <= 8


def test_the_worker_keeps_the_screen_only(client: Client) -> None:
    answer = client.get(WORKER)
    assert answer.headers["Content-Type"].startswith("text/javascript")
    text = answer.content.decode()
    assert 'const PAGE = "/screen/"' in text
    assert "/static/dist/app.css" in text
