"""Names that departments owe: who is listed, who is told, and how often."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import clock
from core.models import Notice
from reports import today_sittings
from reports.today import build
from sessions import services
from sessions.models import Availability, WindowSession
from tests import factories
from tests.conftest import District
from tests.sessions.planning import BEFORE, MONDAY, TUESDAY, put, quota, reads

WEEK = "?week=2026-W21"


@pytest.fixture(autouse=True)
def a_week_before() -> Any:
    with clock.at(BEFORE):
        yield


def url(name: str, district: District) -> str:
    return reverse(f"window_sessions:{name}", args=[district.programme.pk]) + WEEK


def test_who_has_not_confirmed_and_who_is_missing(
    client: Client, district: District, director_a: User, director_b: User, hall_administrator: User
) -> None:
    quota(district)
    row = put(district, director_a, hall_administrator)
    client.force_login(hall_administrator)
    rows = {one.department_id: one for one in client.get(url("names_due", district)).context["rows"]}
    assert [draft.pk for draft in rows[district.a.pk].drafts] == [row.pk]
    assert [short.person.pk for short in rows[district.b.pk].missing] == [director_b.pk]
    assert rows[district.a.pk].due_on == MONDAY - timedelta(days=3)
    services.confirm(row, director_a)
    assert district.a.pk not in {one.department_id for one in client.get(url("names_due", district)).context["rows"]}


def test_what_is_due_turns_red(client: Client, district: District, director_a: User, hall_administrator: User) -> None:
    put(district, director_a, hall_administrator, date=TUESDAY)
    client.force_login(hall_administrator)
    for days, red in ((5, False), (6, True)):
        with clock.at(BEFORE + timedelta(days=days)):
            assert ("light-red" in client.get(url("names_due", district)).content.decode()) is red


def test_asking_tells_liaison_and_principal_once_a_day(
    client: Client, district: District, director_b: User, liaison: User, hall_administrator: User
) -> None:
    quota(district)
    client.force_login(hall_administrator)
    for _ in range(2):
        assert client.post(url("ask_names", district)).status_code == 302
    told = Notice.objects.filter(kind="session.ask_names")
    assert {notice.recipient for notice in told} == {liaison, director_b}
    assert told.all().count() == 2
    with clock.at(BEFORE + timedelta(days=1)):
        client.post(url("ask_names", district), {"department": district.b.pk})
        client.post(url("ask_names", district), {"department": district.a.pk})
    assert told.all().count() == 4


def test_asking_all_shows_first_who_is_told_and_afterwards_when(
    client: Client, district: District, director_b: User, liaison: User, hall_administrator: User
) -> None:
    quota(district)
    client.force_login(hall_administrator)
    preview = client.get(url("ask_names", district)).context["consequences"]
    assert "自然资源和规划局局长" in preview[1]
    for asked in (False, True):
        rows = client.get(url("names_due", district)).context["rows"]
        assert [row.asked_at is not None for row in rows if row.department_id == district.b.pk] == [asked]
        client.post(url("ask_names", district))


def test_the_department_finds_it_under_today(
    district: District, director_b: User, liaison: User, outsider: User, hall_administrator: User
) -> None:
    put(district, director_b, hall_administrator, window=district.window_a)
    found = {who: [group.name for group in build(User.objects.get(pk=who.pk)).groups] for who in (liaison, outsider)}
    assert "our_names" in found[liaison]
    assert "our_names" not in found[outsider]
    assert today_sittings.PLANNED[0] == "draft"


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow(client: Client, district: District, hall_administrator: User, count: int) -> None:
    for _ in range(count):
        window = factories.make_window(district.hall, district.b)
        put(district, factories.make_director(district.a), hall_administrator, window=window)
    client.force_login(hall_administrator)
    text, queries = reads(client, url("names_due", district))
    assert (text.count('class="names-link"'), queries <= 12) == (count, True)


@pytest.fixture
def named(district: District, director_a: User, hall_administrator: User) -> dict[str, Any]:
    """A draft of the principal of A, whose department has a deputy and a liaison."""
    return {
        "row": put(district, director_a, hall_administrator),
        "deputy": factories.make_director(district.a, "deputy", username="deputy_a"),
        "liaison": factories.grant(factories.make_user(username="liaison_a"), "liaison", department=district.a),
    }


def test_a_department_names_its_deputy_from_today(
    client: Client, named: dict[str, Any], hall_administrator: User
) -> None:
    row, deputy = named["row"], named["deputy"]
    client.force_login(named["liaison"])
    address = reverse("window_sessions:nominate", args=[row.pk])
    assert address in client.get("/").content.decode()
    page = client.get(address).content.decode()
    assert f'value="{deputy.pk}"' in page
    client.post(address, {"director": deputy.pk, "version": row.version})
    row.refresh_from_db()
    assert (row.director, row.rank, row.status, row.replaced_director) == (deputy, "deputy", "draft", None)
    assert row.events.last().action == "nominate"
    assert Notice.objects.filter(recipient=hall_administrator, url=f"/sessions/{row.pk}/").exists()
    assert Notice.objects.filter(recipient=deputy).exists()


def test_who_may_not_be_named_comes_back(client: Client, named: dict[str, Any], director_b: User) -> None:
    row = named["row"]
    client.force_login(named["liaison"])
    address = reverse("window_sessions:nominate", args=[row.pk])
    for director in (director_b.pk, row.director_id, "", 99999999):
        answer = client.post(address, {"director": director, "note": "已商定", "version": row.version})
        assert answer.status_code == 400
        assert "已商定" in answer.content.decode()
    Availability.objects.create(user=named["deputy"], starts_on=MONDAY, ends_on=MONDAY)
    assert client.post(address, {"director": named["deputy"].pk, "version": row.version}).status_code == 400
    row.refresh_from_db()
    assert row.director.username == "director_a"


def test_only_the_own_department_names_and_only_a_draft(
    client: Client, named: dict[str, Any], liaison: User, outsider: User, hall_administrator: User, director_a: User
) -> None:
    row = named["row"]
    address = reverse("window_sessions:nominate", args=[row.pk])
    for person, status in ((liaison, 403), (hall_administrator, 403), (named["deputy"], 404), (outsider, 404)):
        client.force_login(person)
        assert client.post(address, {"director": named["deputy"].pk}).status_code == status
    client.force_login(named["liaison"])
    assert client.post(address, {"director": named["deputy"].pk, "version": row.version + 1}).status_code == 409
    services.confirm(row, director_a)
    assert client.get(address).status_code == 409


def test_today_leads_to_the_names_due(client: Client, named: dict[str, Any], hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    programme = named["row"].programme_id
    assert f"/sessions/programmes/{programme}/names/?week=2026-W21" in client.get("/").content.decode()


def test_who_was_placed_after_the_list_was_read_is_not_confirmed_unseen(
    client: Client, district: District, hall_administrator: User, named: dict[str, Any]
) -> None:
    client.force_login(hall_administrator)
    read = client.get(url("confirm_names", district)).context["form"]["version"].value()
    put(district, factories.make_director(district.c), hall_administrator, date=TUESDAY)
    answer = client.post(url("confirm_names", district), {"reason": "名单", "version": read})
    assert (answer.status_code, "名单" in answer.content.decode()) == (409, True)
    assert set(WindowSession.objects.values_list("status", flat=True)) == {"draft"}


def test_a_principal_names_who_comes_in_place_of_a_deputy(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    row = put(district, factories.make_director(district.a, "deputy"), hall_administrator)
    client.force_login(director_a)
    address = reverse("window_sessions:nominate", args=[row.pk])
    assert client.get(address).status_code == 200
    client.post(address, {"director": director_a.pk, "version": row.version})
    row.refresh_from_db()
    assert row.director == director_a
    WindowSession.objects.update(announced=False)
    assert client.get(address).status_code == 200
    other = put(district, factories.make_director(district.a, "deputy"), hall_administrator, date=TUESDAY)
    WindowSession.objects.filter(pk=other.pk).update(announced=False)
    assert client.get(reverse("window_sessions:nominate", args=[other.pk])).status_code == 404


def test_an_answer_on_paper_is_noted_for_a_department(
    client: Client, district: District, director_a: User, hall_administrator: User, named: dict[str, Any]
) -> None:
    other = put(district, factories.make_director(district.c), hall_administrator, date=TUESDAY)
    client.force_login(hall_administrator)
    address = f"{url('confirm_names', district)}&department={district.a.pk}"
    assert director_a.display_name in client.get(address).content.decode()
    assert client.post(address, {"reason": " "}).status_code == 400
    client.post(address, {"reason": "5 月 12 日名单"})
    assert [row.status for row in WindowSession.objects.order_by("date")] == ["confirmed", "draft"]
    event = named["row"].events.last()
    assert (event.action, event.actor, event.note) == ("confirm_for", hall_administrator, "5 月 12 日名单")
    assert Notice.objects.filter(recipient=director_a, text="5 月 12 日名单").exists()
    client.post(reverse("window_sessions:confirm_for", args=[other.pk]), {"reason": "电话", "version": other.version})
    assert not WindowSession.objects.filter(status="draft").exists()
