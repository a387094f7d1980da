"""What the seams are computed from: plain rows, read in five queries, for the whole catalogue or for one item."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q

from catalog.choices import ItemStatus, Relation
from catalog.models import BundleItem, Prerequisite, ProcedureStep, RequiredDocument, ServiceItem


class ItemRow(NamedTuple):
    """A published item with the halls where it is accepted and handed out."""

    pk: int
    code: str
    name: str
    department: int
    result: str
    online: bool
    hall: int | None
    hall_name: str | None
    km: Decimal | None
    pickup_hall: int | None
    pickup_hall_name: str | None
    pickup_km: Decimal | None
    pickup_department: int | None


class StepRow(NamedTuple):
    """A step with its window, if it has one."""

    item: int
    number: int
    name: str
    post: str
    channel: str
    system: str
    signatures: int
    counted: bool
    note: str
    window: int | None
    window_number: str | None
    window_kind: str | None
    hall: int | None
    department: int | None


class DocumentRow(NamedTuple):
    """A document asked for. `source` is the department that issues it."""

    item: int
    number: int
    code: str
    name: str
    form: str
    copies: int
    format: str
    necessity: str
    shareable: bool
    source: int | None


class BeforeRow(NamedTuple):
    """`related` must come before `item`."""

    item: int
    related: int
    note: str


class MemberRow(NamedTuple):
    """An item's place in a bundle (一件事)."""

    bundle: int
    bundle_code: str
    bundle_name: str
    number: int
    item: int


@dataclass(slots=True)
class Rows:
    """Everything the finders read."""

    items: dict[int, ItemRow] = field(default_factory=dict)
    steps: list[StepRow] = field(default_factory=list)
    documents: list[DocumentRow] = field(default_factory=list)
    before: list[BeforeRow] = field(default_factory=list)
    members: list[MemberRow] = field(default_factory=list)


ITEM_COLUMNS = (
    "pk",
    "code",
    "name",
    "department_id",
    "result_name",
    "online",
    "window__hall_id",
    "window__hall__name",
    "window__hall__km_from_main",
    "pickup_window__hall_id",
    "pickup_window__hall__name",
    "pickup_window__hall__km_from_main",
    "pickup_window__department_id",
)
STEP_COLUMNS = (
    "item_id",
    "number",
    "name",
    "post",
    "channel",
    "system",
    "signatures",
    "counted",
    "note",
    "window_id",
    "window__number",
    "window__kind",
    "window__hall_id",
    "window__department_id",
)
DOCUMENT_COLUMNS = (
    "item_id",
    "number",
    "code",
    "name",
    "form",
    "copies",
    "format_requirement",
    "necessity",
    "shareable",
    "source_department_id",
)
MEMBER_COLUMNS = ("bundle_id", "bundle__code", "bundle__name", "number", "item_id")


def load(item: ServiceItem | None = None) -> Rows:
    """The published catalogue in five queries; with `item` only what that item's seams depend on."""
    published = Q(item__status=ItemStatus.PUBLISHED)
    steps = ProcedureStep.objects.filter(published)
    documents = RequiredDocument.objects.filter(published)
    before = Prerequisite.objects.filter(published, relation=Relation.BEFORE)
    members = BundleItem.objects.filter(bundle__active=True)
    items = ServiceItem.objects.published()
    if item is not None:
        own = RequiredDocument.objects.filter(item=item)
        bundles = BundleItem.objects.filter(item=item)
        steps, before = steps.filter(item=item), before.filter(item=item)
        documents = documents.filter(code__in=own.values("code"))
        members = members.filter(bundle__in=bundles.values("bundle"))
        asking = RequiredDocument.objects.filter(code__in=own.values("code"))
        items = items.filter(
            Q(pk=item.pk) | Q(pk__in=asking.values("item")) | Q(pk__in=item.prerequisites.values("related"))
        )
    return Rows(
        {row[0]: ItemRow(*row) for row in items.order_by("code").values_list(*ITEM_COLUMNS)},
        _read(StepRow, steps.order_by("item__code", "number").values_list(*STEP_COLUMNS)),
        _read(DocumentRow, documents.order_by("item__code", "number").values_list(*DOCUMENT_COLUMNS)),
        _read(BeforeRow, before.order_by("item__code", "pk").values_list("item_id", "related_id", "note")),
        _read(MemberRow, members.order_by("bundle__code", "number").values_list(*MEMBER_COLUMNS)),
    )


