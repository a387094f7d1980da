"""Telling people: the inbox is the base, e-mail repeats it where an address is known and the rules say so.

A government network may have no way out, so nothing depends on the mail arriving.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from core import clock
from core.notice_kinds import INBOX, KINDS, MAIL, kind_of
from core.notice_models import Notice, NoticeQuerySet
from core.outbox_services import Letter, post
from core.rule_models import Rules, settle

KEYS_AT_ONCE = 500
"""Keys asked for in one query: engines allow only so many parameters (some builds of SQLite 999)."""


def notify(
    users: Iterable[AbstractBaseUser],
    *,
    kind: str,
    title: str,
    url: str,
    text: str = "",
    params: Mapping[str, str | int] | None = None,
) -> list[Notice]:
    """Put one notice into the inbox of each active user, once, with one query; the worker repeats it by mail.

    `title` is an English msgid marked with `gettext_noop` and filled from `params` ("Issue %(number)s is yours"), so
    that each reader gets it in the own language; `text` is what somebody typed and stays as it is. Call it inside the
    transaction of the act it tells of: raises TransactionManagementError outside of one, and KeyError, TypeError or
    ValueError when title and parameters do not fit.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("notify() belongs inside the transaction of the act it tells of")
    values = dict(params or {})
    _fitted = title % values
    recipients = {user.pk: user for user in users if user.is_active}
    now = clock.now()
    notices = Notice.objects.bulk_create(
        Notice(recipient_id=pk, kind=kind, msgid=title, params=values, text=text, url=url, created_at=now)
        for pk in recipients
    )
    _mail_later(kind_of(kind), recipients.values())
    return notices


def _mail_later(kind: str, people: Iterable[Any]) -> None:
    addressed = sorted(person.pk for person in people if getattr(person, "email", ""))
    if addressed:
        mail_notices.enqueue(kind, addressed)


def mark_read(notices: NoticeQuerySet, moment: datetime | None = None) -> int:
    """Mark the unread ones of `notices` (a queryset already narrowed by `visible_to`) as read; how many they were."""
    return notices.unread().update(read_at=moment or clock.now())


def mark_unread(notices: NoticeQuerySet) -> int:
    """Take it back; how many they were."""
    return notices.filter(read_at__isnull=False).update(read_at=None)


def link(path: str) -> str:
    """An address of this site as it stands in a mail; a site that does not know its own name gives the path alone."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


@task()  # type: ignore[untyped-decorator]
def mail_notices(kind: str, user_ids: list[int]) -> None:
    """The worker's part of `notify`: at most one mail a day for each person and kind, saying that there is something.

    Subject and text name neither issue nor person: who wants to know signs in.
    """
    rules, day = Rules.load(), clock.today()
    people: Iterable[Any] = get_user_model()._default_manager.filter(pk__in=user_ids, is_active=True)
    with translation.override(settings.LANGUAGE_CODE):
        facts = {"kind": KINDS[kind].label, "url": link(reverse("core:notices"))}
        subject = _("Huanwei: %(kind)s") % facts
        body = _("You have a new notice: %(kind)s. Sign in and see your inbox: %(url)s") % facts
        post(
            Letter(f"{kind}:{person.pk}:{day}", kind, subject, body, person.pk)
            for person in people
            if person.email and person.wants_mail and rules.on_for(kind, person.grants.roles, MAIL)
        )


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something the clock tells people of one role, once: `key` names the subject and its stage, which `began` then."""

    kind: str
    role: str
    key: str
    began: datetime
    users: Sequence[Any]
    title: str
    url: str
    params: Mapping[str, str | int] = field(default_factory=dict)


def remind(reminders: Iterable[Reminder]) -> int:
    """Put each reminder into the inboxes of those who have not had it, as the rules say; how many notices were made.

    What began before its rule was turned on is left alone. Idempotent: the key is unique for each person.
    """
    settle()
    rules = Rules.load()
    told = [one for one in reminders if rules.holds_for(one.kind, one.role, INBOX, one.began)]
    with transaction.atomic():
        new = _unsent(told)
        now = clock.now()
        Notice.objects.bulk_create(
            [
                Notice(
                    recipient_id=person.pk, kind=one.kind, msgid=one.title, params=dict(one.params), url=one.url,
                    created_at=now, once_key=one.key,
                )
                for one, person in new
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        for kind in sorted({one.kind for one, _person in new}):
            _mail_later(kind, {person.pk: person for one, person in new if one.kind == kind}.values())
    return len(new)


def _unsent(reminders: Sequence[Reminder]) -> list[tuple[Reminder, Any]]:
    """Reminder and person, for each pair that is not in the inbox yet."""
    keys = sorted({one.key for one in reminders})
    known: set[tuple[int, str]] = set()
    for start in range(0, len(keys), KEYS_AT_ONCE):
        sent = Notice.objects.filter(once_key__in=keys[start : start + KEYS_AT_ONCE])
        known.update(sent.values_list("recipient_id", "once_key"))
    found: dict[tuple[int, str], tuple[Reminder, Any]] = {}
    for one in reminders:
        for person in one.users:
            if person.is_active and (person.pk, one.key) not in known:
                found.setdefault((person.pk, one.key), (one, person))
    return list(found.values())
