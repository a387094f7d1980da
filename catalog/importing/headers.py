"""Finds what a sheet holds: its tables, their kind, where the heading stands, and which column is which."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from catalog.importing.bodies import Dropped, no_data
from catalog.importing.columns import LONGEST_HEADING, Known, columns, is_heading, plain, signature
from catalog.importing.kinds import FOREIGN, KINDS, Kind
from catalog.importing.reading import Sheet

SEARCHED_ROWS = 60
REMARKS = "导入结果"
MANY_COLUMNS = 6
NEARLY = 1000
"""What a table that lacks a column it must have falls behind one that lacks none."""


class Cells(Mapping[str, str]):
    """One row by field, without a copy of its cells."""

    __slots__ = ("_columns", "_row")

    def __init__(self, columns: Mapping[str, int], row: list[str]) -> None:
        self._columns, self._row = columns, row

    def __getitem__(self, name: str) -> str:
        column = self._columns[name]
        return self._row[column] if column < len(self._row) else ""

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


@dataclass(slots=True)
class Table:
    """One table understood. `rows` are (number in the file, field → text); `heads` all headings by column."""

    kind: Kind
    file: str
    sheet: str
    header_row: int
    columns: dict[str, int]
    headings: dict[str, str]
    heads: list[str]
    rows: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    @property
    def unused(self) -> list[str]:
        """The headings of columns that are not taken."""
        used = set(self.columns.values())
        return [head for column, head in enumerate(self.heads) if column not in used and head]


@dataclass(frozen=True, slots=True)
class Unread:
    """A sheet without known headings, and the row that looks most like one, for a person to explain."""

    file: str
    sheet: str
    header_row: int
    heads: list[str]


@dataclass(frozen=True, slots=True)
class _Header:
    kind: Kind
    row: int
    levels: int
    columns: dict[str, int]
    score: int


def guess(sheet: Sheet) -> Unread | None:
    """The row with the most different short words among the first; None on a sheet without such a row."""
    best: tuple[int, list[str]] = (0, [])
    for number, row in enumerate(sheet.rows[:SEARCHED_ROWS], 1):
        cells = {cell.strip() for cell in row}
        words = {cell for cell in cells if 0 < len(cell) <= LONGEST_HEADING and not cell.isdecimal()}
        if len(words) > 1 and len(words) > len({cell.strip() for cell in best[1] if cell.strip()}):
            best = (number, row)
    return Unread(sheet.file, sheet.name, best[0], [" ".join(cell.split()) for cell in best[1]]) if best[0] else None


def understand(
    sheet: Sheet, kinds: tuple[Kind, ...] = KINDS, foreign: re.Pattern[str] | None = FOREIGN
) -> Table | None:
    """The first table of one of `kinds` on the sheet, or None. A heading that fits `foreign` is somebody else's."""
    return next(iter(understand_all(sheet, kinds, foreign)), None)


def understand_all(
    sheet: Sheet,
    kinds: tuple[Kind, ...] = KINDS,
    foreign: re.Pattern[str] | None = FOREIGN,
    known: Known | None = None,
) -> list[Table]:
    """All tables on the sheet, below each other or side by side; none when no known heading stands on top."""
    unmerge(sheet)
    _drop_remarks(sheet)
    reader = _Reader(kinds, foreign, known or Known())
    return [table for part in reader.side_by_side(sheet) for table in reader.tables(part)]


def unmerge(sheet: Sheet) -> None:
    """Give every cell of a merged block its value, unless the block runs over most of the row: that is a title."""
    for (top, left), (bottom, right) in sheet.merged:
        if top >= len(sheet.rows):
            continue
        width = sum(1 for cell in sheet.rows[top] if cell.strip())
        if right - left >= 3 and width <= 1:
            continue
        value = sheet.rows[top][left] if left < len(sheet.rows[top]) else ""
        for row in sheet.rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = row[column] or value
    sheet.merged = []


def _drop_remarks(sheet: Sheet) -> None:
    """A workbook that came back from us with remarks is read as if they were not there."""
    columns = {at for row in sheet.rows[:SEARCHED_ROWS] for at, cell in enumerate(row) if cell == REMARKS}
    for row in sheet.rows if columns else ():
        for column in columns.intersection(range(len(row))):
            row[column] = ""


