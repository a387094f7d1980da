"""An item's way through departments and windows as one drawing: lanes for places, time runs to the right."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.item_models import plain_number
from catalog.models import BundleItem, Prerequisite, ProcedureStep, ServiceItem

LANE_HEIGHT, LANE_LABEL = 78, 150
BOX_WIDTH, BOX_HEIGHT, BOX_STEP = 124, 54, 144
TOP = 40
BUNDLE_TOP = 4
LANE_LETTERS = 20
"""Letters on one line of a lane's name."""
_LINE = 8


@dataclass(slots=True)
class Box:
    """One box: a step or an item that comes before. `kind` is before, step or uncounted."""

    kind: str
    title: str
    lines: list[str]
    facts: str
    x: int
    y: int
    url: str = ""
    below: str = ""
    seams: list[int] = field(default_factory=list)

    @property
    def discs(self) -> list[tuple[int, int]]:
        """The numbers of its seams, each with its place on the upper edge, from the right corner on."""
        return [(number, self.right - 4 - 25 * index) for index, number in enumerate(reversed(self.seams))]

    @property
    def right(self) -> int:
        return self.x + BOX_WIDTH

    @property
    def middle(self) -> int:
        return self.y + BOX_HEIGHT // 2

    @property
    def line_places(self) -> list[tuple[str, int]]:
        """Each line of the title with its place above the facts."""
        first = self.y + (22 if len(self.lines) == 1 else 17)
        return [(line, first + 15 * index) for index, line in enumerate(self.lines)]


