"""What follows from changed items: simulation packs and the next revision of their guides."""

from collections.abc import Sequence
from typing import Any

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from catalog.models import GuideRevision, ProcedureStep, RequiredDocument, ServiceItem, SimulationPack
from catalog.pack_services import pack_documents, pack_title
from catalog.snapshots import build_snapshot, bundles_of, packs_of, relations_of
from core import clock

_BATCH = 500


def _by_item(model: Any, items: Sequence[ServiceItem], *related: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {item.pk: [] for item in items}
    for part in model.objects.filter(item_id__in=found).select_related(*related).order_by("number"):
        found[part.item_id].append(part)
    return found


def make_packs(items: Sequence[ServiceItem]) -> list[SimulationPack]:
    """Items that say so get simulation pack 1 from their documents."""
    with_pack = set(SimulationPack.objects.filter(item__in=items).values_list("item_id", flat=True))
    lacking = [item for item in items if item.has_simulation_pack and item.pk not in with_pack]
    documents = _by_item(RequiredDocument, lacking)
    packs = [
        SimulationPack(item=item, version=1, title=pack_title(item)[:200], documents=pack_documents(documents[item.pk]))
        for item in lacking
    ]
    if packs:
        bulk_create_with_history(packs, SimulationPack, batch_size=_BATCH)
    return packs


def next_revisions(items: Sequence[ServiceItem], actor: Any, reason: str) -> list[GuideRevision]:
    """Every touched item gets its next guide revision; its version counts on, so that an open form turns stale."""
    last = dict(GuideRevision.objects.filter(item__in=items).order_by("number").values_list("item_id", "number"))
    steps = _by_item(ProcedureStep, items, "window")
    documents = _by_item(RequiredDocument, items, "source_department")
    keys = [item.pk for item in items]
    relations, bundles, packs = relations_of(keys), bundles_of(keys), packs_of(keys)
    revisions = [
        GuideRevision(
            item=item,
            number=last.get(item.pk, 0) + 1,
            created_at=clock.now(),
            created_by=actor,
            reason=reason,
            snapshot=build_snapshot(
                item, steps[item.pk], documents[item.pk], relations[item.pk], bundles[item.pk], packs.get(item.pk)
            ),
        )
        for item in items
    ]
    GuideRevision.objects.bulk_create(revisions, batch_size=_BATCH)
    again = [item for item in items if item.pk in last]
    for item in again:
        item.version += 1
    if again:
        bulk_update_with_history(again, ServiceItem, ["version"], batch_size=_BATCH)
    return revisions
