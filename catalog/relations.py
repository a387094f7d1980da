"""The graph of what goes before, beside and together with an item (前置, 并联, 联办)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from catalog.chain import BOX_HEIGHT, Box, arrow, box_lines
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


DEPTH = 2
SHOWN = 8
"""Steps away from the item, and items in one column, that are drawn."""
COLUMN, ROW, EDGE = 184, 74, 12
Pair = tuple[int, int]


@dataclass(slots=True)
class Graph:
    """The drawing around one item: what goes before to the left, what comes after to the right, the rest below it."""

    boxes: list[Box] = field(default_factory=list)
    arrows: list[str] = field(default_factory=list)
    ties: list[str] = field(default_factory=list)
    hidden: int = 0

    @property
    def width(self) -> int:
        return max([COLUMN, *(box.right for box in self.boxes)]) + EDGE

    @property
    def height(self) -> int:
        return max([ROW, *(box.y + BOX_HEIGHT for box in self.boxes)]) + EDGE


def graph(item: ServiceItem, user: Any) -> Graph:
    """The relations of an item over two steps, between items that this person sees; two queries."""
    visible = ServiceItem.objects.visible_to(user).values("pk")
    rows = Prerequisite.objects.filter(item__in=visible, related__in=visible)
    flow: set[Pair] = set()
    beside: dict[int, str] = {}
    for one, other, relation in rows.values_list("item_id", "related_id", "relation"):
        if relation in (Relation.BEFORE, Relation.AFTER):
            flow.add((other, one) if relation == Relation.BEFORE else (one, other))
        elif item.pk in (one, other):
            beside[other if one == item.pk else one] = str(Relation(relation).label)
    levels = _levels(item.pk, flow) | {item.pk: 0}
    levels |= {pk: 0 for pk in beside if pk not in levels}
    known = ServiceItem.objects.filter(pk__in=levels).select_related("department").in_bulk()
    return _drawn(item, levels, known, flow, beside)


def _levels(start: int, flow: set[Pair]) -> dict[int, int]:
    """How many steps before (negative) or after the item each other one stands."""
    found: dict[int, int] = {}
    for sign in (-1, 1):
        next_to: dict[int, set[int]] = defaultdict(set)
        for first, then in flow:
            here, there = (then, first) if sign < 0 else (first, then)
            next_to[here].add(there)
        ends = {start}
        for depth in range(1, DEPTH + 1):
            ends = {there for here in ends for there in next_to[here]} - {start, *found}
            found |= dict.fromkeys(ends, sign * depth)
    return found


def _drawn(
    item: ServiceItem, levels: dict[int, int], known: dict[int, ServiceItem], flow: set[Pair], beside: dict[int, str]
) -> Graph:
    made = Graph()
    boxes: dict[int, Box] = {}
    columns: dict[int, list[int]] = defaultdict(list)
    for pk in sorted(known, key=lambda key: (key != item.pk, known[key].code)):
        columns[levels[pk]].append(pk)
    first = min(columns)
    for level, keys in columns.items():
        made.hidden += len(keys[SHOWN:])
        for place, pk in enumerate(keys[:SHOWN]):
            boxes[pk] = _graph_box(known[pk], item, level, beside.get(pk, ""))
            boxes[pk].x, boxes[pk].y = EDGE + COLUMN * (level - first), EDGE + ROW * place
    made.boxes = list(boxes.values())
    pairs = [(boxes[one], boxes[two]) for one, two in sorted(flow) if one in boxes and two in boxes]
    made.arrows = [arrow(left, right) for left, right in pairs if left.x < right.x]
    made.ties = [_tie(boxes[item.pk], boxes[pk]) for pk in beside if pk in boxes and levels[pk] == 0]
    return made


def _graph_box(one: ServiceItem, item: ServiceItem, level: int, relation: str) -> Box:
    kind = "step" if one.pk == item.pk else "before" if level < 0 else "uncounted" if level > 0 else "beside"
    facts = "　".join(part for part in (relation, one.department.label) if part)
    return Box(kind, one.name, box_lines(one.name), facts, 0, 0, url=reverse("catalog:item_detail", args=[one.pk]))


def _tie(own: Box, other: Box) -> str:
    """A line down the left side, from the item to what runs beside it."""
    return f"M{own.x + 8} {own.y + BOX_HEIGHT}V{other.y}"
