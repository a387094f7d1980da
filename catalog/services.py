"""The only writers of catalogue rows outside the import. Every save of an item makes a GuideRevision."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _
from pypinyin import Style, lazy_pinyin

from accounts.models import Department
from catalog import seam_services, seams
from catalog.choices import ItemStatus
from catalog.item_models import plain_number
from catalog.models import GuideRevision, ProcedureStep, RequiredDocument, ServiceItem, SimulationPack, Window
from catalog.permissions import may
from core import clock
from core.doors import StaleVersion, lock, require

ITEM_FIELDS = (
    "code",
    "name",
    "item_type",
    "handling",
    "statutory_days",
    "committed_days",
    "for_persons",
    "for_companies",
    "online",
    "online_depth",
    "trips",
    "pickup_elsewhere",
    "result_name",
    "fee",
    "in_comprehensive",
    "frequent",
    "in_visit_list",
    "has_simulation_pack",
    "note",
    "status",
)
STEP_FIELDS = ("number", "name", "post", "days", "counted", "channel", "signatures", "system", "place", "note")
DOCUMENT_FIELDS = (
    "number",
    "code",
    "name",
    "form",
    "copies",
    "source_kind",
    "format_requirement",
    "necessity",
    "shareable",
)
WINDOW_FIELDS = ("name", "kind", "department", "is_desk", "desk_am", "desk_pm", "active", "note")

# Rows that change places are parked above every real number first: two may never share one, not even for a moment.
_PARKING = 10_000

RowT = TypeVar("RowT", bound=models.Model)


def initials(name: str) -> str:
    """The pinyin initials of a name, such as `jzgcsgxkz`, without punctuation."""
    letters = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return "".join(char for part in letters for char in part.lower() if char.isalnum())[:200]


def snapshot(item: ServiceItem) -> dict[str, Any]:
    """The guide as it stands now, in plain values that a revision or a case can keep for good."""
    steps = item.steps.select_related("window").order_by("number")
    documents = item.documents.select_related("source_department").order_by("number")
    return build_snapshot(item, steps, documents)


def build_snapshot(
    item: ServiceItem, steps: "models.QuerySet[ProcedureStep] | Sequence[ProcedureStep]", documents: Any
) -> dict[str, Any]:
    """`snapshot` over rows that the caller already holds (the import holds thousands)."""
    facts = {name: _plain(getattr(item, name)) for name in ITEM_FIELDS}
    facts["department"] = item.department.short_name
    facts["department_code"] = item.department.code
    facts["window"] = item.window.number if item.window else ""
    facts["pickup_window"] = item.pickup_window.number if item.pickup_window else ""
    return {
        "item": facts,
        "steps": [
            {name: _plain(getattr(step, name)) for name in STEP_FIELDS}
            | {"window": step.window.number if step.window else ""}
            for step in steps
        ],
        "documents": [
            {name: _plain(getattr(document, name)) for name in DOCUMENT_FIELDS}
            | {"source_department": document.source_department.short_name if document.source_department else ""}
            for document in documents
        ],
    }


def _plain(value: Any) -> Any:
    """A number reads the same whether it comes from a form or from the database: 0.5, 3, 20."""
    return plain_number(value) if isinstance(value, Decimal) else value


def current_revision(item: ServiceItem) -> GuideRevision:
    """The guide revision in force. Makes revision 1 when the item has none; of two first uses at once, one makes it."""
    latest = item.revisions.order_by("-number").first()
    return latest or _first_revision(item)


@transaction.atomic
def _first_revision(item: ServiceItem) -> GuideRevision:
    row = lock(item)
    return row.revisions.order_by("-number").first() or _revise(row, None, _("First revision"), "")


def _revise(item: ServiceItem, actor: Any, reason: str, issue_number: str) -> GuideRevision:
    last = item.revisions.aggregate(last=models.Max("number"))["last"] or 0
    return GuideRevision.objects.create(
        item=item,
        number=last + 1,
        created_at=clock.now(),
        created_by=actor,
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
    steps: Sequence[Mapping[str, Any]],
    documents: Sequence[Mapping[str, Any]],
    reason: str,
    issue_number: str = "",
) -> GuideRevision:
    """Save item, steps and documents as one guide revision.

    `steps` and `documents` come in their order; each mapping holds the model's fields and `pk` for a row that exists.
    Rows that are not named are removed. Seams that the save mends are recorded with the revision. Raises StaleVersion
    when the item has moved on since `version`, and PermissionDenied for anybody but hall administrators and the reform
    office.
    """
    row = lock(item)
    require(may(actor, "edit_item", row))
    if row.version != version:
        raise StaleVersion(_("Somebody has saved this item since you opened it."), current=readable(row))
    chafing = seams.of_item(row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.initials = initials(row.name)
    row.version += 1
    row.save()
    _sync(row, ProcedureStep, list(row.steps.all()), steps)
    _sync(row, RequiredDocument, list(row.documents.all()), documents)
    revision = _revise(row, actor, reason, issue_number)
    seam_services.note_mended(chafing, seams.of_item(row), revision)
    return revision


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
    _revise(made, actor, reason, "")
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


def _sync(item: ServiceItem, model: type[RowT], existing: list[Any], wanted: Sequence[Mapping[str, Any]]) -> None:
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


@transaction.atomic
def save_window(
    window: Window, actor: Any, *, fields: Mapping[str, Any], serves: Sequence[Department], reason: str = ""
) -> Window:
    """Change a window's basics and the departments it serves; the history keeps who and why.

    Raises PermissionDenied outside the own hall.
    """
    row = lock(window)
    require(may(actor, "edit_window", row))
    for name in WINDOW_FIELDS:
        if name in fields:
            setattr(row, name, fields[name])
    if not row.is_desk:
        row.desk_am = row.desk_pm = False
    row._history_user, row._change_reason = actor, reason  # type: ignore[attr-defined]
    row.save()
    row.serves.set(serves)
    return row


def make_simulation_pack(item: ServiceItem) -> SimulationPack:
    """The item's first simulation pack, from the documents it asks for; the present one where it has one."""
    present = item.simulation_packs.order_by("-version").first()
    if present is not None:
        return present
    return SimulationPack.objects.create(
        item=item, version=1, title=pack_title(item), documents=pack_documents(item.documents.order_by("number"))
    )


def pack_title(item: ServiceItem) -> str:
    """How a simulation pack is named."""
    return _("Simulated material: %(item)s") % {"item": item.name}


def pack_documents(documents: Any) -> list[dict[str, Any]]:
    """The sheets of a pack: what lies on the desk in place of a citizen's papers."""
    return [
        {"number": row.number, "code": row.code, "name": row.name, "form": row.form, "copies": row.copies}
        for row in documents
    ]
