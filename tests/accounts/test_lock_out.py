"""Sign-in after failures: account and address together are locked after five, the account alone after twenty."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests import factories

RIGHT, WRONG = "Own-words-22y", "Not-words-22y"


@pytest.fixture
def person(db: None) -> Iterator[User]:
    cache.clear()
    user = factories.make_user(username="Wang01")
    user.set_password(RIGHT)
    user.save(update_fields=["password"])
    yield user
    cache.clear()


def signs_in(password: str, *, name: str = "Wang01", address: str = "10.0.0.1", forged: str = "") -> bool:
    given = {"login": name, "password": password}
    answer = Client().post(reverse("account_login"), given, REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=forged)
    return answer.status_code == 302


def fail(times: int, address: str = "10.0.0.1") -> None:
    for _n in range(times):
        assert not signs_in(WRONG, address=address)


def test_four_failures_lock_nothing(person: User) -> None:
    fail(4)
    assert signs_in(RIGHT)


def test_the_right_password_is_refused_after_five_failures_for_fifteen_minutes(person: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        fail(5)
        assert not signs_in(RIGHT)
        clock.shift(timedelta(minutes=14))
        assert not signs_in(RIGHT)
        clock.shift(timedelta(minutes=2))
        assert signs_in(RIGHT)


@pytest.mark.parametrize("name", ["wang01", "WANG01 ", "Ｗａｎｇ０１", "Wan\u200bg01", " Wang01"])
def test_no_other_way_to_type_the_name_gets_five_more(person: User, name: str) -> None:
    fail(5)
    assert not signs_in(RIGHT, name=name)


def test_a_forged_address_gets_no_five_more(person: User) -> None:
    fail(5)
    assert not signs_in(RIGHT, forged="10.9.9.9")


def test_others_at_the_address_and_the_person_elsewhere_still_sign_in(person: User) -> None:
    other = factories.make_user(username="li02")
    other.set_password(RIGHT)
    other.save(update_fields=["password"])
    fail(5)
    assert signs_in(RIGHT, name="li02")
    assert signs_in(RIGHT, address="10.0.0.2")


def test_twenty_failures_from_anywhere_lock_the_account_and_are_logged_once(
    person: User, caplog: pytest.LogCaptureFixture
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock, caplog.at_level(logging.WARNING, "huanwei.audit"):
        for number in range(4):
            fail(5, address=f"10.0.1.{number}")
        assert not signs_in(RIGHT, address="10.0.2.1")
        assert not signs_in(RIGHT, address="10.0.2.2")
        told = [record.getMessage() for record in caplog.records if record.name == "huanwei.audit"]
        assert len(told) == 21
        assert [line for line in told if "locked" in line] == [
            f"sign-in locked after twenty failures: person {person.pk}"
        ]
        clock.shift(timedelta(minutes=31))
        assert signs_in(RIGHT, address="10.0.2.1")


def test_the_log_says_who_signed_in_out_and_failed_and_keeps_no_name(
    person: User, caplog: pytest.LogCaptureFixture
) -> None:
    """GB/T 22239 7.1.4.3a; the name field may hold a password typed one line too early."""
    client, page = Client(), reverse("account_login")
    with caplog.at_level(logging.INFO, logger="huanwei.audit"):
        for name, password in ((RIGHT, ""), ("nobody", WRONG), ("wang01", WRONG), ("Wang01", RIGHT)):
            client.post(page, {"login": name, "password": password}, REMOTE_ADDR="10.0.0.9")
        client.post(reverse("account_logout"))
    told = [record.getMessage() for record in caplog.records if record.name == "huanwei.audit"]
    assert told == [
        "sign-in failed: user=unknown from=10.0.0.9",
        f"sign-in failed: user={person.pk} from=10.0.0.9",
        f"signed in: user={person.pk} from=10.0.0.9",
        f"signed out: user={person.pk}",
    ]
