"""What the pages of the seams show: lines with their decisions, the matrix, the papers and pairs that stand out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Department
from catalog import seam_words
from catalog.choices import SeamKind
from catalog.models import SeamRuling
from catalog.seams import Pair, Seam

OPEN, CONFIRMED, DISMISSED, MENDED = "open", "confirmed", "dismissed", "mended"
TOP = 8


@dataclass(slots=True)
class Line:
    """One seam as a page shows it, with what was decided about it. A mended one has no seam any more."""

    key: str
    kind: str
    title: str
    evidence: str
    item: int
    item_code: str
    item_name: str
    need: Any
    hold: Any
    strength: int = 0
    seam: Seam | None = None
    ruling: SeamRuling | None = None
    number: int = 0

    @property
    def state(self) -> str:
        """open, confirmed, dismissed or mended."""
        if self.seam is None:
            return MENDED
        if self.ruling is None:
            return OPEN
        if self.ruling.dismissed_reason:
            return DISMISSED
        return CONFIRMED if self.ruling.issue_number else OPEN

    @property
    def kind_label(self) -> str:
        return str(SeamKind(self.kind).label)

    @property
    def pair_url(self) -> str:
        """The list of this pair's seams."""
        return list_url(need=self.need.pk, hold=(self.hold or self.need).pk)

    @property
    def register_query(self) -> str:
        """What the form of a new issue is filled with."""
        facts = {"item": self.item_code, "seam": self.key, "title": self.title}
        if self.hold:
            facts["hold"] = self.hold.code
        if self.seam and self.seam.document:
            facts["document"] = self.seam.document.name
        return urlencode(facts)


def list_url(**conditions: Any) -> str:
    """The list of seams under these conditions."""
    return f"{reverse('catalog:seam_list')}?{urlencode(conditions)}"


def rulings() -> QuerySet[SeamRuling]:
    """Decisions with those who took them."""
    found: QuerySet[SeamRuling] = SeamRuling.objects.select_related(
        "dismissed_by", "confirmed_by", "mended_revision", "item"
    )
    return found


def lines(
    seams: Iterable[Seam], decided: Mapping[str, SeamRuling], departments: Mapping[int, Department]
) -> list[Line]:
    """Computed seams as lines, in their order."""
    return [
        Line(
            seam.key,
            seam.kind,
            seam_words.title(seam),
            seam_words.evidence(seam),
            seam.item.pk,
            seam.item.code,
            seam.item.name,
            departments[seam.need],
            departments.get(seam.hold) if seam.hold else None,
            seam.strength,
            seam,
            decided.get(seam.key),
        )
        for seam in seams
    ]


def mended_lines(decided: Iterable[SeamRuling], departments: Mapping[int, Department]) -> list[Line]:
    """Seams that a guide revision mended, the latest first."""
    gone = sorted((row for row in decided if row.mended_at), key=lambda row: row.mended_at or 0, reverse=True)
    return [
        Line(
            row.key,
            row.kind,
            row.title,
            "",
            row.item_id,
            row.item.code,
            row.item.name,
            departments[row.need_id],
            departments.get(row.hold_id) if row.hold_id else None,
            ruling=row,
        )
        for row in gone
    ]


@dataclass(slots=True)
class OnItem:
    """The seams of one item: numbered where they still count, and where the numbers stand on its page."""

    lines: list[Line] = field(default_factory=list)
    ruled_out: list[Line] = field(default_factory=list)
    before: dict[int, list[int]] = field(default_factory=dict)
    steps: dict[int, list[int]] = field(default_factory=dict)
    documents: dict[int, list[int]] = field(default_factory=dict)
    pickup: list[int] = field(default_factory=list)


def on_item(seams: Iterable[Seam], decided: Iterable[SeamRuling], departments: Mapping[int, Department]) -> OnItem:
    """Seams in the order in which the page meets them: before the item, its steps, fetching, its documents."""
    decided = list(decided)
    every = lines(sorted(seams, key=_place), {row.key: row for row in decided}, departments)
    found = OnItem(ruled_out=[line for line in every if line.state == DISMISSED])
    found.lines = [line for line in every if line.state != DISMISSED]
    found.ruled_out += mended_lines(decided, departments)
    for number, line in enumerate(found.lines, 1):
        line.number = number
        _mark(found, line)
    return found


def _place(seam: Seam) -> tuple[int, int, str]:
    if seam.kind == SeamKind.PREREQUISITE_ELSEWHERE:
        return 0, 0, seam.key
    if seam.steps:
        return 1, seam.steps[0], seam.key
    return (3, seam.document.number, seam.key) if seam.document else (2, 0, seam.key)


