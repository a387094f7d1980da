"""Telling people: the inbox is the base, e-mail repeats it where an address is known.

A government network may have no way out, so nothing depends on the mail arriving.
"""

from collections.abc import Iterable, Mapping
from functools import partial

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django_tasks import task

from core import clock
from core.notice_models import Notice, NoticeQuerySet


def notify(
    users: Iterable[AbstractBaseUser],
    *,
    kind: str,
    title: str,
    url: str,
    text: str = "",
    params: Mapping[str, str | int] | None = None,
) -> list[Notice]:
    """Put one notice into the inbox of each active user, once, with one query; mail goes out after the commit.

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
    mailed = [n.pk for n in notices if getattr(recipients[n.recipient_id], "email", "")]
    if mailed:
        transaction.on_commit(partial(mail_notices.enqueue, mailed))
    return notices


def mark_read(notices: NoticeQuerySet) -> int:
    """Mark the unread ones of `notices` (a queryset already narrowed by `visible_to`) as read; how many they were."""
    return notices.unread().update(read_at=clock.now())


@task()  # type: ignore[untyped-decorator]
def mail_notices(notice_ids: list[int]) -> None:
    """Send the given notices by e-mail in the site's language: the worker's part of `notify`."""
    notices = Notice.objects.filter(pk__in=notice_ids).select_related("recipient")
    with translation.override(settings.LANGUAGE_CODE):
        for notice in notices:
            address = getattr(notice.recipient, "email", "")
            if address:
                send_mail(notice.title, notice.text or notice.title, None, [address])
