"""Accounts that nobody uses are switched off, listed, and switched on again by a hall's administrator."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string

from accounts import services
from accounts.models import User
from core import clock
from core.doors import WrongState
from core.models import Notice
from tests import factories

NOW = datetime(2026, 6, 1, 1, tzinfo=UTC)
PASSWORD = "Kaifu-2026-morning"


def account(name: str, days: int | None, **given: Any) -> User:
    """Somebody who signed in so many days ago; None for never, in an account as old as 91 days."""
    used = None if days is None else NOW - timedelta(days=days)
    user = factories.make_user(username=name, last_login=used, date_joined=NOW - timedelta(days=91), **given)
    user.set_password(PASSWORD)
    user.save()
    return user


def off() -> set[str]:
    return set(User.objects.exclude(disabled_at=None).values_list("username", flat=True))


def test_after_ninety_days_once_and_told(hall_administrator: User, caplog: pytest.LogCaptureFixture) -> None:
    account("ninety_one", 91), account("never", None), account("eighty_nine", 89)
    factories.make_user(username="no_password", date_joined=NOW - timedelta(days=400))
    with clock.at(NOW):
        for _n in range(2):
            import_string(next(job for job in settings.TICKS if job.endswith("disable_idle")))()
    assert off() == {"ninety_one", "never"}
    assert Notice.objects.get(recipient=hall_administrator).params["number"] == 2
    assert caplog.text.count("switched off after 90 days") == 2


def test_the_open_page_of_an_idle_account_ends_and_no_password_opens_it(client: Client, db: None) -> None:
    person = account("idle", 91)
    client.force_login(person)
    User.objects.filter(pk=person.pk).update(disabled_at=NOW)
    assert client.get(reverse("profile")).status_code == 302
    answer = client.post(reverse("account_login"), {"login": "idle", "password": PASSWORD}, follow=True)
    assert "账号已停用" in answer.content.decode()
    assert client.get(reverse("profile")).status_code == 302


def test_the_administrator_switches_it_on_and_it_stays_on(
    client: Client, hall_administrator: User, reform_officer: User
) -> None:
    person = account("idle", 91)
    User.objects.filter(pk=person.pk).update(disabled_at=NOW)
    with pytest.raises(PermissionDenied):
        services.enable_account(person, reform_officer)
    client.force_login(hall_administrator)
    page = client.get(reverse("people") + "?list=off").content.decode()
    assert reverse("enable_account", args=[person.pk]) in page
    with clock.at(NOW):
        client.post(reverse("enable_account", args=[person.pk]))
        assert off() == set()
        assert services.disable_idle() == 0
        with pytest.raises(WrongState):
            services.enable_account(person, hall_administrator)


def test_the_list_says_who_has_no_address(client: Client, reform_officer: User) -> None:
    account("with", 1, email="a@example.org"), account("without", 1)
    client.force_login(reform_officer)
    rows = client.get(reverse("people") + "?list=no_address").context["page_obj"]
    assert [row.username for row in rows] == ["without"]


@pytest.mark.parametrize("number", [1, 30])
def test_queries_of_the_list(
    client: Client, hall_administrator: User, number: int, django_assert_max_num_queries: Any
) -> None:
    for n in range(number):
        factories.grant(account(f"p{n}", 1), "auditor")
    client.force_login(hall_administrator)
    with django_assert_max_num_queries(12):
        client.get(reverse("people"))


def test_the_own_address_is_set_and_a_wrong_one_comes_back(client: Client, db: None) -> None:
    person, other = account("me", 1), account("other", 1)
    client.force_login(person)
    sent = {"email": "me@example.gov.cn", "username": "x", "is_staff": "1", "wants_mail": "0"}
    assert client.post(reverse("set_address"), sent).status_code == 302
    wrong = client.post(reverse("set_address"), {"email": "me at work"})
    assert (wrong.status_code, "me at work" in wrong.content.decode()) == (400, True)
    person.refresh_from_db()
    assert (person.email, person.username, person.is_staff, person.wants_mail) == (sent["email"], "me", False, True)
    assert User.objects.get(pk=other.pk).email == ""


@pytest.mark.parametrize(
    ("address", "instead"), [("/accounts/email/", "/me/"), ("/accounts/password/reset/", "/accounts/login/")]
)
def test_no_other_door_leads_to_an_address_or_a_new_password(
    client: Client, db: None, mailoutbox: list[Any], address: str, instead: str
) -> None:
    person = account("me", 1)
    User.objects.filter(pk=person.pk).update(email="me@example.gov.cn")
    client.force_login(person)
    sent = {"email": "me@example.gov.cn", "action_add": ""}
    answers = [client.get(address), client.post(address, sent)]
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(302, instead)] * 2
    assert mailoutbox == []
