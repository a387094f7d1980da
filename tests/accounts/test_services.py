"""Accounts: one-time passwords, grants, the own password at the first sign-in."""

import time
from io import StringIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.choices import Role
from accounts.middleware import SINCE
from accounts.models import RoleGrant, User
from catalog.models import Hall
from core import clock
from tests import factories

LONGEST = 12 * 60 * 60


def test_random_password_satisfies_every_rule() -> None:
    for _ in range(50):
        validate_password(services.random_password())


WEAK = [
    "short1A!",
    "alllowercase1",
    "Huanwei-2026-x",
    "1234567890",
    "换位Abc12345",
    "Password-2026",
    "P@ssw0rd!!",
    "Woaini_520!",
    "88-Iloveyou-88",
    "Administrator#1",
    "Qwerty.12345",
    "政务Abc-12345",
    "Zwfw-20260101",
    "aaaaaaaaaaaa1",
    "Abcdefgh",
    "N" + "a1-" * 1366,
]


@pytest.mark.parametrize("weak", WEAK)
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(weak)


@pytest.mark.parametrize(
    "strong", ["Wx7-kk92-pq", "城关大道 3 号 Abc", "A" * 40 + "b" * 39 + "1", "Dragon flies over 9 hills"]
)
def test_strong_passwords_are_taken(strong: str) -> None:
    validate_password(strong)


def test_granting_twice_keeps_one_row(db: None) -> None:
    user = factories.make_user()
    services.grant_role(user, Role.AUDITOR)
    services.grant_role(user, Role.AUDITOR)
    assert RoleGrant.objects.filter(user=user).count() == 1


def test_command_prints_a_password_that_signs_in_once_and_must_be_changed(db: None, client: Client) -> None:
    hall = factories.make_hall(code="H01")
    out = StringIO()
    call_command("create_account", "gly", "大厅管理员", role=Role.HALL_ADMINISTRATOR, hall="H01", stdout=out)
    username, password = out.getvalue().split()
    response = client.post(reverse("account_login"), {"login": username, "password": password})
    assert response.status_code == 302
    assert client.get(reverse("profile")).headers["Location"] == reverse("account_change_password")
    user = User.objects.get(username="gly")
    assert user.grants.halls(Role.HALL_ADMINISTRATOR) == frozenset({Hall.objects.get(pk=hall.pk).pk})


@pytest.mark.parametrize(("typed", "opens"), [(slice(None), True), (slice(79), False), (slice(0, -1), False)])
def test_a_password_counts_to_its_last_character(typed: slice, opens: bool, db: None, client: Client) -> None:
    password = "Wx7 " * 19 + "城关 9 "
    services.give_password(factories.make_user(username="jane"), password, must_change=False)
    answer = client.post(reverse("account_login"), {"login": "jane", "password": password[typed]})
    assert (answer.status_code == 302) is opens


def test_an_endless_password_is_refused_unread(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """ASVS 6.2.9: nobody makes the machine hash what no password can be."""
    factories.make_user(username="jane")
    read: list[object] = []
    monkeypatch.setattr("accounts.backends.PersonBackend.authenticate", lambda *_given, **words: read.append(words))
    answer = client.post(reverse("account_login"), {"login": "jane", "password": "x" * 4097})
    assert (answer.status_code, read) == (200, [])
    client.post(reverse("account_login"), {"login": "jane", "password": "x" * 4096})
    assert len(read) == 1


@pytest.mark.parametrize("end", ["sign out", "switch off", "new password"])
def test_every_sitting_of_the_account_ends_at_once(end: str, db: None, client: Client) -> None:
    """A cookie that was copied before is worth nothing after (ASVS 7.4.1 to 7.4.3)."""
    user = factories.make_user()
    client.force_login(user)
    copied = client.cookies["sessionid"].value
    if end == "sign out":
        client.post(reverse("account_logout"))
    elif end == "switch off":
        User.objects.filter(pk=user.pk).update(disabled_at=clock.now())
    else:
        services.give_password(user, "Wx7-kk92-pq", must_change=False)
    other = Client()
    other.cookies["sessionid"] = copied
    assert reverse("account_login") in other.get(reverse("profile")).headers["Location"]


def test_own_password_ends_the_duty(db: None, client: Client) -> None:
    user = services.create_account("jane", "联络员", password="Start-pass-1x")
    client.force_login(user)
    for chosen, duty in (("Start-pass-1x", True), ("Own-words-22y", False)):
        given = {"oldpassword": "Start-pass-1x", "password1": chosen, "password2": chosen}
        client.post(reverse("account_change_password"), given)
        user.refresh_from_db()
        assert user.must_change_password is duty
    assert user.check_password("Own-words-22y")


@pytest.mark.parametrize("given", [{"role": Role.LIAISON}, {"role": Role.GUIDE, "hall": "nowhere"}])
def test_command_names_what_is_missing(db: None, given: dict[str, str]) -> None:
    with pytest.raises(CommandError, match="needs --"):
        call_command("create_account", "someone", "某人", **given)
    assert not User.objects.exists()


def test_command_refuses_an_unknown_department(db: None) -> None:
    with pytest.raises(CommandError, match="no department with code X9"):
        call_command("create_account", "someone", "某人", role=Role.LIAISON, department="X9")


def test_command_refuses_a_name_that_is_taken(db: None) -> None:
    factories.make_user(username="taken")
    with pytest.raises(CommandError):
        call_command("create_account", "taken", "某人", role=Role.AUDITOR)


def test_a_sign_in_ends_after_the_longest_time_however_busy(db: None, client: Client) -> None:
    client.force_login(factories.make_user())
    assert client.get(reverse("profile")).status_code == 200
    for age, status in ((LONGEST - 60, 200), (LONGEST + 1, 302)):
        session = client.session
        session[SINCE] = time.time() - age
        session.save()
        assert client.get(reverse("profile")).status_code == status
    assert "_auth_user_id" not in client.session
