"""The graph of what goes before, beside and together with an item (前置, 并联, 联办)."""

from collections import defaultdict
from collections.abc import Iterable

from catalog.choices import Relation
from catalog.models import Prerequisite, ServiceItem


def waits_in_circle(item: int, wanted: Iterable[ServiceItem]) -> ServiceItem | None:
    """The first of the `wanted` prerequisites that itself waits, over any number of others, for the item."""
    needs: dict[int, set[int]] = defaultdict(set)
    pairs = Prerequisite.objects.filter(relation=Relation.BEFORE).values_list("item_id", "related_id")
    for who, what in pairs:
        needs[who].add(what)
    return next((one for one in wanted if item in _reached(one.pk, needs)), None)


def _reached(start: int, needs: dict[int, set[int]]) -> set[int]:
    found: set[int] = set()
    ends = [start]
    while ends:
        here = ends.pop()
        if here not in found:
            found.add(here)
            ends.extend(needs.get(here, ()))
    return found
