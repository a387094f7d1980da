"""Seams: where departments chafe, read off the catalogue alone, each with its evidence and its strength.

A seam belongs to a pair: the department that asks (needing) and the one that holds. `hold` is None where one department
is alone with it. Finders are pure functions over `catalog.seam_rows.Rows`; only published items count. Strengths run
from 1 (a nuisance) to 5 (a visit or a wait that need not be).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from catalog.choices import DocumentForm, Necessity, SeamKind, WindowKind
from catalog.models import SeamRuling, ServiceItem
from catalog.seam_rows import BeforeRow, DocumentRow, ItemRow, Rows, StepRow, load

STRONGEST = 5
Pair = tuple[int, int]
Way = tuple[str, int, str]
"""How a document is asked for: form, copies, format."""

# Windows that a person passes without handing anything in: asking the way or fetching is no extra window.
_PASSING = {
    WindowKind.ENQUIRY,
    WindowKind.SELF_SERVICE,
    WindowKind.ASSISTANCE,
    WindowKind.UNRESOLVED_MATTERS,
    WindowKind.PICKUP,
}
_ONLINE = re.compile(r"线上|网上|网办|online", re.IGNORECASE)
_ON_SITE = re.compile(r"现场|on.?site", re.IGNORECASE)
_POSTS = re.compile(r"[、，,；;/]|和|及")
_PARALLEL = re.compile(r"并联|同步|联办|并行|可.{0,6}共享|parallel", re.IGNORECASE)


@dataclass(slots=True)
class Seam:
    """One seam. `facts` holds the evidence in plain values; `catalog.seam_words` puts it into sentences."""

    kind: str
    item: ItemRow
    need: int
    hold: int | None
    strength: int
    document: DocumentRow | None = None
    steps: list[int] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    of: str = ""

    @property
    def key(self) -> str:
        """Stable text by which decisions find the seam again: kind, item code, document or other part."""
        return f"{self.kind}:{self.item.code}:{self.of or (self.document.code if self.document else '')}"

    @property
    def pair(self) -> Pair:
        """Needing and holding department; twice the same where one department is alone."""
        return self.need, self.need if self.hold is None else self.hold


def find(rows: Rows, only: int | None = None) -> list[Seam]:
    """All seams of the rows, strongest first; with `only` those of one item."""
    found: dict[str, Seam] = {}
    for finder in FINDERS:
        for seam in finder(rows):
            if (only is None or seam.item.pk == only) and _stronger(seam, found.get(seam.key)):
                found[seam.key] = seam
    return sorted(found.values(), key=lambda seam: (-seam.strength, seam.item.code, seam.kind, seam.key))


def _stronger(seam: Seam, known: Seam | None) -> bool:
    return known is None or seam.strength > known.strength


def held_elsewhere(rows: Rows) -> Iterator[Seam]:
    """A document that another department issues and that could be fetched, yet the applicant brings it."""
    for row in rows.documents:
        item = rows.items.get(row.item)
        if item is None or row.source in (None, item.department) or not row.shareable or _free(row):
            continue
        strength = {DocumentForm.ELECTRONIC: 1, DocumentForm.COPY: 2}.get(DocumentForm(row.form), 3)
        if row.necessity == Necessity.LATER:
            strength = max(1, strength - 1)
        yield Seam(SeamKind.HELD_ELSEWHERE, item, item.department, row.source, strength, row)


def format_clash(rows: Rows) -> Iterator[Seam]:
    """A document asked for in another way than most items ask for it, so that it is printed or scanned again."""
    asked: dict[str, list[tuple[ItemRow, DocumentRow]]] = defaultdict(list)
    for row in rows.documents:
        if row.item in rows.items and not _free(row):
            asked[row.code].append((rows.items[row.item], row))
    for askers in asked.values():
        if len({item.department for item, _row in askers}) > 1:
            yield from _clashes(askers)


def _clashes(askers: list[tuple[ItemRow, DocumentRow]]) -> Iterator[Seam]:
    ways = Counter(_way(row) for _item, row in askers)
    usual, times = min(ways.items(), key=lambda pair: (-pair[1], pair[0]))
    if len(ways) < 2:
        return
    usual_by = Counter(item.department for item, row in askers if _way(row) == usual)
    by_frequency = sorted(usual_by, key=lambda department: (-usual_by[department], department))
    for item, row in askers:
        if _way(row) == usual:
            continue
        other = row.source if row.source not in (None, item.department) else None
        hold = other or next((one for one in by_frequency if one != item.department), None)
        if hold is not None:
            facts = {"usual": usual, "times": times, "of": len(askers)}
            strength = 1 + (row.form != usual[0]) + (row.copies > usual[1])
            yield Seam(SeamKind.FORMAT_CLASH, item, item.department, hold, strength, row, facts=facts)


def _way(row: DocumentRow) -> Way:
    return row.form, row.copies, row.format


def _free(row: DocumentRow) -> bool:
    return row.form == DocumentForm.NOT_SUBMITTED


def signatures(rows: Rows) -> Iterator[Seam]:
    """A step that runs in a system, yet two or more people, or several posts, sign it one after the other."""
    for step in rows.steps:
        item = rows.items.get(step.item)
        if item is None or not _online(item, step):
            continue
        posts = [part for part in _POSTS.split(step.post) if part.strip()]
        several = len(posts) > 1 and step.signatures > 0
        if step.signatures < 2 and not several:
            continue
        facts = {"step": step.name, "signatures": step.signatures, "said": [step.note or step.post, step.system]}
        strength = min(STRONGEST, max(1, step.signatures - 1) + several)
        yield Seam(
            SeamKind.SIGNATURES,
            item,
            item.department,
            None,
            strength,
            steps=[step.number],
            facts=facts,
            of=f"{step.number}",
        )


def _online(item: ItemRow, step: StepRow) -> bool:
    """On site two people sign by law; anywhere else a step with a system in an online item could be signed there."""
    if _ON_SITE.search(step.channel):
        return False
    return bool(_ONLINE.search(step.channel) or (item.online and step.system))


def several_windows(rows: Rows) -> Iterator[Seam]:
    """One item that sends a person to several windows of one hall."""
    halls: dict[tuple[int, int], dict[int, list[StepRow]]] = defaultdict(lambda: defaultdict(list))
    for step in rows.steps:
        if step.window and step.hall and step.counted and step.window_kind not in _PASSING:
            halls[step.item, step.hall][step.window].append(step)
    for (pk, hall), windows in halls.items():
        item = rows.items.get(pk)
        if item is None or len(windows) < 2:
            continue
        steps = [step for found in windows.values() for step in found]
        others = [step.department for step in steps if step.department not in (None, item.department)]
        yield Seam(
            SeamKind.SEVERAL_WINDOWS,
            item,
            item.department,
            others[0] if others else None,
            min(STRONGEST, 1 + len(windows)),
            steps=sorted({found[0].number for found in windows.values()}),
            facts={"windows": [found[0].window_number for found in windows.values()]},
            of=f"{hall}",
        )


def pickup_elsewhere(rows: Rows) -> Iterator[Seam]:
    """Applied for in one hall, handed out in another."""
    for item in rows.items.values():
        if item.hall is None or item.pickup_hall is None or item.hall == item.pickup_hall:
            continue
        km = distance(item)
        other = item.pickup_department if item.pickup_department != item.department else None
        facts = {"hall": item.hall_name, "pickup": item.pickup_hall_name, "km": km}
        strength = min(STRONGEST, 2 + int(km // 3))
        yield Seam(SeamKind.PICKUP_ELSEWHERE, item, item.department, other, strength, facts=facts)


def distance(item: ItemRow) -> Decimal:
    """Kilometres from where the item is accepted to where it is handed out, by way of the main hall."""
    return (item.km or Decimal(0)) + (item.pickup_km or Decimal(0))


def prerequisite_elsewhere(rows: Rows) -> Iterator[Seam]:
    """An item of another department must be finished first although both could be accepted side by side.

    They could when the relation's note says so, or when both are accepted in one hall and what the first one yields
    is either not asked for or can be fetched from a government system.
    """
    papers: dict[int, list[DocumentRow]] = defaultdict(list)
    for row in rows.documents:
        papers[row.item].append(row)
    for relation in rows.before:
        item, related = rows.items.get(relation.item), rows.items.get(relation.related)
        if item is None or related is None or item.department == related.department:
            continue
        strength = _parallel(item, related, relation, papers[item.pk])
        if strength:
            facts = {"related": related.name, "related_pk": related.pk, "note": relation.note, "said": strength > 3}
            yield Seam(
                SeamKind.PREREQUISITE_ELSEWHERE,
                item,
                item.department,
                related.department,
                strength,
                facts=facts,
                of=related.code,
            )


def _parallel(item: ItemRow, related: ItemRow, relation: BeforeRow, papers: list[DocumentRow]) -> int:
    if _PARALLEL.search(relation.note):
        return STRONGEST
    asked = [row for row in papers if row.source == related.department]
    fetched = all(row.shareable for row in asked)
    return 3 if fetched and item.hall is not None and item.hall == related.hall else 0


def repeated_in_bundle(rows: Rows) -> Iterator[Seam]:
    """A document that a bundle has already collected for an earlier item and asks for again."""
    papers: dict[int, list[DocumentRow]] = defaultdict(list)
    for row in rows.documents:
        if not _free(row):
            papers[row.item].append(row)
    first: dict[tuple[str, str], ItemRow] = {}
    for member in rows.members:
        item = rows.items.get(member.item)
        for row in papers[member.item] if item else ():
            earlier = first.setdefault((member.bundle_code, row.code), item)  # type: ignore[arg-type]
            if item is None or earlier.pk == item.pk:
                continue
            other = earlier.department if earlier.department != item.department else None
            facts = {"bundle": member.bundle_name, "earlier": earlier.name}
            of = f"{row.code}@{member.bundle_code}"
            yield Seam(SeamKind.REPEATED_IN_BUNDLE, item, item.department, other, 2, row, facts=facts, of=of)


FINDERS: tuple[Callable[[Rows], Iterator[Seam]], ...] = (
    held_elsewhere,
    format_clash,
    signatures,
    several_windows,
    pickup_elsewhere,
    prerequisite_elsewhere,
    repeated_in_bundle,
)


def of_item(item: ServiceItem) -> list[Seam]:
    """The seams of one item."""
    return find(load(item), only=item.pk)


def sums(seams: Iterable[Seam]) -> dict[Pair, int]:
    """Strength of each pair: the sum over its seams."""
    found: Counter[Pair] = Counter()
    for seam in seams:
        found[seam.pair] += seam.strength
    return dict(found)


def pair_strengths() -> dict[Pair, int]:
    """How hard two departments chafe, (needing, holding) → sum of strengths, dismissed seams left out.

    For the rotation: directors should sit where it chafes. Six queries.
    """
    dismissed = set(SeamRuling.objects.dismissed().values_list("key", flat=True))
    living = (seam for seam in find(load()) if seam.hold is not None and seam.key not in dismissed)
    return sums(living)
