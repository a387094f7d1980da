"""Hall screens: a code pairs one within minutes; its token opens the roster of its hall and nothing else."""

import logging
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Hall
from core import clock
from core.doors import lock, require
from sessions.models import Screen
from sessions.permissions import may
from sessions.services.calendars import secret_digest

log = logging.getLogger("huanwei.audit")

VALID = timedelta(minutes=10)
SEEN_EVERY = timedelta(seconds=30)
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 8
"""40 bits for ten minutes, twenty tries a minute from an address: nobody guesses a code."""


def add_screen(hall: Hall, name: str, actor: User) -> tuple[Screen, str]:
    """A screen to be paired, and its code, which is shown this once."""
    require(may(actor, "pair_screen", hall))
    row = Screen(hall=hall, name=name, created_by=actor, created_at=clock.now())
    return row, _code_for(row, actor)


def renew_screen(screen: Screen, actor: User) -> str:
    """A new code for a screen that was not paired in time, or whose device was changed.

    The device that is paired goes on until the code is used. Raises ValidationError for a screen that was taken off.
    """
    require(may(actor, "pair_screen", screen.hall))
    with transaction.atomic():
        row = lock(screen)
        if row.revoked_at:
            raise ValidationError(_("This screen was taken off. Please add a new one."))
        return _code_for(row, actor)


def _code_for(screen: Screen, actor: User) -> str:
    code = "".join(secrets.choice(LETTERS) for _n in range(LENGTH))
    screen.code_digest, screen.code_until = secret_digest(code), clock.now() + VALID
    screen.save()
    log.info("screen code made: user=%s screen=%s hall=%s", actor.pk, screen.pk, screen.hall_id)
    return f"{code[:4]} {code[4:]}"


def pair_screen(code: str) -> tuple[Screen, str]:
    """Turn a code into the token of this device; a code works once. Raises ValidationError."""
    digest = secret_digest("".join(code.split()).upper())
    with transaction.atomic():
        rows = Screen.objects.in_use().select_for_update().filter(code_digest=digest, code_until__gt=clock.now())
        row = rows.first()
        if row is None:
            raise ValidationError(
                _("This code is not valid. A code works once, within ten minutes. Please ask for a new one.")
            )
        token = secrets.token_urlsafe(32)
        row.digest, row.code_digest, row.code_until = secret_digest(token), "", None
        row.paired_at = row.seen_at = clock.now()
        row.save()
    log.info("screen paired: screen=%s hall=%s", row.pk, row.hall_id)
    return row, token


@transaction.atomic
def revoke_screen(screen: Screen, actor: User) -> None:
    """Take a screen off: its token and its code stop working at once."""
    require(may(actor, "pair_screen", screen.hall))
    row = lock(screen)
    row.digest, row.code_digest, row.code_until = "", "", None
    row.revoked_at = clock.now()
    row.save()
    log.info("screen revoked: user=%s screen=%s hall=%s", actor.pk, screen.pk, screen.hall_id)


def screen_of(token: str) -> Screen | None:
    """The screen that this device is, noting that it was seen; None for a token that opens nothing."""
    if not token:
        return None
    row = Screen.objects.in_use().filter(digest=secret_digest(token)).select_related("hall").first()
    if row and (row.seen_at is None or clock.now() - row.seen_at > SEEN_EVERY):
        Screen.objects.filter(pk=row.pk).update(seen_at=clock.now())
    return row
