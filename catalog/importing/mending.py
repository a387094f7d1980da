"""Which seams an import mends or brings back, kept with the guide revisions that it writes."""

from collections import defaultdict
from collections.abc import Iterable

from catalog import seam_rows, seam_services, seams
from catalog.importing.journal import Journal
from catalog.models import GuideRevision, SeamRuling
from catalog.seams import Seam

_NOTED = ("mended_revision_id", "mended_at")
_PARTS = frozenset({"hall", "window", "item", "step", "document", "relation", "bundle", "bundle_item"})


def standing(kinds: Iterable[str]) -> dict[int, list[Seam]]:
    """Item → its seams as they stand, with the items that had some once; empty where such tables touch none."""
    if not _PARTS.intersection(kinds):
        return {}
    once = SeamRuling.objects.filter(mended_at__isnull=False).order_by().values_list("item", flat=True).distinct()
    return {key: [] for key in once} | _by_item()


def _by_item() -> dict[int, list[Seam]]:
    found: dict[int, list[Seam]] = defaultdict(list)
    for seam in seams.find(seam_rows.load()):
        found[seam.item.pk].append(seam)
    return found


def note(before: dict[int, list[Seam]], revisions: dict[int, GuideRevision], journal: Journal) -> None:
    """Record it for every item that got a revision, and in the journal, so that an undo brings the seams back.

    `revisions` go by item. Only inside a transaction.
    """
    if not revisions:
        return
    old = {row.pk: row for row in SeamRuling.objects.select_for_update().filter(item__in=[*before])}
    mended = {row.key for row in old.values() if row.mended_at}
    after = _by_item()
    for item, revision in revisions.items():
        left = {seam.key for seam in after.get(item, [])}
        if mended & left or not left.issuperset(seam.key for seam in before[item]):
            _write(seam_services.note_mended(before[item], after.get(item, []), revision), old, journal)


def _write(rulings: Iterable[SeamRuling], old: dict[int, SeamRuling], journal: Journal) -> None:
    for row in rulings:
        if row.pk in old:
            journal.updated(old[row.pk], {name: getattr(row, name) for name in _NOTED})
        else:
            journal.created([row])