class _Reader:
    """Looks for headings of certain kinds; `known` are corrections that people have made before."""

    def __init__(self, kinds: tuple[Kind, ...], foreign: re.Pattern[str] | None, known: Known) -> None:
        self.kinds, self.foreign, self.known = kinds, foreign, known

    def tables(self, sheet: Sheet) -> list[Table]:
        """The tables below each other."""
        found: list[Table] = []
        header = self._first(sheet, 0)
        while header:
            table = _start(sheet, header)
            if not found:
                table.dropped += _above(sheet, header)
            found.append(table)
            header = self._take_rows(sheet, header, table)
        return found

    def side_by_side(self, sheet: Sheet) -> list[Sheet]:
        """The sheet in parts, where blank columns part two tables that each have a heading of their own."""
        header = self._first(sheet, 0)
        if header is None:
            return [sheet]
        body = sheet.rows[header.row :]
        width = max((len(row) for row in body), default=0)
        filled = [any(column < len(row) and row[column].strip() for row in body) for column in range(width)]
        starts = [c for c in range(width) if filled[c] and (c == 0 or not filled[c - 1])]
        spans = [(start, next((c for c in range(start, width) if not filled[c]), width)) for start in starts]
        if len(spans) < 2:
            return [sheet]
        parts = [_part(sheet, start, end) for start, end in spans]
        understood = [part for part in parts if self._match(part, header.row)]
        return understood if len(understood) > 1 else [sheet]

    def _first(self, sheet: Sheet, start: int) -> _Header | None:
        for row in range(start, min(start + SEARCHED_ROWS, len(sheet.rows))):
            header = self._match(sheet, row)
            if header or self._is_foreign(sheet.rows[row]):
                return None if self._is_foreign(sheet.rows[row]) else header
        return None

    def _is_foreign(self, row: list[str]) -> bool:
        """Headings of another kind of table: the first one, or two of them."""
        if self.foreign is None:
            return False
        filled = [plain(cell) for cell in row if cell.strip() and len(cell) <= LONGEST_HEADING]
        fits = [self.foreign.fullmatch(cell) is not None for cell in filled]
        return len(filled) > 1 and (fits[0] or sum(fits) > 1)

    def _match(self, sheet: Sheet, row: int) -> _Header | None:
        """The heading that stands in this row, of one level or two; None when it is none."""
        near = sheet.rows[row : row + 2]
        if not any(self._may_be_heading(cells) for cells in near):
            return None
        one = self._best(sheet, row, 1)
        two = self._best(sheet, row, 2) if _two_levels(sheet, row) else None
        if two is None or (one and one.score + 10 >= two.score):
            return one
        # A line above a heading of one level is a title, although the two together can be read as a heading.
        below = self._best(sheet, row + 1, 1)
        return one if below and below.score >= two.score else two

    def _may_be_heading(self, row: list[str]) -> bool:
        """Short cells of which two are headings, or headings that people have explained: data is left quickly."""
        filled = [cell for cell in row if cell and not cell.isspace()]
        if len(filled) < 2 or any(len(cell) > LONGEST_HEADING * 2 for cell in filled):
            return False
        if sum(any(is_heading(kind, cell) for kind in self.kinds) for cell in filled[:8]) > 1:
            return True
        return bool(self.known.kinds) and signature(filled) in self.known.kinds

    def _best(self, sheet: Sheet, row: int, levels: int) -> _Header | None:
        options = _combined(sheet, row, levels)
        told = self.known.kinds.get(signature([option[0] for option in options]))
        best: _Header | None = None
        for kind in self.kinds:
            if told is not None and kind.name != told:
                continue
            taken = columns(kind, options, self.known)
            whole = bool(told) or (bool(taken) and _enough(kind, taken, options))
            if not (whole or _nearly(kind, taken, options)):
                continue
            hint = re.search(kind.words, f"{sheet.name} {sheet.file if not sheet.name else ''}") is not None
            score = len(taken) * 10 + (5 if hint else 0) - (0 if whole else NEARLY)
            if best is None or score > best.score:
                best = _Header(kind, row, levels, taken, score)
        return best

    def _take_rows(self, sheet: Sheet, header: _Header, table: Table) -> _Header | None:
        """Read rows until the sheet ends or another table's heading comes, which is the answer."""
        blanks: list[int] = []
        levels = [list(map(plain, level)) for level in sheet.rows[header.row : header.row + header.levels]]
        for index in range(header.row + header.levels, len(sheet.rows)):
            row = sheet.rows[index]
            if not any(cell and not cell.isspace() for cell in row):
                blanks.append(index + 1)
                continue
            cells = Cells(header.columns, row)
            reason = _again(row, levels) or no_data(row, cells)
            other = self._match(sheet, index) if reason is None else None
            if other and other.columns != header.columns:
                return other
            # Only blank lines between rows are worth a word; those below the table are the sheet's end.
            table.dropped += [Dropped(number, "blank", _("Blank line")) for number in blanks]
            blanks.clear()
            if reason:
                table.dropped.append(Dropped(index + 1, *reason))
            else:
                table.rows.append((index + 1, cells))
        return None


