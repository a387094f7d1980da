"""The writers of a hall's hours and closures. Each change keeps who and why in the row's history."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.models import Hall, HallClosure
from catalog.permissions import may
from core import clock
from core.doors import lock, require

HALL_FIELDS = ("name", "address", "km_from_main", "open_hours", "am_opens", "am_closes", "pm_opens", "pm_closes")


def _sign(row: Any, actor: Any, reason: str) -> None:
    """Who and why, for the history row that the next save or delete writes."""
    row._history_user, row._change_reason = actor, reason


@transaction.atomic
def save_hall(hall: Hall, actor: Any, *, fields: Mapping[str, Any], reason: str) -> Hall:
    """Change a hall's name, address and hours. Raises PermissionDenied for anybody but its administrator."""
    row = lock(hall)
    require(may(actor, "edit_hall", row))
    for name in HALL_FIELDS:
        setattr(row, name, fields[name])
    _sign(row, actor, reason)
    row.save()
    return row


@transaction.atomic
def close_hall(hall: Hall, actor: Any, *, day: date, half: str, reason: str) -> HallClosure:
    """Close a hall for a day, or a half-day; the planning rules read it from now on.

    Raises ValidationError for a day that has passed or is closed already, PermissionDenied for strangers.
    """
    row = lock(hall)
    require(may(actor, "edit_hall", row))
    if day < clock.today():
        raise ValidationError(_("This day has passed; choose today or a later day."))
    if row.closures.filter(Q(half="") | Q(half=half), date=day).exists():
        raise ValidationError(_("The hall is already closed then."))
    closure = HallClosure(hall=row, date=day, half=half, reason=reason)
    _sign(closure, actor, reason[:100])
    closure.save()
    return closure


@transaction.atomic
def remove_closure(closure: HallClosure, actor: Any, *, reason: str) -> None:
    """Open the hall again on that day. The history keeps the closure. Raises PermissionDenied for strangers."""
    row = lock(closure)
    require(may(actor, "edit_hall", row.hall))
    _sign(row, actor, reason)
    row.delete()
