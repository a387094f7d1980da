"""What people have said of headings and tables: kept for every later import, by whomever and from wherever."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.choices import ImportStatus
from catalog.import_models import CatalogImport, HeadingMeaning, SheetMeaning
from catalog.importing.columns import Known, plain, signature
from catalog.permissions import may
from core import clock
from core.doors import WrongState, lock, require


def remembered() -> Known:
    """All that people have said so far."""
    fields = {(row.kind, row.heading): row.field for row in HeadingMeaning.objects.all()}
    return Known(fields, dict(SheetMeaning.objects.values_list("headings", "kind")))


def as_json(known: Known) -> dict[str, Any]:
    """For keeping with one import, which goes by it from its check to its end."""
    return {"fields": [[*ends, field] for ends, field in known.fields.items()], "kinds": dict(known.kinds)}


def from_json(kept: Mapping[str, Any]) -> Known:
    return Known({(kind, heading): field for kind, heading, field in kept.get("fields", [])}, kept.get("kinds", {}))


@transaction.atomic
def correct(
    row: CatalogImport, actor: Any, table: Mapping[str, Any], kind: str, fields: Sequence[str | None]
) -> CatalogImport:
    """Remember what a table holds and what its headings mean, and set the import back to being checked.

    `fields` goes by column; "" leaves one out, None says nothing of it. Raises WrongState once it is decided.
    """
    require(may(actor, "import_catalogue"))
    fresh = lock(row)
    if fresh.status != ImportStatus.READY:
        raise WrongState(_("This import is decided already."))
    said: dict[str, Any] = {"set_by": actor, "set_at": clock.now()}
    if kind != table["kind"]:
        SheetMeaning.objects.update_or_create(headings=signature(table["heads"]), defaults={"kind": kind, **said})
    else:
        for heading, field in _changed(table, fields).items():
            HeadingMeaning.objects.update_or_create(kind=kind, heading=heading, defaults={"field": field, **said})
    fresh.status, fresh.done, fresh.began_at, fresh.updated_at = ImportStatus.CHECKING, 0, clock.now(), clock.now()
    fresh.save()
    return fresh


def _changed(table: Mapping[str, Any], fields: Sequence[str | None]) -> dict[str, str]:
    """Heading → field for columns that are to mean something else; the first of two equal headings counts."""
    taken = {column: field for field, column in table["columns"].items()}
    said: dict[str, str] = {}
    for column, (heading, field) in enumerate(zip(table["heads"], fields, strict=False)):
        if field is not None and field != taken.get(column, ""):
            said.setdefault(plain(heading)[:200], field)
    return said
