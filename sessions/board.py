"""The week board as pages draw it: zones, windows, cells, chips, findings, quotas, who is still missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from catalog.choices import Half
from catalog.models import Window, Zone
from core.words import short_date
from sessions import pulse, rules, shortfalls
from sessions.balance import Strip, Why, balance, coverage, floor_strips, quota_strips, reasons
from sessions.board_filters import BoardFilter
from sessions.candidates import Candidate, best, cell_key, days_of, host_name, places_for
from sessions.choices import OCCUPYING, SessionStatus
from sessions.models import WindowSession
from sessions.planning import Plan
from sessions.strengths import Strengths


@dataclass
class Chip:
    """A session in its cell: department, post, state, and the word of its gravest finding."""

    row: WindowSession
    department: str
    title: str
    findings: list[rules.Finding]
    foreign: bool = False

    @property
    def css(self) -> str:
        if any(finding.blocks for finding in self.findings):
            return "is-late"
        if self.findings:
            return "is-warn"
        return "is-draft" if self.row.status == SessionStatus.DRAFT else ""

    @property
    def word(self) -> str:
        return self.findings[0].short if self.findings else self.title

    @property
    def icon(self) -> str:
        return {"is-late": "exclamation-octagon-fill", "is-warn": "exclamation-triangle-fill"}.get(self.css, "")

    @property
    def movable(self) -> bool:
        return not self.foreign and self.row.status in {SessionStatus.DRAFT, SessionStatus.CONFIRMED}


@dataclass
class Cell:
    """One window in one half-day."""

    window: Window
    day: date
    half: str
    first_of_day: bool
    late: bool = False
    shut: str = ""
    past: bool = False
    chip: Chip | None = None
    gone: Chip | None = None
    target: str = ""
    named: bool = False

    @property
    def free(self) -> bool:
        """Whether somebody can still be placed here."""
        return self.chip is None and not self.shut and not self.past

    @property
    def key(self) -> str:
        return cell_key(self.window.pk, self.day, self.half)


@dataclass
class Line:
    """One window with its cells."""

    window: Window
    host: str
    cells: list[Cell]
    own: bool = False
    strength: int = 0
    html: str = ""

    @property
    def taken(self) -> list[Chip]:
        return [cell.chip for cell in self.cells if cell.chip]

    def answers(self, only: str, home: int | None) -> bool:
        """Whether the filter keeps this window: by what stands in it, and by whose visitor."""
        if home is not None and all(chip.row.home_department_id != home for chip in self.taken):
            return False
        if only == "taken":
            return bool(self.taken)
        if only == "free":
            return any(cell.free for cell in self.cells)
        return only != "findings" or any(chip.findings for chip in self.taken)


@dataclass
class Board:
    """The page's data. `half_days` lists the same cells for phones, by half-day."""

    plan: Plan
    days: list[date]
    zones: list[tuple[Zone, list[Line]]]
    findings: list[tuple[rules.Finding, str]] = field(default_factory=list)
    strips: list[Strip] = field(default_factory=list)
    hosts: str = ""
    spread: int = 0
    missing: list[shortfalls.Shortfall] = field(default_factory=list)
    picked: Chip | None = None
    targets: list[Candidate] = field(default_factory=list)
    why: list[Why] = field(default_factory=list)
    pulse: str = ""

    @property
    def columns(self) -> int:
        """Columns of the table: the windows and two half-days a day."""
        return 1 + 2 * len(self.days)

    @property
    def menu(self) -> list[Candidate]:
        """The few places that the move menu names."""
        return best(self.targets)

    @property
    def blocks(self) -> int:
        return sum(finding.blocks for finding, _where in self.findings)

    @property
    def lines(self) -> list[Line]:
        return [line for _zone, lines in self.zones for line in lines]

    @property
    def half_days(self) -> list[tuple[date, str, list[Cell], int]]:
        """Day, half, the taken cells, and how many windows are free."""
        found = []
        for column, (day, half) in enumerate((day, half) for day in self.days for half in Half.values):
            cells = [line.cells[column] for line in self.lines]
            free = sum(cell.free for cell in cells)
            found.append((day, half, [cell for cell in cells if cell.chip or cell.gone], free))
        return found