@dataclass(slots=True)
class Lane:
    """One department or place."""

    name: str
    note: str
    y: int

    @property
    def middle(self) -> int:
        return self.y + LANE_HEIGHT // 2

    @property
    def line_places(self) -> list[tuple[str, int]]:
        """The name on at most three lines, each with its place; Latin words take half the room of Han characters."""
        lines = textwrap.wrap(self.name, LANE_LETTERS if self.name.isascii() else LANE_LETTERS // 2)[:3]
        first = self.middle - 8 * (len(lines) - 1)
        return [(line, first + 16 * index) for index, line in enumerate(lines)]

    @property
    def note_place(self) -> int:
        """Where the note stands: under the last line of the name."""
        return self.line_places[-1][1] + 17 if self.line_places else self.middle


@dataclass(frozen=True, slots=True)
class Marks:
    """Numbers of seams: by the item that comes before, by step, and on fetching the result."""

    before: Mapping[int, list[int]] = field(default_factory=dict)
    steps: Mapping[int, list[int]] = field(default_factory=dict)
    pickup: Sequence[int] = ()


@dataclass(slots=True)
class Chain:
    """Everything the template draws; sizes in units of the drawing."""

    lanes: list[Lane] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    arrows: list[str] = field(default_factory=list)
    before_x: int = 0
    own_x: int = LANE_LABEL

    @property
    def width(self) -> int:
        return max([LANE_LABEL + BOX_STEP, *(box.right + 20 for box in self.boxes)])

    @property
    def height(self) -> int:
        return TOP + LANE_HEIGHT * len(self.lanes)


def build(
    item: ServiceItem,
    steps: Sequence[ProcedureStep],
    before: Sequence[Prerequisite],
    marks: Marks | None = None,
    documents: int = 0,
) -> Chain:
    """The drawing for an item's steps and the items that must come before (at most six are drawn).

    `documents` are handed in at the first counted step; `marks` are the numbers of the seams.
    """
    chain = Chain()
    lanes: dict[str, Lane] = {}
    first = [_before(chain, lanes, relation) for relation in before[:6]]
    chain.before_x = LANE_LABEL if first else 0
    chain.own_x = LANE_LABEL + (BOX_STEP + 30 if first else 0)
    own = [_step(chain, lanes, item, step, index) for index, step in enumerate(steps)]
    fetch = _fetch(chain, lanes, item, steps)
    chain.lanes = list(lanes.values())
    chain.boxes = first + own
    _mark(first, own, before, steps, marks or Marks())
    if fetch is not None:
        own.append(fetch)
        chain.boxes.append(fetch)
    if own:
        own[-1].seams += (marks or Marks()).pickup
    for left, right in pairwise(own):
        chain.arrows.append(arrow(left, right))
    start = next((box for box in own if box.kind == "step"), None)
    if start and documents:
        start.facts += "　" + ngettext("%(n)d document", "%(n)d documents", documents) % {"n": documents}
    if start:
        chain.arrows += [arrow(box, start) for box in first]
    return chain


def of_bundle(
    members: Sequence[BundleItem], before: Iterable[tuple[int, int]], counts: Mapping[int, tuple[int, int]]
) -> Chain:
    """The drawing of a bundle (一件事): one lane a department, a box for each item, to the right in its order.

    `before` are pairs (item, what it waits for) by key, `counts` documents and signatures of each item. Items that
    wait for none in the bundle stand free: they may run side by side.
    """
    chain = Chain()
    lanes: dict[str, Lane] = {}
    boxes: dict[int, Box] = {}
    for index, member in enumerate(members):
        item = member.item
        lane = _lane(lanes, item.department.label, "")
        facts = _("%(n)s d") % {"n": item.committed_text} if item.committed_days else item.get_handling_display()
        box = Box("step", item.name, box_lines(f"{member.number} {item.name}"), facts, 0, 0)
        box.below = _below(item, *counts.get(item.pk, (0, 0)))
        # High in its lane: the figures stand under it.
        box.x, box.y = LANE_LABEL + BOX_STEP * index, lane.y + BUNDLE_TOP
        boxes[item.pk] = box
    chain.lanes, chain.boxes = list(lanes.values()), list(boxes.values())
    pairs = [(boxes[first], boxes[item]) for item, first in before if item in boxes and first in boxes]
    chain.arrows = [_way_round(left, right) for left, right in pairs if left.x < right.x]
    return chain


def _below(item: ServiceItem, documents: int, signatures: int) -> str:
    """What a bundle's box says under itself: documents, signatures, and how far away the result is handed out."""
    parts = [ngettext("%(n)d document", "%(n)d documents", documents) % {"n": documents}]
    if signatures:
        parts.append(ngettext("%(n)d signature", "%(n)d signatures", signatures) % {"n": signatures})
    if item.window and item.pickup_window and item.window.hall_id != item.pickup_window.hall_id:
        km = plain_number(item.window.hall.km_from_main + item.pickup_window.hall.km_from_main)
        parts.append(_("fetch %(km)s km away") % {"km": km})
    return "　".join(parts)


def _mark(
    first: list[Box], own: list[Box], before: Sequence[Prerequisite], steps: Sequence[ProcedureStep], marks: Marks
) -> None:
    for box, relation in zip(first, before, strict=False):
        box.seams += marks.before.get(relation.related_id, [])
    for box, step in zip(own, steps, strict=True):
        box.seams += marks.steps.get(step.number, [])


def _lane(lanes: dict[str, Lane], name: str, note: str) -> Lane:
    if name not in lanes:
        lanes[name] = Lane(name, note, TOP + LANE_HEIGHT * len(lanes))
    return lanes[name]


def _before(chain: Chain, lanes: dict[str, Lane], relation: Prerequisite) -> Box:
    related = relation.related
    department = related.department.label
    lane = _lane(lanes, f"{department}{'　' * _taken(chain, lanes, department)}", _("must be done first"))
    box = Box("before", related.name, box_lines(related.name), relation.get_relation_display(), LANE_LABEL, 0)
    box.y = lane.y + (LANE_HEIGHT - BOX_HEIGHT) // 2
    box.url = related.code
    chain.boxes.append(box)
    return box


def _taken(chain: Chain, lanes: dict[str, Lane], department: str) -> int:
    """How many boxes of this department stand already: two in one place would cover each other."""
    return sum(1 for name in lanes if name.rstrip("　") == department)


def _step(chain: Chain, lanes: dict[str, Lane], item: ServiceItem, step: ProcedureStep, index: int) -> Box:
    if step.window:
        lane = _lane(lanes, f"{step.window.number} {step.window.name}", step.window.hall.name)
    else:
        lane = _lane(lanes, step.place or item.department.label, item.department.label if step.place else "")
    kind = "step" if step.counted else "uncounted"
    facts = [_("not counted") if not step.counted else _("%(n)s d") % {"n": step.days_text}]
    if step.signatures:
        facts.append(ngettext("%(n)d signature", "%(n)d signatures", step.signatures) % {"n": step.signatures})
    if step.window and item.window and step.window.hall_id != item.window.hall_id:
        km = step.window.hall.km_from_main + item.window.hall.km_from_main
        facts.append(_("%(km)s km away") % {"km": plain_number(km)})
    box = Box(kind, step.name, box_lines(f"{step.number} {step.name}"), "　".join(facts), 0, 0)
    box.x = chain.own_x + BOX_STEP * index
    box.y = lane.y + (LANE_HEIGHT - BOX_HEIGHT) // 2
    return box


def _fetch(chain: Chain, lanes: dict[str, Lane], item: ServiceItem, steps: Sequence[ProcedureStep]) -> Box | None:
    """Fetching the result in another hall, where no step says so already."""
    place = item.pickup_window
    halls = {step.window.hall_id for step in steps if step.window}
    if not steps or place is None or item.window is None or place.hall_id in {item.window.hall_id, *halls}:
        return None
    lane = _lane(lanes, f"{place.number} {place.name}", place.hall.name)
    km = plain_number(place.hall.km_from_main + item.window.hall.km_from_main)
    box = Box("uncounted", _("Fetch the result"), [_("Fetch the result")], _("%(km)s km away") % {"km": km}, 0, 0)
    box.x = chain.own_x + BOX_STEP * len(steps)
    box.y = lane.y + (LANE_HEIGHT - BOX_HEIGHT) // 2
    return box


def box_lines(title: str) -> list[str]:
    """A title on at most two lines; the full one stands in the list below and in the drawing's own title."""
    if len(title) <= _LINE:
        return [title]
    second = title[_LINE:]
    return [title[:_LINE], second if len(second) <= _LINE else f"{second[: _LINE - 1]}…"]


def _way_round(left: Box, right: Box) -> str:
    """The path to a box further right, under the boxes between the two."""
    if left.middle == right.middle and right.x - left.x == BOX_STEP:
        return arrow(left, right)
    under = left.y + BOX_HEIGHT + (LANE_HEIGHT - BOX_HEIGHT) // 2
    return f"M{left.x + BOX_WIDTH // 2} {left.y + BOX_HEIGHT}V{under}H{right.x - 13}V{right.middle}H{right.x}"


def arrow(left: Box, right: Box) -> str:
    """The path from one box to the next; the bend stands just before the second."""
    if left.middle == right.middle:
        return f"M{left.right} {left.middle}H{right.x}"
    bend = right.x - 13
    return f"M{left.right} {left.middle}H{bend}V{right.middle}H{right.x}"
