"""The writers of halls, closures, zones and windows. Each change keeps who and why in the row's history."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Department
from catalog.models import Hall, HallClosure, Window, Zone
from catalog.permissions import may
from core import clock
from core.doors import StaleVersion, lock, require

WINDOW_FIELDS = ("name", "zone", "floor", "kind", "department", "is_desk", "desk_am", "desk_pm", "active", "note")
HALL_BASICS = ("name", "address", "km_from_main", "open_hours", "am_opens", "am_closes", "pm_opens", "pm_closes")
HALL_FIELDS = (*HALL_BASICS, "closed_weekly")


def _sign(row: Any, actor: Any, reason: str) -> None:
    """Who and why, for the history row that the next save or delete writes."""
    row._history_user, row._change_reason = actor, reason


def _current(row: Any, version: int, names: Sequence[str]) -> None:
    """Raises StaleVersion with what stands now, unless the row is still the one that the form was opened at."""
    if row.version == version:
        return
    texts = {str(row._meta.get_field(name).verbose_name): str(getattr(row, name) or "") for name in names}
    raise StaleVersion(_("Somebody has saved this since you opened it."), current=texts)


@transaction.atomic
def save_hall(hall: Hall, actor: Any, *, version: int, fields: Mapping[str, Any], reason: str) -> Hall:
    """Change a hall's name, address, hours and the half-days on which it is closed every week.

    Raises PermissionDenied for anybody but its administrator, StaleVersion when it was saved since `version`.
    """
    row = lock(hall)
    require(may(actor, "edit_hall", row))
    _current(row, version, ("name", "address", "open_hours"))
    for name in HALL_FIELDS:
        setattr(row, name, fields[name])
    row.version += 1
    _sign(row, actor, reason)
    row.save()
    return row


def add_hall(actor: Any, *, code: str, fields: Mapping[str, Any], reason: str) -> Hall:
    """A new hall, which has no administrator, zone or window yet.

    Raises PermissionDenied for anybody but the reform office, ValidationError for a taken code.
    """
    require(may(actor, "create_hall"))
    made = Hall(code=code, **{name: fields[name] for name in HALL_FIELDS})
    _sign(made, actor, reason)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise ValidationError({"code": _("Another hall has this code.")}) from error
    return made


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


@transaction.atomic
def save_zones(hall: Hall, actor: Any, *, version: int, rows: Sequence[Mapping[str, Any]], reason: str) -> Hall:
    """Make the hall's zones exactly `rows` in their order: each has `name`, and `pk` for a zone that exists.

    Raises PermissionDenied for anybody but the hall's administrator, StaleVersion when hall or zones were saved since
    `version`, and ValidationError when a zone that is left out still has windows.
    """
    row = lock(hall)
    require(may(actor, "edit_hall", row))
    if row.version != version:
        zones = "、".join(row.zones.values_list("name", flat=True))
        raise StaleVersion(_("Somebody has saved this since you opened it."), current={str(_("Zones")): zones})
    present = {zone.pk: zone for zone in row.zones.all()}
    gone = [zone for pk, zone in present.items() if pk not in {fields["pk"] for fields in rows}]
    _remove_zones(gone, actor, reason)
    for order, fields in zip(count(1), rows, strict=False):
        zone = present.get(fields["pk"]) or Zone(hall=row)
        if (zone.name, zone.sort_order) != (fields["name"], order):
            zone.name, zone.sort_order = fields["name"], order
            _sign(zone, actor, reason)
            zone.save()
    row.version += 1
    _sign(row, actor, reason)
    row.save(update_fields=["version"])
    return row


def _remove_zones(zones: Sequence[Zone], actor: Any, reason: str) -> None:
    """Raises ValidationError for a zone in which windows stand."""
    for zone in zones:
        if zone.windows.exists():
            text = _("Windows still stand in zone “%(zone)s”; move them to another zone first.")
            raise ValidationError(text % {"zone": zone.name})
        _sign(zone, actor, reason)
        zone.delete()


@transaction.atomic
def save_window(
    window: Window,
    actor: Any,
    *,
    version: int,
    fields: Mapping[str, Any],
    serves: Sequence[Department],
    reason: str = "",
) -> Window:
    """Change a window's basics and the departments it serves; the history keeps who and why.

    Raises PermissionDenied outside the own hall, StaleVersion when the window was saved since `version`.
    """
    row = lock(window)
    require(may(actor, "edit_window", row))
    _current(row, version, ("name", "note"))
    row.version += 1
    return _write_window(row, actor, fields, serves, reason)


@transaction.atomic
def add_window(
    hall: Hall, actor: Any, *, number: str, fields: Mapping[str, Any], serves: Sequence[Department], reason: str
) -> Window:
    """Open a new window in a hall. Raises PermissionDenied outside the own hall, ValidationError for a taken number."""
    row = lock(hall)
    require(may(actor, "edit_hall", row))
    if row.windows.filter(number=number).exists():
        raise ValidationError({"number": _("This hall has a window with this number already.")})
    return _write_window(Window(hall=row, number=number), actor, fields, serves, reason)


def _write_window(
    row: Window, actor: Any, fields: Mapping[str, Any], serves: Sequence[Department], reason: str
) -> Window:
    for name in WINDOW_FIELDS:
        if name in fields:
            setattr(row, name, fields[name])
    if not row.is_desk:
        row.desk_am = row.desk_pm = False
    _sign(row, actor, reason)
    row.save()
    row.serves.set(serves)
    return row
