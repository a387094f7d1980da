"""Creating and changing a programme with its quotas."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import User
from catalog.models import Hall
from core.doors import StaleVersion, lock, require
from sessions.choices import OCCUPYING
from sessions.models import Programme, Quota, WindowSession
from sessions.permissions import may

MANY = ("halls", "departments", "handling_list")
QuotaRow = Mapping[str, Any]


@transaction.atomic
def create_programme(actor: User, *, quotas: Iterable[QuotaRow] = (), **fields: Any) -> Programme:
    """A new programme with its halls, departments, handling list and quotas. Raises PermissionDenied."""
    require(may(actor, "create_programme"))
    _own_halls(actor, fields.get("halls", ()))
    many = {name: fields.pop(name) for name in MANY if name in fields}
    programme = Programme(version=1, **fields)
    _free_code(programme)
    programme.save()
    _write_parts(programme, many, quotas)
    return programme


@transaction.atomic
def update_programme(
    programme: Programme,
    actor: User,
    *,
    version: int | None = None,
    quotas: Iterable[QuotaRow] | None = None,
    **fields: Any,
) -> Programme:
    """Change a programme; what is not named stays.

    Raises StaleVersion when somebody saved in between, ValidationError when sessions would fall outside of it.
    """
    row = lock(programme)
    if version is not None and version != row.version:
        raise StaleVersion(
            _("Somebody has saved this programme since you opened it."), current={_("programme name"): row.name}
        )
    require(may(actor, "update_programme", row))
    many = {name: fields.pop(name) for name in MANY if name in fields}
    if "halls" in many:
        _own_halls(actor, set(many["halls"]) ^ set(row.halls.all()))
    for name, value in fields.items():
        setattr(row, name, value)
    _free_code(row)
    _keep_sessions(row, many.get("halls"))
    row.version += 1
    row.save()
    _write_parts(row, many, quotas)
    return row


def _own_halls(actor: User, halls: Collection[Hall]) -> None:
    """A hall administrator adds or takes away only the own halls."""
    if actor.grants.has(Role.REFORM_OFFICE):
        return
    foreign = [hall.name for hall in halls if hall.pk not in actor.grants.halls(Role.HALL_ADMINISTRATOR)]
    if foreign:
        raise ValidationError({"halls": _("You do not administer %(halls)s.") % {"halls": "、".join(foreign)}})


def _free_code(row: Programme) -> None:
    """A code names one programme; asked here, inside of the once-only act, so that a repeated post finds the first."""
    if Programme.objects.filter(code=row.code).exclude(pk=row.pk).exists():
        raise ValidationError({"code": _("Another programme has this code. Please choose a different one.")})


def _keep_sessions(row: Programme, halls: Collection[Hall] | None) -> None:
    """No standing session may fall outside of the programme's days and halls."""
    standing = WindowSession.objects.filter(programme=row, status__in=OCCUPYING)
    if standing.exclude(date__range=(row.starts_on, row.ends_on)).exists():
        raise ValidationError({"ends_on": _("Sessions are placed outside of these days. Please move them first.")})
    if halls is not None and standing.exclude(window__hall__in=halls).exists():
        raise ValidationError({"halls": _("Sessions are placed in a hall you took away. Please move them first.")})


def _write_parts(programme: Programme, many: Mapping[str, Any], quotas: Iterable[QuotaRow] | None) -> None:
    for name, rows in many.items():
        getattr(programme, name).set(rows)
    if quotas is None:
        return
    kept = []
    for row in quotas:
        values = {name: value for name, value in row.items() if name != "rank"}
        quota, _new = Quota.objects.update_or_create(programme=programme, rank=row["rank"], defaults=values)
        kept.append(quota.pk)
    programme.quotas.exclude(pk__in=kept).delete()
