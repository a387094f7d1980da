"""The roster for other programs and sites: JSON, CSV, the plain page, the search; what must not leak does not."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client

from accounts.models import User
from catalog.choices import WindowKind
from core import clock
from sessions import services
from sessions.models import WindowSession
from tests.conftest import District
from tests.portal.leaks import SECRET, Week, build
from tests.sessions.planning import ON_MONDAY, reads

JSON = "/portal/roster.json?week=2026-W21"
CSV = "/portal/roster.csv?week=2026-W21"
PLAIN = "/portal/roster/embed/?week=2026-W21"
SEARCH = "/portal/roster/search/?week=2026-W21&q="
OPEN = [JSON, CSV, PLAIN, f"{SEARCH}局", "/portal/roster/?week=2026-W21", "/portal/display/H01/", "/w/H01/A18/"]


@pytest.fixture(autouse=True)
def on_monday() -> Any:
    with clock.at(ON_MONDAY):
        yield


@pytest.fixture
def week(district: District, director_a: User, hall_administrator: User) -> Week:
    return build(district, director_a, hall_administrator)


@pytest.mark.parametrize("address", OPEN)
def test_an_unannounced_sitting_is_nowhere_before_its_end(client: Client, week: Week, address: str) -> None:
    moments = [ON_MONDAY, datetime(2026, 5, 19, 2, tzinfo=UTC)]
    for number, moment in enumerate(moments):
        with clock.at(moment):
            if number:
                services.start(week.secret, week.secret_director)
            assert SECRET not in client.get(address).content.decode()


@pytest.mark.parametrize("address", [JSON, CSV, PLAIN])
def test_not_even_a_count_or_a_version_gives_it_away(
    client: Client, district: District, week: Week, address: str
) -> None:
    before = client.get(address)
    with clock.at(datetime(2026, 5, 19, 2, tzinfo=UTC)):
        services.start(week.secret, week.secret_director)
    after = client.get(address)
    assert (before.content, before.headers["ETag"]) == (after.content, after.headers["ETag"])
    assert before.headers["Last-Modified"] == after.headers["Last-Modified"]


def test_the_shape_of_the_json(client: Client, week: Week) -> None:
    data = json.loads(client.get(JSON).content)
    assert list(data) == ["version", "hall", "week", "first_day", "last_day", "release", "sittings"]
    assert (data["version"], data["hall"]["code"], data["release"]["number"]) == (1, "H01", 1)
    sitting = data["sittings"][0]
    assert (sitting["date"], sitting["half"], sitting["starts"]) == ("2026-05-18", "AM", "08:30")
    assert (sitting["window"], sitting["who"], sitting["state"]) == ("A17", "住建局局长", "planned")
    assert json.loads(client.get("/portal/roster.json?week=2026-W30").content)["release"] is None


@pytest.mark.parametrize(
    ("act", "state"), [("start", "sitting"), ("cancel", "cancelled"), ("miss", "missed"), ("finish", "finished")]
)
def test_the_state_of_now(
    client: Client, week: Week, act: str, state: str, director_a: User, hall_administrator: User
) -> None:
    _acted(week.open, act, director_a, hall_administrator)
    assert json.loads(client.get(JSON).content)["sittings"][0]["state"] == state


def test_a_past_sitting_that_nobody_closed_sends_no_citizen_to_the_window(
    client: Client, week: Week, director_a: User
) -> None:
    services.start(week.open, director_a)
    with clock.at(ON_MONDAY + timedelta(days=1)):
        assert json.loads(client.get(JSON).content)["sittings"][0]["state"] == "planned"


def _acted(row: WindowSession, act: str, director: User, administrator: User) -> None:
    if act == "cancel":
        services.cancel(row, "因病住院", administrator)
    elif act == "miss":
        services.miss(row, administrator)
    else:
        row = services.start(row, director)
        if act == "finish":
            services.finish(row, director)


def test_a_cancelled_one_is_struck_through_without_its_reason(
    client: Client, week: Week, hall_administrator: User
) -> None:
    services.cancel(week.open, "因病住院", hall_administrator)
    texts = [client.get(address).content.decode() for address in OPEN]
    assert all("因病住院" not in text for text in texts)
    assert "<s>" in client.get(PLAIN).content.decode()


def test_the_csv_opens_in_table_programs(client: Client, district: District, week: Week) -> None:
    answer = client.get(CSV)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][:5] == ["2026-05-18", "上午", "08:30", "12:00", "A17"]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_no_cell_of_the_csv_is_a_formula(
    client: Client, district: District, week: Week, hall_administrator: User
) -> None:
    roster = week.open.window.hall.rosters.get()
    line = roster.lines[0] | {"window_name": "=HYPERLINK(1)", "former": "@SUM(A1)"}
    type(roster).objects.filter(pk=roster.pk).update(lines=[line])
    _head, cells = csv.reader(io.StringIO(client.get(CSV).content.decode("utf-8-sig")))
    assert "'=HYPERLINK(1)" in cells
    assert "'@SUM(A1)" in cells


@pytest.mark.parametrize("address", [JSON, CSV, PLAIN])
def test_who_has_it_already_gets_304(client: Client, week: Week, hall_administrator: User, address: str) -> None:
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert "Access-Control-Allow-Origin" not in first.headers
    tag, moment = first.headers["ETag"], first.headers["Last-Modified"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(address, headers={"If-Modified-Since": moment}).status_code == 304
    services.cancel(week.open, "停电", hall_administrator)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200
    assert client.get(address, headers={"If-Modified-Since": moment}).status_code == 200


def test_english_where_the_address_says_so(client: Client, week: Week) -> None:
    data = json.loads(client.get(f"{JSON}&lang=en").content)
    assert data["sittings"][0]["who"].startswith("Department")


def test_nobody_may_frame_it_unless_named(client: Client, week: Week, settings: Any) -> None:
    policy = client.get(PLAIN).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert client.get(PLAIN).headers["X-Frame-Options"] == "DENY"
    settings.ROSTER_EMBED_SITES = ["https://www.example.gov.cn"]
    answer = client.get(PLAIN)
    assert "frame-ancestors https://www.example.gov.cn" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert "frame-ancestors 'none'" in client.get("/portal/roster/").headers["Content-Security-Policy"]
    assert site.X_FRAME_OPTIONS == "DENY"


@pytest.mark.parametrize("address", [JSON, CSV, PLAIN])
@pytest.mark.parametrize("query", ["&hall=nowhere"])
def test_an_unknown_hall_is_404(client: Client, week: Week, address: str, query: str) -> None:
    assert client.get(address + query).status_code == 404


@pytest.mark.parametrize("path", ["roster.json", "roster.csv"])
def test_a_week_that_does_not_exist_is_404_for_programs(client: Client, week: Week, path: str) -> None:
    assert client.get(f"/portal/{path}?week=2026-W99").status_code == 404
    assert client.get(f"/portal/{path}").status_code == 200


def test_the_search_leads_from_service_to_leader(client: Client, district: District, week: Week) -> None:
    text, queries = reads(client, f"{SEARCH}{district.item_b.name}")
    assert district.item_b.name in text
    assert "住建局局长" in text
    assert queries <= 12


def test_an_item_of_an_integrated_window_finds_who_sits_there(client: Client, district: District, week: Week) -> None:
    item, window = district.item_b, district.window_b
    item.window, item.pickup_window, item.in_comprehensive, window.kind = None, None, True, WindowKind.INTEGRATED
    item.save()
    window.save()
    window.serves.add(district.b)
    assert "住建局局长" in client.get(f"{SEARCH}{district.item_b.name}").content.decode()


@pytest.mark.parametrize("words", ["", "%", "没有这样的事", "'; DROP", "　"])
def test_a_search_for_nothing_answers(client: Client, week: Week, words: str) -> None:
    answer = client.get("/portal/roster/search/", {"q": words, "week": "2026-W21"})
    assert answer.status_code == 200
    assert "住建局局长" not in answer.content.decode()


def test_a_department_or_post_is_found_too(client: Client, week: Week) -> None:
    assert "A17" in client.get(f"{SEARCH}住建局局长").content.decode()


@pytest.mark.parametrize("address", OPEN)
def test_queries(client: Client, week: Week, address: str) -> None:
    assert reads(client, address)[1] <= 12
