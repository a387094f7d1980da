"""How allauth behaves here: nobody signs up; accounts are made by the hall administrator."""

import hashlib
import logging
import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.passwords import LONGEST

audit = logging.getLogger("huanwei.audit")
ANYWHERE = "login_failed_anywhere"
TOLD_ONCE = 30 * 60
"""Seconds in which a locked account is written to the log once, as long as its lock lasts."""


def account_key(typed: str) -> str:
    """One key for every way to type a name: case, width, spaces around and invisible characters make no difference."""
    plain = unicodedata.normalize("NFKC", typed)
    return "".join(sign for sign in plain if unicodedata.category(sign) != "Cf").strip().casefold()


class ClosedSignupAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Closes sign-up, counts failures; a password chosen by the person ends the duty to change it."""

    _anywhere: Any = None

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_password(self, password: str, user: User | None = None) -> str:
        """The policy, and not the password in use: one that somebody else chose would stay known to them."""
        cleaned: str = super().clean_password(password, user)
        if user is not None and user.check_password(cleaned):
            raise ValidationError(_("This is your present password. Please choose a new one."), code="password_same")
        return cleaned

    def pre_login(self, request: HttpRequest, user: User, **given: Any) -> Any:
        """An account that is switched off is told so, after the right password only."""
        if user.disabled_at is not None:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **given)

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        audit.info("signed in: user=%s from=%s", user.pk, self.get_client_ip(request))

    def logout(self, request: HttpRequest) -> None:
        audit.info("signed out: user=%s", request.user.pk)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        person = _number_of(account_key(_typed(credentials)))
        audit.warning("sign-in failed: user=%s from=%s", person, self.get_client_ip(request))

    def set_password(self, user: User, password: str) -> None:
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Account and source address together, so that a stranger elsewhere does not lock somebody out."""
        return f"{account_key(_typed(credentials))}@{self.get_client_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Five failures of the pair, then twenty of the account from anywhere; the second is written to the log."""
        super().pre_authenticate(request, **credentials)
        key = account_key(_typed(credentials))
        if len(str(credentials.get("password") or "")) > LONGEST:
            raise self.validation_error("username_password_mismatch")
        self._anywhere = ratelimit.consume(request, app="allauth.account", action=ANYWHERE, key=key)
        if not self._anywhere:
            _log_lock(key)
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        """A right password counts for neither."""
        super()._rollback_login_failed_rl_usage()
        if self._anywhere:
            self._anywhere.rollback()


def _typed(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "")


def _number_of(key: str) -> int | str:
    """An account's number for the log; a name that nobody has may be anything, a password too, so it is not kept."""
    return User.objects.filter(username__iexact=key).values_list("pk", flat=True).first() or "unknown"


def _log_lock(key: str) -> None:
    """Once for each lock."""
    if cache.add(f"sign-in-locked:{hashlib.sha256(key.encode()).hexdigest()}", 1, TOLD_ONCE):
        audit.warning("sign-in locked after twenty failures: person %s", _number_of(key))
