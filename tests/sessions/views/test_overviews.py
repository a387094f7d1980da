"""Quotas with make-ups, the month, the week by person: who reads them and what they say."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import clock
from core.models import CalendarDay
from sessions import planning, quota_page, services
from sessions.models import Availability, WindowSession
from tests import factories
from tests.conftest import District
from tests.sessions.planning import BEFORE, MONDAY, TUESDAY, change, put, quota, reads
from tests.sessions.stage import published

VIEWS = ["month", "people", "quotas"]


@pytest.fixture(autouse=True)
def a_week_before() -> Any:
    with clock.at(BEFORE):
        yield


def url(name: str, district: District) -> str:
    return reverse(f"window_sessions:{name}", args=[district.programme.pk])


def rows(district: District, day: date = MONDAY) -> dict[int, quota_page.Row]:
    plan = planning.load(district.programme.pk, day, day)
    return {row.person.pk: row for group in quota_page.build(plan, day) for row in group.rows}


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("query", ["?on=x&month=2026-13&week=x&person=²&hall=9", "?month=0000-01", ""])
def test_a_broken_address_still_shows_something(
    client: Client, district: District, hall_administrator: User, name: str, query: str
) -> None:
    client.force_login(hall_administrator)
    assert client.get(url(name, district) + query).status_code == 200


@pytest.mark.parametrize("name", VIEWS)
def test_an_administrator_of_another_hall_is_refused(client: Client, district: District, name: str) -> None:
    client.force_login(factories.grant(factories.make_user(), "hall_administrator", hall=factories.make_hall()))
    assert client.get(url(name, district)).status_code == 403


def test_target_sat_planned_missing(district: District, director_a: User, hall_administrator: User) -> None:
    quota(district, minimum=3, floor_per_year=4)
    published(district, director_a, date=date(2026, 5, 6), status="completed")
    put(district, director_a, hall_administrator)
    row = rows(district)[director_a.pk]
    assert (row.period.owed, row.period.sat, row.period.planned, row.period.missing) == (3, 1, 1, 1)
    assert (row.year.missing, row.make_up) == (2, 1)


def test_the_period_and_the_year_end_where_they_end(district: District, director_a: User) -> None:
    quota(district, period="month", minimum=1, floor_per_year=1)
    published(district, director_a, date=date(2026, 4, 30), status="completed")
    assert rows(district)[director_a.pk].period.missing == 1
    assert rows(district)[director_a.pk].year.missing == 0
    assert rows(district, date(2027, 1, 4))[director_a.pk].year.missing == 1


def test_a_make_up_names_what_was_lost(
    client: Client, district: District, director_a: User, director_b: User, hall_administrator: User
) -> None:
    quota(district)
    missed = published(district, director_a, date=date(2026, 5, 6), status="missed")
    given_up = published(district, director_b, window=district.window_a, replaced_director=director_a, date=MONDAY)
    lost = rows(district)[director_a.pk].lost
    assert {one.row.pk for one in lost} == {missed.pk, given_up.pk}
    client.force_login(hall_administrator)
    text = client.get(url("quotas", district)).content.decode()
    assert f"director={director_a.pk}" in text
    assert reverse("window_sessions:session_detail", args=[missed.pk]) in text


def test_a_re_walk_counts_for_nobodys_quota(district: District, director_a: User) -> None:
    quota(district, floor_per_year=1)
    published(district, director_a, purpose="verification", date=MONDAY)
    row = rows(district)[director_a.pk]
    assert (row.period.missing, row.year.missing) == (1, 1)


def test_the_auditor_reads_quotas_and_places_nobody(client: Client, district: District, auditor: User) -> None:
    quota(district)
    client.force_login(auditor)
    text = client.get(url("quotas", district)).content.decode()
    assert url("place", district) not in text
    assert url("board", district) not in text


def test_the_month_counts_and_marks(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    put(district, director_a, hall_administrator)
    Availability.objects.create(user=director_a, starts_on=MONDAY, ends_on=MONDAY)
    client.force_login(hall_administrator)
    text = client.get(url("month", district) + "?month=2026-05").content.decode()
    assert text.count('class="month-half is-late"') == 1
    assert "劳动节" in text


def test_a_provisional_calendar_is_said(client: Client, district: District, hall_administrator: User) -> None:
    change(district.programme, ends_on=date(2027, 3, 31))
    CalendarDay.objects.filter(date__year=2027).update(provisional=True)
    client.force_login(hall_administrator)
    for address in (url("month", district) + "?month=2027-01", url("board", district) + "?week=2026-W53"):
        assert "banner-info" in client.get(address).content.decode()
    assert "banner-info" not in client.get(url("month", district) + "?month=2026-05").content.decode()


def test_by_person_shows_seats_and_leave(
    client: Client, district: District, director_a: User, director_b: User, hall_administrator: User
) -> None:
    row = put(district, director_a, hall_administrator)
    Availability.objects.create(user=director_b, starts_on=TUESDAY, ends_on=TUESDAY, half="AM")
    client.force_login(hall_administrator)
    text = client.get(url("people", district) + "?week=2026-W21").content.decode()
    assert f"pick={row.pk}" in text
    assert text.count("is-shut hatch") == 1
    one = client.get(url("people", district) + f"?week=2026-W21&person={director_b.pk}").content.decode()
    assert f"pick={row.pk}" not in one


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow(
    client: Client, district: District, hall_administrator: User, name: str, count: int
) -> None:
    quota(district, minimum=2)
    for _ in range(count):
        window = factories.make_window(district.hall, district.b)
        put(district, factories.make_director(district.a), hall_administrator, window=window)
    client.force_login(hall_administrator)
    _text, queries = reads(client, url(name, district) + "?week=2026-W21&month=2026-05&on=2026-05-18")
    assert queries <= 12
    assert WindowSession.objects.count() == count


@pytest.mark.parametrize("wanted", [1, 2, 3])
def test_a_visit_takes_as_many_half_days_as_the_programme_wants(
    district: District, director_a: User, hall_administrator: User, wanted: int
) -> None:
    change(district.programme, half_days_per_visit=wanted)
    services.place_visit(district.programme, director_a, district.window_b, MONDAY, "PM", hall_administrator)
    found = list(WindowSession.objects.order_by("date", "half").values_list("date", "half"))
    assert found == [(MONDAY, "PM"), (TUESDAY, "AM"), (TUESDAY, "PM")][:wanted]