def build(plan: Plan, chosen: BoardFilter, *, pick: int | None = None, strengths: Strengths | None = None) -> Board:
    """The board of the plan's week, without a query. `pick` marks where that session may go."""
    windows = chosen.windows(plan)
    days, strengths = days_of(plan), strengths or Strengths()
    chips = {row.pk: chip_of(plan, row) for row in plan.rows}
    picked = chips.get(pick) if pick else None
    if picked and not picked.movable and picked.row.status != SessionStatus.PUBLISHED:
        picked = None
    shown = {window.pk for window in windows}
    targets = _targets(plan, picked, shown)
    named = {one.key for one in best(targets.values())}
    lines = _lines(plan, windows, days, chips, picked, targets)
    lines = [line for line in lines if line.answers(chosen.value("only"), chosen.number("home"))]
    zones = [(zone, list(group)) for zone, group in groupby(lines, key=lambda line: line.window.zone)]
    for line in lines:
        line.strength = strengths.between(picked.row.home_department_id, line.window.department_id) if picked else 0
        for cell in line.cells:
            cell.named = bool(named) and cell.key in named
    board = Board(plan, days, zones, picked=picked, targets=list(targets.values()), pulse=pulse.of_plan(plan))
    board.why = reasons(plan, picked.row, strengths) if picked else []
    board.findings = _findings(chips.values(), {window.pk: window for window in windows})
    people = list(plan.people.values())
    board.missing = shortfalls.shortfalls(people, plan.facts, plan.first)
    board.strips = quota_strips(plan, board.missing) + floor_strips(plan) + coverage(plan, strengths)
    board.hosts, board.spread = balance(plan)
    return board


def chip_of(plan: Plan, row: WindowSession) -> Chip:
    """A session as the board draws it, with what the rules say of it while it is still to come."""
    person = plan.people.get(row.director_id)
    foreign = row.programme_id != plan.programme.pk
    standing = row.status in OCCUPYING and row.status != SessionStatus.COMPLETED and row.date >= plan.facts.today
    findings = rules.judge(rules.standing(row, person), plan.facts) if person and standing and not foreign else []
    title = person.post if person else row.get_rank_display()
    return Chip(row, row.home_label, title, findings, foreign)


def _targets(plan: Plan, picked: Chip | None, windows: set[int]) -> dict[str, Candidate]:
    if not picked or not picked.movable or picked.row.director_id not in plan.people:
        return {}
    places = places_for(plan, plan.people[picked.row.director_id], picked.row)
    return {one.key: one for one in places if int(one.key.partition("|")[0]) in windows}


def _lines(
    plan: Plan,
    windows: Sequence[Window],
    days: Sequence[date],
    chips: dict[int, Chip],
    picked: Chip | None,
    targets: dict[str, Candidate],
) -> list[Line]:
    here: dict[rules.Slot, list[Chip]] = {}
    for chip in chips.values():
        here.setdefault((chip.row.window_id, chip.row.date, chip.row.half), []).append(chip)
    lines = []
    for window in windows:
        own = bool(picked and window.department_id == picked.row.home_department_id)
        cells = []
        for number, day in enumerate(days):
            for half in Half.values:
                cell = Cell(window, day, half, first_of_day=half == Half.AM, late=number >= len(days) / 2)
                cells.append(_filled(plan, cell, here.get((window.pk, day, half), ()), targets))
        lines.append(Line(window, host_name(window), cells, own))
    return lines


def _filled(plan: Plan, cell: Cell, chips: Iterable[Chip], targets: dict[str, Candidate]) -> Cell:
    for chip in chips:
        cell = _with(cell, chip)
    if cell.chip is None:
        cell.past = cell.day < plan.facts.today
        cell.shut = rules.closed_word(cell.window, cell.day, cell.half, plan.facts)[0]
        target = targets.get(cell.key) if targets and not cell.shut else None
        cell.target = target.verdict if target else ""
    return cell


def _with(cell: Cell, chip: Chip) -> Cell:
    if chip.row.status in OCCUPYING:
        cell.chip = chip
    elif cell.gone is None or chip.row.pk > cell.gone.row.pk:
        cell.gone = chip
    return cell


def _findings(chips: Iterable[Chip], windows: dict[int, Window]) -> list[tuple[rules.Finding, str]]:
    """What blocks first; each with the words of its cell."""
    found = []
    for chip in chips:
        for finding in chip.findings:
            if finding.where and finding.where[0] in windows:
                number = windows[finding.where[0]].number
                found.append((finding, f"{short_date(finding.where[1], finding.where[2])} {number}"))
    return sorted(found, key=lambda pair: not pair[0].blocks)
