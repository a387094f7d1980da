"""Writes on people: accounts, grants, one-time secrets."""

import secrets
from typing import Any

from django.db import transaction

from accounts.models import Department, RoleGrant, User


def random_password() -> str:
    """A password that satisfies the policy (GB/T 22239 7.1.4.1a) and can be read aloud: 16 characters."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    body = "".join(secrets.choice(alphabet) for _ in range(12))
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


def choose_mail(user: User, *, wanted: bool) -> None:
    """Whether this person gets e-mail; the inbox has everything in any case."""
    user.wants_mail = wanted
    user.save(update_fields=["wants_mail"])


def give_password(user: User, password: str, *, must_change: bool) -> None:
    """Set a password that somebody else chose."""
    user.set_password(password)
    user.must_change_password = must_change
    user.save(update_fields=["password", "must_change_password"])