def _start(sheet: Sheet, header: _Header) -> Table:
    heads = [" ".join(option[0].split()) for option in _combined(sheet, header.row, header.levels)]
    headings = {name: heads[column] for name, column in header.columns.items()}
    return Table(header.kind, sheet.file, sheet.name, header.row + 1, header.columns, headings, heads)


def _part(sheet: Sheet, start: int, end: int) -> Sheet:
    rows = [[cell if start <= column < end else "" for column, cell in enumerate(row)] for row in sheet.rows]
    return Sheet(sheet.file, sheet.name, rows)


def _above(sheet: Sheet, header: _Header) -> Iterator[Dropped]:
    for index in range(header.row):
        words = " ".join(dict.fromkeys(cell.strip() for cell in sheet.rows[index] if cell.strip()))
        if words:
            yield Dropped(index + 1, "title", _("Stands above the heading: %(text)s") % {"text": words[:60]})


def _enough(kind: Kind, columns: dict[str, int], options: list[tuple[str, ...]]) -> bool:
    """The fields that such a table must have are there, and they are a fair part of all headings."""
    filled = sum(1 for option in options if option[0].strip())
    fair = len(columns) >= 4 or len(columns) * 10 >= filled * 3
    return fair and all(any(name in columns for name in group) for group in kind.must)


def _nearly(kind: Kind, columns: dict[str, int], options: list[tuple[str, ...]]) -> bool:
    """All but one of what such a table must have, among many known headings: its rows are shown and refused with the
    column that lacks, instead of a sheet that is left out as a whole because one heading reads unlike all others."""
    filled = sum(1 for option in options if option[0].strip())
    lacking = sum(not any(name in columns for name in group) for group in kind.must)
    return lacking == 1 and len(columns) >= MANY_COLUMNS and len(columns) * 10 >= filled * 6


def _two_levels(sheet: Sheet, row: int) -> bool:
    """Headings over headings: several words above, cells below a blank or repeated one, every lower cell short."""
    if row + 1 >= len(sheet.rows):
        return False
    upper, lower = sheet.rows[row], sheet.rows[row + 1]
    grouped = any(
        cell.strip() and (column >= len(upper) or not upper[column].strip() or upper[column] in upper[:column])
        for column, cell in enumerate(lower)
    )
    several = len({cell.strip() for cell in upper if cell.strip()}) > 1
    return several and grouped and all(len(cell) <= 20 for cell in lower)


def _combined(sheet: Sheet, row: int, levels: int) -> list[tuple[str, ...]]:
    """Per column the headings it may be read as, the most telling first."""
    upper = sheet.rows[row]
    if levels == 1 or row + 1 >= len(sheet.rows):
        return [(cell,) for cell in upper]
    lower = sheet.rows[row + 1]
    options: list[tuple[str, ...]] = []
    group = ""
    for column in range(max(len(upper), len(lower))):
        above = upper[column] if column < len(upper) else ""
        below = lower[column] if column < len(lower) else ""
        group = above if above.strip() else group
        if not below.strip() or above == below:
            options.append((above,))
        else:
            options.append((group + below, below + group, below))
    return options


def _again(row: list[str], levels: list[list[str]]) -> tuple[str, str] | None:
    """The heading once more, as printed on top of every page."""
    for level in levels:
        fits = 0
        for cell, head in zip(row, level, strict=False):
            fits += bool(head) and 0 < len(cell) <= LONGEST_HEADING and plain(cell) == head
        # Another table's heading may share a few words with this one's.
        if fits > 1 and fits * 2 >= sum(1 for cell in row if cell and not cell.isspace()):
            return "repeated_header", _("The heading again")
    return None


def kind_label(name: str) -> str:
    """What a kind of table is called on pages."""
    return {
        "department": _("Departments"),
        "hall": _("Halls"),
        "window": _("Windows"),
        "item": _("Service items"),
        "step": _("Steps"),
        "document": _("Documents"),
        "relation": _("Relations"),
        "bundle": _("Bundles"),
        "bundle_item": _("Items of bundles"),
        "leader": _("Leaders"),
    }.get(name, name)
