"""The outbox: what leaves the house is written down first, in the transaction of the act, and sent by the worker.

A message is tried five times within a day, in working hours only, and then stands on the list of what was given up.
"""

import logging
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_tasks import task

from core import clock
from core.carriers import send_by_mail, send_to_group
from core.doors import WrongState
from core.notice_kinds import GROUP, MAIL
from core.outbox_models import OPEN, MessageStatus, OutgoingMessage

log = logging.getLogger("huanwei.outbox")
audit = logging.getLogger("huanwei.audit")

TRIES = 5
WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3), timedelta(hours=20))
"""How long a message rests before its second, third, fourth and fifth try."""

LEASE = timedelta(minutes=2)
"""How long one try may take; a message claimed longer ago lost its worker."""

KEPT = timedelta(days=90)
OWN_FAULT = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError)
"""Refusals that concern this message alone; every other fault concerns the whole channel."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be written down. `recipient_id` None: the group chat."""

    key: str
    kind: str
    subject: str
    body: str
    recipient_id: int | None = None


def post(letters: Iterable[Letter]) -> None:
    """Write messages down; a key that is there already is left alone. The worker sends them after the commit."""
    now = clock.now()
    rows = [
        OutgoingMessage(
            key=letter.key,
            kind=letter.kind,
            subject=letter.subject,
            body=letter.body,
            recipient_id=letter.recipient_id,
            channel=MAIL if letter.recipient_id else GROUP,
            created_at=now,
            due_at=now,
        )
        for letter in letters
    ]
    if rows:
        OutgoingMessage.objects.bulk_create(rows, ignore_conflicts=True)
        send_soon.enqueue()


@task()  # type: ignore[untyped-decorator]
def send_soon() -> None:
    """Send what waits, at once."""
    send_waiting()


def send_waiting() -> None:
    """Send every message whose time has come, in working hours. Also a periodic job: what failed is tried again."""
    if not import_string(settings.OUTBOX_OPEN)(clock.now()):
        return
    _bury_lost()
    while (message := _claim()) is not None:
        _try(message)


def _bury_lost() -> None:
    """A message whose worker was lost at the fifth try is given up like one that failed five times."""
    now = clock.now()
    lost = OutgoingMessage.objects.filter(status=MessageStatus.SENDING, claimed_at__lt=now - LEASE, tries__gte=TRIES)
    lost.update(status=MessageStatus.DEAD, ended_at=now, error="WorkerLost")


def _claim() -> OutgoingMessage | None:
    """Take the next message; whoever else looks does not see it until the lease is over."""
    now = clock.now()
    due = Q(status=MessageStatus.WAITING, due_at__lte=now)
    lost = Q(status=MessageStatus.SENDING, claimed_at__lt=now - LEASE)
    with transaction.atomic():
        rows = OutgoingMessage.objects.select_for_update(skip_locked=True, of=("self",))
        found = rows.filter(due | lost).order_by("due_at", "pk").first()
        if found is None:
            return None
        found.status, found.claimed_at, found.tries = MessageStatus.SENDING.value, now, found.tries + 1
        found.save(update_fields=["status", "claimed_at", "tries"])
        return found


def _try(message: OutgoingMessage) -> None:
    try:
        ended = _carry(message)
    except OWN_FAULT as error:
        _put_back(OutgoingMessage.objects.filter(pk=message.pk), message.tries, _words(error))
    except (OSError, SMTPException) as error:
        _put_back(OutgoingMessage.objects.filter(pk=message.pk), message.tries, _words(error))
        _rest(message.channel, _words(error))
    except Exception as error:  # noqa: BLE001 -- one message that cannot be built must not hold up those behind it
        place = traceback.extract_tb(error.__traceback__)[-1]
        log.error("A message broke its try: pk=%s error=%s at=%s", message.pk, _words(error), place.name)
        _put_back(OutgoingMessage.objects.filter(pk=message.pk), message.tries, _words(error))
    else:
        OutgoingMessage.objects.filter(pk=message.pk).update(status=ended, ended_at=clock.now(), error="")


def _carry(message: OutgoingMessage) -> str:
    """Hand it over; not to somebody who has left, has no address or wants no mail."""
    if message.channel == GROUP:
        send_to_group(message)
        return MessageStatus.SENT.value
    person: Any = message.recipient
    if not (person.is_active and person.email and person.wants_mail):
        return MessageStatus.WITHHELD.value
    send_by_mail(message, person.email)
    return MessageStatus.SENT.value


def _put_back(rows: Any, tries: int, error: str) -> None:
    """After a try that failed: rest, or give up after the fifth."""
    now = clock.now()
    log.warning("A message did not go out: try=%s error=%s", tries, error)
    if tries >= TRIES:
        rows.update(status=MessageStatus.DEAD, ended_at=now, error=error)
    else:
        rows.update(status=MessageStatus.WAITING, due_at=now + WAITS[tries - 1], error=error)


def _rest(channel: str, error: str) -> None:
    """The server does not answer: the try counts for all that waits for it now, instead of asking it for each."""
    now = clock.now()
    waiting = OutgoingMessage.objects.filter(channel=channel, status=MessageStatus.WAITING, due_at__lte=now)
    tried = list(waiting.values_list("pk", "tries"))
    for tries in sorted({number for _pk, number in tried}):
        pks = [pk for pk, number in tried if number == tries]
        # What another worker has claimed since is on its way: putting it back would send it twice.
        same = OutgoingMessage.objects.filter(pk__in=pks, status=MessageStatus.WAITING)
        same.update(tries=F("tries") + 1)
        _put_back(same, tries + 1, error)


def _words(error: Exception) -> str:
    """Kind and code of a fault. Never its text: servers repeat addresses in it."""
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def retry_message(message: OutgoingMessage, actor: Any) -> None:
    """Try a message that was given up again, from the beginning. Raises WrongState when it is not given up."""
    dead = OutgoingMessage.objects.filter(pk=message.pk, status=MessageStatus.DEAD)
    if not dead.update(status=MessageStatus.WAITING, tries=0, due_at=clock.now(), ended_at=None):
        raise WrongState(_("This message is on its way already."), back_url=reverse("upkeep:task_queue"))
    audit.info("message tried again: user=%s message=%s", actor.pk, message.pk)
    send_soon.enqueue()


def withhold_waiting(reason: str) -> int:
    """Send nothing that waits now, for good: a database that comes from a backup repeats no old mail."""
    waiting = OutgoingMessage.objects.filter(status__in=OPEN)
    return waiting.update(status=MessageStatus.WITHHELD, ended_at=clock.now(), error=reason)


def tidy() -> None:
    """Forget messages that ended three months ago; their keys are older than anything that could be said again."""
    OutgoingMessage.objects.filter(ended_at__lt=clock.now() - KEPT).delete()
