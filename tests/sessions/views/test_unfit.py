"""Sittings that no longer fit: closures and leave entered after the placing, seen by who plans the hall."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from catalog.models import Hall, HallClosure, Window
from core import clock
from sessions.models import Availability
from sessions.unfit import unfit
from tests import factories
from tests.conftest import District
from tests.sessions.planning import BEFORE, MONDAY, TUESDAY, put

PAGE = "/sessions/unfit/"


@pytest.fixture(autouse=True)
def a_week_before() -> Iterator[None]:
    with clock.at(BEFORE):
        yield


def shown(client: Client, user: User, address: str = PAGE) -> str:
    client.force_login(user)
    return str(client.get(address).content.decode())


def test_a_closed_hall_a_closed_window_and_a_leave_are_each_told(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    row = put(district, director_a, hall_administrator)
    assert "往后的坐班都排得下去" in shown(client, hall_administrator)
    leave = Availability.objects.create(user=director_a, starts_on=MONDAY, ends_on=MONDAY)
    assert reverse("window_sessions:substitute", args=[row.pk]) in shown(client, hall_administrator)
    leave.delete()
    closure = HallClosure.objects.create(hall=district.hall, date=MONDAY, reason="停电")
    assert "停电" in shown(client, hall_administrator)
    closure.delete()
    Window.objects.filter(pk=row.window_id).update(desk_am=False)
    assert [one.row.pk for one in unfit([district.hall.pk], row.window_id)] == [row.pk]
    assert unfit([district.hall.pk], district.window_a.pk) == []


def test_who_plans_another_hall_sees_none_of_it(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    put(district, director_a, hall_administrator)
    HallClosure.objects.create(hall=district.hall, date=MONDAY, reason="停电")
    elsewhere: Hall = factories.make_hall()
    other = factories.grant(factories.make_user(), "hall_administrator", hall=elsewhere)
    assert "停电" not in shown(client, other, f"{PAGE}?hall={district.hall.pk}")
    stranger = factories.grant(factories.make_user(), "liaison", department=district.c)
    client.force_login(stranger)
    assert client.get(PAGE).status_code == 403


def test_a_director_reads_of_the_own_sittings_alone(
    client: Client, district: District, director_a: User, director_b: User, hall_administrator: User
) -> None:
    put(district, director_a, hall_administrator)
    assert "往后的坐班都排得下去" in shown(client, director_a)
    HallClosure.objects.create(hall=district.hall, date=MONDAY, reason="停电")
    text = shown(client, director_a)
    assert ("停电" in text, "取消本次" in text) == (True, False)
    assert "停电" not in shown(client, director_b)


def test_queries_do_not_grow_with_rows(
    client: Client, district: District, director_a: User, director_b: User, hall_administrator: User
) -> None:
    put(district, director_a, hall_administrator)
    put(district, director_b, hall_administrator, window=district.window_a, date=TUESDAY)
    HallClosure.objects.create(hall=district.hall, date=MONDAY, reason="停电")
    client.force_login(hall_administrator)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    HallClosure.objects.create(hall=district.hall, date=TUESDAY, reason="检修")
    with CaptureQueriesContext(connection) as two:
        client.get(PAGE)
    assert len(one) == len(two) <= 12