def _mark(found: OnItem, line: Line) -> None:
    seam = line.seam
    if seam is None:
        return
    if seam.kind == SeamKind.PICKUP_ELSEWHERE:
        found.pickup.append(line.number)
    if "related_pk" in seam.facts:
        found.before.setdefault(seam.facts["related_pk"], []).append(line.number)
    if seam.document:
        found.documents.setdefault(seam.document.number, []).append(line.number)
    for number in seam.steps:
        found.steps.setdefault(number, []).append(line.number)


@dataclass(slots=True)
class Cell:
    """One pair: how many seams, how strong together, how hot (0 to 3)."""

    count: int
    strength: int
    heat: int
    url: str
    label: str
    same: bool = False


@dataclass(slots=True)
class Matrix:
    """Departments that need × departments that hold, `own` for those alone with it."""

    columns: list[Department] = field(default_factory=list)
    rows: list[tuple[Department, list[Cell | None], Cell | None, int]] = field(default_factory=list)


def matrix(seams: Iterable[Seam], departments: Mapping[int, Department], kind: str = "") -> Matrix:
    """The heat table; only departments that have a seam stand in it."""
    counts: Counter[Pair] = Counter()
    strengths: Counter[Pair] = Counter()
    for seam in seams:
        counts[seam.pair] += 1
        strengths[seam.pair] += seam.strength
    order = {pk: place for place, pk in enumerate(departments)}
    needs = sorted({need for need, _hold in counts}, key=order.__getitem__)
    holds = sorted({hold for need, hold in counts if need != hold}, key=order.__getitem__)
    hottest = max(strengths.values(), default=1)

    def cell(need: int, hold: int) -> Cell | None:
        if (need, hold) not in counts:
            return None
        strength = strengths[need, hold]
        names = {"need": departments[need].label, "hold": departments[hold].label, "n": counts[need, hold]}
        label = _("%(need)s needs, %(hold)s holds: %(n)s seams") % names
        conditions = {"need": need, "hold": hold} | ({"kind": kind} if kind else {})
        return Cell(counts[need, hold], strength, _heat(strength, hottest), list_url(**conditions), label)

    return Matrix(
        [departments[pk] for pk in holds],
        [
            (
                departments[need],
                [cell(need, hold) if need != hold else Cell(0, 0, 0, "", "", same=True) for hold in holds],
                cell(need, need),
                sum(n for (who, _hold), n in counts.items() if who == need),
            )
            for need in needs
        ],
    )


def _heat(strength: int, hottest: int) -> int:
    """Three steps of copper against the hottest pair: from a half, from a sixth, below."""
    return 3 if 2 * strength > hottest else 2 if 6 * strength > hottest else 1


def strongest_pairs(seams: Iterable[Seam], departments: Mapping[int, Department]) -> list[dict[str, Any]]:
    """The pairs of two departments that chafe most."""
    counts: dict[Pair, list[Seam]] = defaultdict(list)
    for seam in seams:
        if seam.hold is not None:
            counts[seam.pair].append(seam)
    ranked = sorted(counts.items(), key=lambda pair: (-sum(seam.strength for seam in pair[1]), pair[0]))
    return [
        {
            "need": departments[need],
            "hold": departments[hold],
            "count": len(found),
            "strength": sum(seam.strength for seam in found),
            "url": list_url(need=need, hold=hold),
        }
        for (need, hold), found in ranked[:TOP]
    ]


def papers(seams: Iterable[Seam], departments: Mapping[int, Department]) -> list[dict[str, Any]]:
    """The documents that most items still ask for although a department holds them."""
    found: dict[tuple[str, int], list[Seam]] = defaultdict(list)
    for seam in seams:
        if seam.kind == SeamKind.HELD_ELSEWHERE and seam.document and seam.hold:
            found[seam.document.code, seam.hold].append(seam)
    ranked = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [
        {
            "name": rows[0].document.name if rows[0].document else code,
            "hold": departments[hold],
            "count": len(rows),
            "url": list_url(kind=SeamKind.HELD_ELSEWHERE.value, document=code),
        }
        for (code, hold), rows in ranked[:TOP]
    ]


def kinds(seams: Iterable[Seam]) -> list[dict[str, Any]]:
    """How many of each kind, in the order of the kinds."""
    counts = Counter(seam.kind for seam in seams)
    return [
        {"label": kind.label, "count": counts[kind], "url": list_url(kind=kind.value)}
        for kind in SeamKind
        if counts[kind]
    ]
