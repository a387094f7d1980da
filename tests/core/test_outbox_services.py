"""The outbox: sent once, tried five times in a day, in working hours, and what a broken server costs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from accounts.models import User
from catalog.hours import at_work
from core import clock, outbox_services
from core.calendar_services import seed
from core.doors import WrongState
from core.outbox_models import OutgoingMessage
from core.outbox_services import Letter, post, retry_message, send_waiting, withhold_waiting
from tests.factories import make_hall, make_user

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)  # Monday 09:00 in Shanghai
BACKEND = "tests.core.test_outbox_services.Faulty"


class Faulty(EmailBackend):
    """A server that refuses some addresses, or does not answer at all."""

    refused: ClassVar[set[str]] = set()
    away = False
    asked: ClassVar[list[str]] = []

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            self.asked.append(message.to[0])
            if self.away:
                raise SMTPServerDisconnected("Server not connected")
            if message.to[0] in self.refused:
                raise SMTPRecipientsRefused({message.to[0]: (550, b"no such user")})
        return int(super().send_messages(messages))


@pytest.fixture(autouse=True)
def server(settings: Any) -> Iterator[None]:
    settings.EMAIL_BACKEND = BACKEND
    settings.DEFAULT_FROM_EMAIL = "换位 <huanwei@example.gov.cn>"
    Faulty.refused, Faulty.away, Faulty.asked = set(), False, []
    with clock.at(MORNING):
        yield


def letter(name: str, **given: Any) -> Letter:
    person = make_user(username=name, email=f"{name}@example.org", **given)
    return Letter(f"digest:{name}", "digest", "三件事", "请登录查看", person.pk)


def states() -> list[tuple[str, int]]:
    return list(OutgoingMessage.objects.order_by("pk").values_list("status", "tries"))


def test_the_same_thing_is_said_once() -> None:
    one = letter("wang")
    post([one])
    post([one])
    send_waiting()
    (message,) = mail.outbox
    assert (message.to, states()) == (["wang@example.org"], [("sent", 1)])
    assert message.extra_headers["Message-ID"].endswith("@example.gov.cn>")


def test_what_is_rolled_back_is_never_sent() -> None:
    one = letter("wang")
    with transaction.atomic():
        post([one])
        transaction.set_rollback(True)
    send_waiting()
    assert states() == []


def test_a_refused_address_is_tried_five_times_within_a_day_and_others_get_theirs() -> None:
    Faulty.refused = {"wang@example.org"}
    post([letter("wang"), letter("li")])
    assert [message.to for message in mail.outbox] == [["li@example.org"]]
    for minutes in (5, 35, 215, 1415):
        with clock.at(MORNING + timedelta(minutes=minutes - 1)):
            send_waiting()
        assert OutgoingMessage.objects.get(status="waiting").due_at == MORNING + timedelta(minutes=minutes)
        with clock.at(MORNING + timedelta(minutes=minutes)):
            send_waiting()
    assert (states(), len(Faulty.asked)) == ([("dead", 5), ("sent", 1)], 6)
    assert "wang" not in OutgoingMessage.objects.get(status="dead").error


def test_a_server_that_is_away_is_asked_once_for_all_that_waits() -> None:
    Faulty.away = True
    with transaction.atomic():
        post([letter("wang"), letter("li"), letter("zhao")])
    assert (states(), len(Faulty.asked)) == ([("waiting", 1)] * 3, 1)
    Faulty.away = False
    with clock.at(MORNING + timedelta(minutes=5)):
        send_waiting()
    assert states() == [("sent", 2)] * 3


def test_a_message_of_a_lost_worker_is_sent_after_its_lease_under_the_same_id() -> None:
    person = make_user(email="wang@example.org")
    lost = {"recipient": person, "channel": "mail", "status": "sending", "claimed_at": MORNING, "tries": 1}
    OutgoingMessage.objects.create(key="a", **lost)
    OutgoingMessage.objects.create(key="b", **(lost | {"tries": 5}))
    send_waiting()
    assert states() == [("sending", 1), ("sending", 5)]
    with clock.at(MORNING + timedelta(minutes=3)):
        send_waiting()
    assert states() == [("sent", 2), ("dead", 5)]


@pytest.mark.parametrize("gone", [{"is_active": False}, {"wants_mail": False}, {"email": ""}])
def test_who_left_or_wants_none_gets_none(gone: dict[str, Any]) -> None:
    Faulty.away = True
    one = letter("wang")
    post([one])
    Faulty.away = False
    User.objects.filter(username="wang").update(**gone)
    with clock.at(MORNING + timedelta(minutes=5)):
        send_waiting()
    assert (states(), mail.outbox) == ([("withheld", 2)], [])


def test_a_restored_database_repeats_no_old_mail() -> None:
    Faulty.away = True
    post([letter("wang")])
    Faulty.away = False
    assert withhold_waiting("restored") == 1
    with clock.at(MORNING + timedelta(days=1)):
        send_waiting()
    assert (states(), mail.outbox) == ([("withheld", 1)], [])


def test_only_what_was_given_up_is_tried_again() -> None:
    Faulty.refused = {"wang@example.org"}
    post([letter("wang")])
    message = OutgoingMessage.objects.get()
    with pytest.raises(WrongState):
        retry_message(message, message.recipient)
    OutgoingMessage.objects.update(status="dead", tries=5)
    Faulty.refused = set()
    retry_message(message, message.recipient)
    assert states() == [("sent", 1)]


@pytest.mark.parametrize(
    ("moment", "open_then"),
    [
        ("2026-06-01 08:29", False),
        ("2026-06-01 08:30", True),
        ("2026-06-01 17:29", True),
        ("2026-06-01 17:30", False),
        ("2026-06-06 10:00", False),  # Saturday
        ("2026-10-01 10:00", False),  # holiday
        ("2026-10-10 10:00", True),  # a Saturday worked instead
    ],
)
def test_messages_wait_for_working_hours(moment: str, open_then: bool) -> None:
    seed([2026])
    make_hall()
    with clock.at(datetime.fromisoformat(f"{moment}+08:00")):
        assert at_work(clock.now()) == open_then
        post([letter("wang")])
    assert states() == [("sent", 1) if open_then else ("waiting", 0)]


def test_ended_messages_go_after_three_months() -> None:
    post([letter("wang"), letter("li")])
    OutgoingMessage.objects.filter(pk=OutgoingMessage.objects.first().pk).update(ended_at=MORNING - timedelta(days=91))  # type: ignore[union-attr]
    outbox_services.tidy()
    assert states() == [("sent", 1)]


def test_a_server_that_is_away_leaves_alone_what_another_worker_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    put_back, wang = outbox_services._put_back, letter("wang")

    def meanwhile(rows: Any, tries: int, error: str) -> None:
        """The neighbour claims the second message between the look at what waits and the update."""
        if not rows.filter(key=wang.key).exists():
            OutgoingMessage.objects.exclude(key=wang.key).update(status="sending", claimed_at=MORNING)
        put_back(rows, tries, error)

    monkeypatch.setattr(outbox_services, "_put_back", meanwhile)
    Faulty.away = True
    with transaction.atomic():
        post([wang, letter("li")])
    assert [status for status, _tries in states()] == ["waiting", "sending"]


def test_a_message_that_cannot_be_built_does_not_stop_the_others() -> None:
    bad = letter("bad")
    person = User.objects.get(username="bad")
    person.email = "bad@example.org\nBcc: all@example.org"
    person.save()
    with transaction.atomic():
        post([bad, letter("good")])
    assert states() == [("waiting", 1), ("sent", 1)]
    assert OutgoingMessage.objects.get(key=bad.key).error == "BadHeaderError"
