"""Publishing a week and reading releases over HTTP."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import clock
from sessions import services
from sessions.models import Availability, ReleaseRule, Roster, WindowSession
from tests import factories
from tests.conftest import District
from tests.sessions.planning import BEFORE, MONDAY, TUESDAY, put, reads


@pytest.fixture(autouse=True)
def a_week_before() -> Any:
    with clock.at(BEFORE):
        yield


@pytest.fixture
def confirmed(district: District, director_a: User, hall_administrator: User) -> WindowSession:
    return services.confirm(put(district, director_a, hall_administrator), director_a)


def url(district: District) -> str:
    return reverse("window_sessions:publish_week", args=[district.hall.pk]) + "?week=2026-W21"


def test_the_page_lists_the_consequences_and_the_drafts(
    client: Client, district: District, director_a: User, confirmed: WindowSession, hall_administrator: User
) -> None:
    put(district, director_a, hall_administrator, half="PM")
    client.force_login(hall_administrator)
    text = client.get(url(district)).content.decode()
    assert 'name="number" value="1"' in text
    assert "is-warn" in text


def test_publish(client: Client, district: District, confirmed: WindowSession, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    answer = client.post(url(district), {"number": 1, "note": ""}, follow=True)
    confirmed.refresh_from_db()
    assert confirmed.status == "published"
    assert "A17" in answer.content.decode()


def test_a_second_click_is_409(
    client: Client, district: District, confirmed: WindowSession, hall_administrator: User
) -> None:
    client.force_login(hall_administrator)
    client.post(url(district), {"number": 1})
    assert client.post(url(district), {"number": 1}).status_code == 409
    assert Roster.objects.count() == 1


def test_a_blocking_finding_comes_back(
    client: Client, district: District, director_a: User, confirmed: WindowSession, hall_administrator: User
) -> None:
    Availability.objects.create(user=director_a, starts_on=MONDAY, ends_on=MONDAY)
    client.force_login(hall_administrator)
    answer = client.post(url(district), {"number": 1, "note": "第一版"})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "第一版" in text
    for way in ("session_detail", "move", "cancel"):
        assert reverse(f"window_sessions:{way}", args=[confirmed.pk]) in text
    assert not Roster.objects.exists()


@pytest.mark.parametrize("role", ["director_a", "guide", "liaison", "auditor", "experience_officer", "outsider"])
def test_only_planners_publish(
    client: Client, district: District, confirmed: WindowSession, role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    assert client.get(url(district)).status_code == 403
    assert client.post(url(district), {"number": 1}).status_code == 403


def test_old_releases_stay_readable(
    client: Client, district: District, confirmed: WindowSession, hall_administrator: User, liaison: User
) -> None:
    services.publish_week(district.hall, MONDAY, hall_administrator)
    services.cancel(confirmed, "停电检修", hall_administrator)
    services.publish_week(district.hall, MONDAY, hall_administrator)
    client.force_login(liaison)
    releases = Roster.objects.order_by("number")
    pages = [client.get(reverse("window_sessions:roster_detail", args=[row.pk])) for row in releases]
    assert "<s>" not in pages[0].content.decode()
    assert "<s>" in pages[1].content.decode()
    assert "停电检修" in pages[1].content.decode()
    assert client.get(reverse("window_sessions:roster_list")).content.decode().count('<th scope="row">') == 2


def test_the_page_names_who_will_be_told_and_the_release_day(
    client: Client, district: District, confirmed: WindowSession, director_a: User, hall_administrator: User
) -> None:
    client.force_login(hall_administrator)
    text, queries = reads(client, url(district))
    assert director_a.display_name in text
    assert "2026-05-18（周一）" in text
    assert queries <= 12


def test_whoever_is_told_stands_there_once_and_the_way_back_is_the_board(
    client: Client, district: District, confirmed: WindowSession, director_a: User, hall_administrator: User
) -> None:
    services.confirm(put(district, director_a, hall_administrator, date=TUESDAY), director_a)
    client.force_login(hall_administrator)
    answer = client.get(url(district))
    text = answer.content.decode()
    assert text.count(f"<b>{director_a.display_name}</b>") == 1
    assert [len(rows) for _who, rows in answer.context["found"].told_by_person] == [2]
    board = reverse("window_sessions:board", args=[district.programme.pk])
    assert f"{board}?week=2026-W21&amp;hall={district.hall.pk}" in text


def test_the_ways_of_many_halls_stand_in_one_list(
    client: Client, district: District, confirmed: WindowSession, hall_administrator: User
) -> None:
    services.publish_week(district.hall, MONDAY, hall_administrator)
    factories.grant(hall_administrator, "hall_administrator", hall=factories.make_hall())
    client.force_login(hall_administrator)
    text, _queries = reads(client, reverse("window_sessions:roster_list"))
    assert text.count("人工发布") == 2
    assert "btn btn-outline" not in text.partition("人工发布")[2].partition("人工发布")[0]


def test_release_rule(client: Client, district: District, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    address = reverse("window_sessions:release_rule", args=[district.hall.pk])
    text, queries = reads(client, address)
    assert "2026-05-18（周一）" in text
    assert queries <= 12
    assert client.post(address, {"way": "schedule", "at": "25:00"}).status_code == 400
    client.post(address, {"way": "schedule", "at": "07:30"})
    assert ReleaseRule.objects.get().by_schedule
    assert "07:30" in client.get(reverse("window_sessions:roster_list")).content.decode()


def test_the_list_is_empty_at_first(client: Client, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    assert 'class="empty"' in client.get(reverse("window_sessions:roster_list")).content.decode()
