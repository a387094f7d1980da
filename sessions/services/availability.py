"""Entering, changing and removing leave. Whatever of the plan breaks is told to those who plan."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from core.doors import StaleVersion, lock, require
from core.notices import notify
from sessions import leave
from sessions.models import Availability
from sessions.permissions import may
from sessions.services.placing import administrators

FIELDS = ("starts_on", "ends_on", "half", "weekday", "reason")
TIME = FIELDS[:-1]


@transaction.atomic
def enter_absence(person: User, actor: User, **fields: Any) -> list[leave.Broken]:
    """Note when a director cannot come; gives the coming sessions that this breaks.

    Tells the halls' administrators of each, and the director when somebody else entered it. Raises PermissionDenied,
    and ValidationError for a time that is entered already.
    """
    lock(person)
    require(may(actor, "enter_absence", person))
    row = Availability(user=person, entered_by=actor, version=1, **fields)
    _only_once(row)
    row.save()
    return _told(row, actor, gettext_noop("Leave from %(day)s has been entered for you"))


@transaction.atomic
def edit_absence(absence: Availability, actor: User, *, version: int, **fields: Any) -> list[leave.Broken]:
    """Change a leave; gives what it breaks now. Raises StaleVersion when somebody changed it meanwhile."""
    row = _held(absence, actor, version)
    for name, value in fields.items():
        setattr(row, name, value)
    row.entered_by, row.version = actor, row.version + 1
    _only_once(row)
    row.save()
    return _told(row, actor, gettext_noop("Your leave has been changed; it begins on %(day)s"))


@transaction.atomic
def remove_absence(absence: Availability, actor: User, *, version: int) -> None:
    """Take a leave back: the director can come again."""
    row = _held(absence, actor, version)
    row.delete()
    _tell_director(row, actor, gettext_noop("Your leave from %(day)s has been taken back"))


def _held(absence: Availability, actor: User, version: int) -> Availability:
    row = lock(absence)
    require(may(actor, "enter_absence", row.user))
    if version != row.version:
        raise StaleVersion(
            _("This leave has changed since you opened the page."),
            current={_("When"): leave.when(row), _("Reason"): row.reason},
            back_url=reverse("window_sessions:availability", args=[row.user_id]),
        )
    return row


def _only_once(row: Availability) -> None:
    time: Mapping[str, Any] = {name: getattr(row, name) for name in TIME}
    if Availability.objects.filter(user_id=row.user_id, **time).exclude(pk=row.pk).exists():
        raise ValidationError({"starts_on": _("This leave is entered already.")})


def _told(row: Availability, actor: User, title: str) -> list[leave.Broken]:
    _tell_director(row, actor, title)
    broken = leave.broken_by([row])
    for one in broken:
        session = one.row
        notify(
            [user for user in administrators(session.window.hall) if user != actor],
            kind="session",
            title=gettext_noop("%(who)s is on leave on %(day)s: please look at %(window)s again"),
            url=reverse("window_sessions:session_detail", args=[session.pk]),
            params={"who": session.director.display_name, "window": session.window.number}
            | {"day": f"{session.date:%Y-%m-%d}", "half": session.half},
        )
    return broken


def _tell_director(row: Availability, actor: User, title: str) -> None:
    if row.user == actor:
        return
    url = reverse("window_sessions:availability", args=[row.user_id])
    params = {"day": f"{row.starts_on:%Y-%m-%d}", "half": row.half}
    notify([row.user], kind="session", title=title, url=url, text=row.reason, params=params)
