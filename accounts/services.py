"""Writes on people: accounts, grants, one-time secrets."""

import logging
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.choices import Role
from accounts.models import Department, RoleGrant, User
from core import clock
from core.doors import ALLOWED, WrongState, lock, refuse, require
from core.notices import notify

audit = logging.getLogger("huanwei.audit")
IDLE = timedelta(days=90)
ADMINISTRATORS = gettext_lazy("Only a hall's administrators switch accounts on.")


def random_password() -> str:
    """A password that satisfies the policy (GB/T 22239 7.1.4.1a) and can be read aloud: 16 characters."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    body = "".join(secrets.choice(alphabet) for _n in range(12))
    return f"{secrets.choice('ABCDEFGHJKLMNPQRSTUVWXYZ')}{body}-{secrets.randbelow(90) + 10}"


@transaction.atomic
def create_account(
    username: str,
    display_name: str,
    *,
    password: str | None = None,
    department: Department | None = None,
    code: str = "",
    email: str = "",
) -> User:
    """A new account. Without a password nobody can sign in with it until one is given.

    With a password the person must choose an own one at the first sign-in.
    """
    user = User(
        username=username,
        display_name=display_name,
        department=department,
        code=code,
        email=email,
        must_change_password=password is not None,
    )
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    return user


def grant_role(user: User, role: str, *, hall_id: int | None = None, department: Department | None = None) -> RoleGrant:
    """Let this person act in a role for a hall, a department or everywhere. Granting twice changes nothing."""
    scope: dict[str, Any] = {"hall_id": hall_id, "department": department}
    found, _created = RoleGrant.objects.get_or_create(user=user, role=role, **scope)
    return found


def set_address(user: User, email: str) -> None:
    """Where this person's e-mail goes; empty for nowhere."""
    user.email = email
    user.save(update_fields=["email"])
    audit.info("address changed: user=%s", user.pk)


def disable_idle() -> int:
    """Switch off accounts that nobody has used for 90 days (GB/T 22239 7.1.4.2c); how many they were.

    A periodic job. Halls' administrators are told; the person, once switched off, is signed out everywhere.
    """
    now = clock.now()
    with transaction.atomic():
        idle = list(User.objects.idle_since(now - IDLE).select_for_update())
        User.objects.filter(pk__in=[user.pk for user in idle]).update(disabled_at=now)
        for user in idle:
            audit.warning("account switched off after %s days without a sign-in: user=%s", IDLE.days, user.pk)
        if idle:
            notify(
                User.objects.filter(role_grants__role=Role.HALL_ADMINISTRATOR, disabled_at=None).distinct(),
                kind="account.idle",
                title=gettext_noop("%(number)s accounts were switched off: nobody signed in for %(days)s days"),
                url=f"{reverse('people')}?list=off",
                params={"number": len(idle), "days": IDLE.days},
            )
    return len(idle)


@transaction.atomic
def enable_account(person: User, actor: User) -> None:
    """Switch an account on again. Raises PermissionDenied for others than halls' administrators; WrongState."""
    require(ALLOWED if actor.grants.has(Role.HALL_ADMINISTRATOR) else refuse(ADMINISTRATORS))
    fresh = lock(person)
    if fresh.disabled_at is None:
        raise WrongState(_("This account is switched on already."), back_url=reverse("people"))
    fresh.disabled_at, fresh.enabled_at = None, clock.now()
    fresh.save(update_fields=["disabled_at", "enabled_at"])
    audit.info("account switched on again: user=%s person=%s", actor.pk, fresh.pk)


def choose_mail(user: User, *, wanted: bool) -> None:
    """Whether this person gets e-mail; the inbox has everything in any case."""
    user.wants_mail = wanted
    user.save(update_fields=["wants_mail"])


def give_password(user: User, password: str, *, must_change: bool) -> None:
    """Set a password that somebody else chose."""
    user.set_password(password)
    user.must_change_password = must_change
    user.save(update_fields=["password", "must_change_password"])
