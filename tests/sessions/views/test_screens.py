"""The administrator's page of hall screens."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from sessions import services
from sessions.models import Screen
from tests import factories
from tests.conftest import District
from tests.sessions.planning import reads

PAGE, ADD = reverse("window_sessions:screen_list"), reverse("window_sessions:add_screen")


def test_add_shows_the_code_once(client: Client, district: District, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    text = client.post(ADD, {"hall": district.hall.pk, "name": "一楼大厅"}).content.decode()
    (code,) = re.findall(r"[2-9A-Z]{4} [2-9A-Z]{4}", text)
    assert code not in client.get(PAGE).content.decode()
    assert Client().post("/screen/pair/", {"code": code}).status_code == 302


def test_only_own_halls_can_be_chosen(client: Client, district: District, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    for hall, name in ((factories.make_hall(), "门口"), (district.hall, "")):
        answer = client.post(ADD, {"hall": hall.pk, "name": name})
        assert answer.status_code == 400
        assert name in answer.content.decode()
    assert not Screen.objects.exists()


def test_take_off(client: Client, district: District, hall_administrator: User) -> None:
    row, _code = services.add_screen(district.hall, "一楼大厅", hall_administrator)
    client.force_login(hall_administrator)
    client.post(reverse("window_sessions:revoke_screen", args=[row.pk]))
    client.post(reverse("window_sessions:renew_screen", args=[row.pk]))
    row.refresh_from_db()
    assert (row.code_digest, row.digest) == ("", "")
    assert row.revoked_at is not None


def test_queries(client: Client, district: District, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    counts = []
    for number in (1, 29):
        for n in range(number):
            services.add_screen(district.hall, f"屏 {n}", hall_administrator)
        counts.append(reads(client, PAGE)[1])
    assert counts[0] == counts[1] <= 12


def test_a_renewal_that_comes_late_does_not_bring_a_screen_back(district: District, hall_administrator: User) -> None:
    row, _code = services.add_screen(district.hall, "一楼大厅", hall_administrator)
    services.revoke_screen(Screen.objects.get(pk=row.pk), hall_administrator)
    with pytest.raises(ValidationError):
        services.renew_screen(row, hall_administrator)
    assert Screen.objects.get(pk=row.pk).revoked_at
