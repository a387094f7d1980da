"""A guide in plain values, as a revision, a case or a proposed change keeps it for good."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from catalog.item_models import plain_number
from catalog.models import BundleItem, Prerequisite, ServiceItem, SimulationPack

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


def snapshot(item: ServiceItem) -> dict[str, Any]:
    """The guide as it stands now: item, steps, documents, relations, bundles, version of the simulated material."""
    return build_snapshot(
        item,
        item.steps.select_related("window").order_by("number"),
        item.documents.select_related("source_department").order_by("number"),
        relations_of([item.pk])[item.pk],
        bundles_of([item.pk])[item.pk],
        packs_of([item.pk]).get(item.pk),
    )


def build_snapshot(
    item: ServiceItem,
    steps: Iterable[Any],
    documents: Iterable[Any],
    relations: Iterable[Prerequisite],
    bundles: Iterable[BundleItem],
    pack: int | None,
) -> dict[str, Any]:
    """`snapshot` over rows that the caller holds: the import has thousands, a proposal has rows that nobody saved."""
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
        "relations": [
            {
                "key": f"{row.relation} {row.related.code}",
                "name": row.related.name,
                "code": row.related.code,
                "department": row.related.department.short_name,
                "relation": row.relation,
                "note": row.note,
            }
            for row in relations
        ],
        "bundles": [{"code": row.bundle.code, "name": row.bundle.name, "number": row.number} for row in bundles],
        "pack": pack,
    }


def relations_of(items: Iterable[int]) -> dict[int, list[Prerequisite]]:
    """What each of these items depends on, with the other item and its department; one query."""
    found: dict[int, list[Prerequisite]] = defaultdict(list)
    rows = Prerequisite.objects.filter(item_id__in=items).select_related("related__department")
    for row in rows.order_by("relation", "related__code"):
        found[row.item_id].append(row)
    return found


def bundles_of(items: Iterable[int]) -> dict[int, list[BundleItem]]:
    """The bundles in use that hold each of these items; one query."""
    found: dict[int, list[BundleItem]] = defaultdict(list)
    rows = BundleItem.objects.filter(item_id__in=items, bundle__active=True).select_related("bundle")
    for row in rows.order_by("bundle__code"):
        found[row.item_id].append(row)
    return found


def packs_of(items: Iterable[int]) -> dict[int, int]:
    """The version of the simulated material in use for each of these items that has some; one query."""
    rows = SimulationPack.objects.filter(item_id__in=items, active=True).order_by("version")
    return dict(rows.values_list("item_id", "version"))


def _plain(value: Any) -> Any:
    """A number reads the same whether it comes from a form or from the database: 0.5, 3, 20."""
    return plain_number(value) if isinstance(value, Decimal) else value
