"""My calendar address on the page: shown once, replaced, revoked."""

import re

from django.test import Client
from django.urls import reverse

from accounts.models import User

PAGE = reverse("window_sessions:calendar_feed")
GIVE = reverse("window_sessions:give_calendar_address")
REVOKE = reverse("window_sessions:revoke_calendar_address")
ADDRESS = re.compile(r'value="(http://testserver/calendar/[\w-]{43}\.ics)"')


def test_shown_once_then_replaced_then_revoked(client: Client, director_a: User) -> None:
    client.force_login(director_a)
    assert "readonly" not in client.get(PAGE).content.decode()
    answer = client.post(GIVE)
    assert "no-store" in answer.headers["Cache-Control"]
    (first,) = ADDRESS.findall(answer.content.decode())
    assert not ADDRESS.findall(client.get(PAGE).content.decode())
    (second,) = ADDRESS.findall(client.post(GIVE).content.decode())
    assert [Client().get(address).status_code for address in (first, second)] == [404, 200]
    client.post(REVOKE)
    assert Client().get(second).status_code == 404


def test_the_profile_leads_there(client: Client, director_a: User) -> None:
    client.force_login(director_a)
    assert PAGE in client.get(reverse("profile")).content.decode()
