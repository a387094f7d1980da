"""The secret address of a person's calendar: made, replaced, revoked; only its hash is kept."""

import hashlib
import logging
import secrets

from accounts.models import User
from core import clock
from sessions.models import CalendarToken

log = logging.getLogger("huanwei.audit")


def secret_digest(token: str) -> str:
    """What is kept of a secret of 256 bits: a hash without salt finds its row, and cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def give_calendar_address(user: User) -> str:
    """A new secret for this person's feed, shown this once; the one before stops working."""
    token = secrets.token_urlsafe(32)
    values = {"digest": secret_digest(token), "created_at": clock.now()}
    CalendarToken.objects.update_or_create(user=user, defaults=values)
    log.info("calendar address made: user=%s", user.pk)
    return token


def revoke_calendar_address(user: User) -> bool:
    """Stop the feed; whether there was one."""
    gone, _rows = CalendarToken.objects.filter(user=user).delete()
    log.info("calendar address revoked: user=%s", user.pk)
    return bool(gone)
