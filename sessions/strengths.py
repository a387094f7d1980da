"""How hard departments chafe and how many seams an item has.

Reading them off takes the whole catalogue, so they are kept for a while; the worker reads them anew before they lapse
(`settings.TICKS`), and where there is no worker, the first page after it does.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.core.cache import cache

from catalog import seam_rows, seams
from catalog.models import SeamRuling

KEY = "window-sessions-strengths"
SECONDS = 15 * 60


@dataclass(frozen=True)
class Strengths:
    """Sums of strengths over the seams that nobody dismissed: by (needing, holding) department and by item."""

    pairs: dict[tuple[int, int], int] = field(default_factory=dict)
    items: dict[int, int] = field(default_factory=dict)

    def between(self, one: int | None, other: int | None) -> int:
        """How hard two departments chafe, whichever of them needs and holds."""
        if one is None or other is None or one == other:
            return 0
        return self.pairs.get((one, other), 0) + self.pairs.get((other, one), 0)


def known() -> Strengths:
    """The strengths of the catalogue as it was a few minutes ago at most: one query while they are kept."""
    kept = cache.get(KEY)
    return Strengths(*kept) if kept is not None else refresh()


def refresh() -> Strengths:
    """Read the strengths off the catalogue as it is now, and keep them."""
    found = _read()
    cache.set(KEY, found, SECONDS)
    return Strengths(*found)


def _read() -> tuple[dict[tuple[int, int], int], dict[int, int]]:
    dismissed = set(SeamRuling.objects.dismissed().values_list("key", flat=True))
    living = [seam for seam in seams.find(seam_rows.load()) if seam.key not in dismissed]
    items: Counter[int] = Counter()
    for seam in living:
        items[seam.item.pk] += seam.strength
    return seams.sums(seam for seam in living if seam.hold is not None), dict(items)