def papers_like(item: ServiceItem) -> list[RequiredDocument]:
    """The item's documents in their order, then the same documents as other published items ask for them."""
    codes = RequiredDocument.objects.filter(item=item).values("code")
    asked = Q(item=item) | Q(item__status=ItemStatus.PUBLISHED, code__in=codes)
    found = RequiredDocument.objects.filter(asked).select_related("source_department", "item__department")
    return sorted(found, key=lambda row: (row.item_id != item.pk, row.item.code, row.number))


def around(
    item: ServiceItem,
    steps: Sequence[ProcedureStep],
    papers: Sequence[RequiredDocument],
    before: Sequence[Prerequisite],
) -> Rows:
    """`load(item)` in one query for a page that holds the item, its steps, `papers_like` and its prerequisites."""
    bundles = BundleItem.objects.filter(item=item).values("bundle")
    members = BundleItem.objects.filter(bundle__in=bundles, bundle__active=True).order_by("bundle__code", "number")
    rows = Rows(members=_read(MemberRow, members.values_list(*MEMBER_COLUMNS)))
    for paper in papers:
        rows.documents.append(document_row(paper))
        asker = paper.item
        rows.items[asker.pk] = ItemRow(asker.pk, asker.code, asker.name, asker.department_id, *BLANK)
    rows.items.pop(item.pk, None)
    if item.status == ItemStatus.PUBLISHED:
        rows.items[item.pk] = item_row(item)
        rows.steps = [step_row(step) for step in steps]
        for relation in before:
            if relation.related.status == ItemStatus.PUBLISHED:
                rows.items[relation.related_id] = item_row(relation.related)
                rows.before.append(BeforeRow(item.pk, relation.related_id, relation.note))
    return rows


BLANK = ("", False, None, None, None, None, None, None, None)
"""What is not known of an item that only asks for the same document."""


def item_row(item: ServiceItem) -> ItemRow:
    """The row of an item that a page holds with its windows and halls."""
    accepted, pickup = item.window, item.pickup_window
    return ItemRow(
        item.pk,
        item.code,
        item.name,
        item.department_id,
        item.result_name,
        item.online,
        accepted.hall_id if accepted else None,
        accepted.hall.name if accepted else None,
        accepted.hall.km_from_main if accepted else None,
        pickup.hall_id if pickup else None,
        pickup.hall.name if pickup else None,
        pickup.hall.km_from_main if pickup else None,
        pickup.department_id if pickup else None,
    )


def document_row(row: RequiredDocument) -> DocumentRow:
    """The row of a document that a page holds."""
    return DocumentRow(
        row.item_id,
        row.number,
        row.code,
        row.name,
        row.form,
        row.copies,
        row.format_requirement,
        row.necessity,
        row.shareable,
        row.source_department_id,
    )


def step_row(step: ProcedureStep) -> StepRow:
    """The row of a step that a page holds with its window."""
    window = step.window
    place = (window.pk, window.number, window.kind, window.hall_id, window.department_id) if window else (None,) * 5
    return StepRow(
        step.item_id,
        step.number,
        step.name,
        step.post,
        step.channel,
        step.system,
        step.signatures,
        step.counted,
        step.note,
        *place,
    )


def _read(kind: Any, rows: Iterable[Any]) -> list[Any]:
    return [kind(*row) for row in rows]
