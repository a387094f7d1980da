"""The only writers of catalogue rows outside the import. Every save of an item makes a GuideRevision."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from pypinyin import Style, lazy_pinyin

from catalog import relations as relation_graph
from catalog import seam_services, seams
from catalog.choices import ItemStatus, Relation
from catalog.models import GuideRevision, Prerequisite, ProcedureStep, RequiredDocument, ServiceItem
from catalog.permissions import may
from catalog.snapshots import snapshot
from core import clock
from core.doors import StaleVersion, WrongState, lock, require

# Rows that change places are parked above every real number first: two may never share one, not even for a moment.
_PARKING = 10_000

RowT = TypeVar("RowT", bound=models.Model)
Rows = Sequence[Mapping[str, Any]]


def initials(name: str) -> str:
    """The pinyin initials of a name, such as `jzgcsgxkz`, without punctuation."""
    letters = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return "".join(char for part in letters for char in part.lower() if char.isalnum())[:200]


def current_revision(item: ServiceItem) -> GuideRevision:
    """The guide revision in force. Makes revision 1 when the item has none; of two first uses at once, one makes it."""
    latest = item.revisions.order_by("-number").first()
    return latest or _first_revision(item)


@transaction.atomic
def _first_revision(item: ServiceItem) -> GuideRevision:
    row = lock(item)
    return row.revisions.order_by("-number").first() or revise(row, None, _("First revision"))


def revise(
    item: ServiceItem, actor: Any, reason: str, issue_number: str = "", proposed_by: Any = None
) -> GuideRevision:
    """The next guide revision of an item whose rows have just been written. Only inside a transaction."""
    last = item.revisions.aggregate(last=models.Max("number"))["last"] or 0
    return GuideRevision.objects.create(
        item=item,
        number=last + 1,
        created_at=clock.now(),
        created_by=actor,
        proposed_by=proposed_by,
        reason=reason,
        issue_number=issue_number,
        snapshot=snapshot(item),
    )


@transaction.atomic
def save_item(
    item: ServiceItem,
    actor: Any,
    *,
    version: int,
    fields: Mapping[str, Any],
    steps: Rows,
    documents: Rows,
    relations: Rows | None = None,
    reason: str,
    issue_number: str = "",
    proposed_by: Any = None,
) -> GuideRevision:
    """Save item, steps, documents and relations as one guide revision.

    `steps` and `documents` come in their order; each mapping holds the model's fields and `pk` for a row that exists.
    Rows that are not named are removed; without `relations` those stay. Seams that the save mends are recorded with
    the revision. Raises StaleVersion when the item has moved on since `version`, ValidationError for a circle of
    prerequisites, and PermissionDenied for anybody but hall administrators and the reform office.
    """
    row = _opened(item, actor, version)
    chafing = seams.of_item(row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.initials = initials(row.name)
    row.version += 1
    row.save()
    _sync_parts(row, steps, documents, relations)
    revision = revise(row, actor, reason, issue_number, proposed_by)
    seam_services.note_mended(chafing, seams.of_item(row), revision)
    return revision


def _opened(item: ServiceItem, actor: Any, version: int) -> ServiceItem:
    row = lock(item)
    require(may(actor, "edit_item", row))
    if row.version != version:
        raise StaleVersion(_("Somebody has saved this item since you opened it."), current=readable(row))
    return row


def _sync_parts(item: ServiceItem, steps: Rows, documents: Rows, relations: Rows | None) -> None:
    _sync(item, ProcedureStep, list(item.steps.all()), steps)
    _sync(item, RequiredDocument, list(item.documents.all()), documents)
    if relations is not None:
        _sync_relations(item, relations)


@transaction.atomic
def create_item(
    actor: Any,
    *,
    version: int,
    fields: Mapping[str, Any],
    steps: Rows,
    documents: Rows,
    relations: Rows,
    reason: str,
    issue_number: str = "",
) -> ServiceItem:
    """A new item with its first guide revision.

    Raises PermissionDenied for anybody but hall administrators and the reform office, ValidationError for a taken code.
    """
    require(may(actor, "edit_item"))
    try:
        with transaction.atomic():
            made = ServiceItem.objects.create(**fields, initials=initials(fields["name"]), version=version)
    except IntegrityError as error:
        raise ValidationError({"code": _("Another item has this code.")}) from error
    _sync_parts(made, steps, documents, relations)
    revise(made, actor, reason, issue_number)
    return made


@transaction.atomic
def retire_item(item: ServiceItem, actor: Any, *, version: int, reason: str, issue_number: str = "") -> GuideRevision:
    """Take an item out of use with a last guide revision; its seams go with it, and running walks end as they began.

    Raises StaleVersion when the item has moved on, WrongState when it is retired already, PermissionDenied for others.
    """
    row = _opened(item, actor, version)
    if row.status == ItemStatus.RETIRED:
        raise WrongState(_("This item is retired already."))
    chafing = seams.of_item(row)
    row.status = ItemStatus.RETIRED
    row.version += 1
    row.save()
    revision = revise(row, actor, reason, issue_number)
    seam_services.note_mended(chafing, seams.of_item(row), revision)
    return revision


def touched_by_retiring(item: ServiceItem) -> dict[str, list[Any]]:
    """Published items that depend on this one, and bundles in use that hold it."""
    dependants = item.dependants.filter(item__status=ItemStatus.PUBLISHED).select_related("item__department")
    return {"dependants": list(dependants), "bundles": list(item.bundles.filter(active=True))}


def _sync_relations(item: ServiceItem, wanted: Rows) -> None:
    """Make what the item depends on exactly `wanted`. Raises ValidationError when it would wait for itself."""
    circle = relation_graph.waits_in_circle(
        item.pk, [row["related"] for row in wanted if row["relation"] == Relation.BEFORE]
    )
    if circle is not None:
        raise ValidationError(
            _("“%(item)s” already waits for this item; the two would wait for each other.") % {"item": circle}
        )
    present = {(row.related_id, row.relation): row for row in item.prerequisites.all()}
    kept = {(row["related"].pk, row["relation"]): row for row in wanted}
    for key, row in present.items():
        if key not in kept:
            row.delete()
    for key, fields in kept.items():
        row = present.get(key) or Prerequisite(item=item, related=fields["related"], relation=fields["relation"])
        if row.pk is None or row.note != fields["note"]:
            row.note = fields["note"]
            row.save()


@transaction.atomic
def duplicate_item(item: ServiceItem, actor: Any, *, code: str, name: str, reason: str) -> ServiceItem:
    """A draft with the item's facts, steps and documents under a new code; packs and relations stay behind.

    Raises PermissionDenied for anybody but hall administrators and the reform office.
    """
    row = lock(item)
    require(may(actor, "edit_item", row))
    facts = _facts(row) | {"code": code, "name": name, "initials": initials(name), "version": 0}
    made = ServiceItem.objects.create(**(facts | {"status": ItemStatus.DRAFT, "has_simulation_pack": False}))
    for part in [*row.steps.order_by("number"), *row.documents.order_by("number")]:
        type(part)._default_manager.create(**(_facts(part) | {"item": made}))
    revise(made, actor, reason)
    return made


def _facts(row: models.Model) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if not field.primary_key}


def readable(item: ServiceItem) -> dict[str, str]:
    """Name and value of what the 409 page shows as "stands now"."""
    shown = ("name", "statutory_days", "committed_days", "trips", "result_name", "note")
    texts = {str(item._meta.get_field(name).verbose_name): str(getattr(item, name) or "") for name in shown}  # type: ignore[union-attr]
    texts[str(_("Steps"))] = " → ".join(item.steps.order_by("number").values_list("name", flat=True))
    texts[str(_("Documents"))] = "、".join(item.documents.order_by("number").values_list("name", flat=True))
    return texts


def _sync(item: ServiceItem, model: type[RowT], existing: list[Any], wanted: Rows) -> None:
    """Make the item's rows exactly `wanted`, numbered from 1; an unchanged row is not written."""
    by_pk = {row.pk: row for row in existing}
    kept = {fields.get("pk") for fields in wanted}
    for row in existing:
        if row.pk not in kept:
            row.delete()
    for number, fields in zip(count(1), wanted, strict=False):
        row = by_pk.get(fields.get("pk"))
        if row is not None and row.number != number:
            row.number += _PARKING
            row.save_without_historical_record(update_fields=["number"])
    for number, fields in zip(count(1), wanted, strict=False):
        row = by_pk.get(fields.get("pk")) or model(item=item)
        values = {name: value for name, value in fields.items() if name != "pk"} | {"number": number}
        if row.pk is None or any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
