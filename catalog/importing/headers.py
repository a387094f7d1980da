"""Finds what a sheet holds: its kind, where the heading stands, which column is which, and which rows are no data."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from catalog.importing.kinds import FOREIGN, KINDS, Kind
from catalog.importing.reading import Sheet

SEARCHED_ROWS = 30
REMARKS = "导入结果"
_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
_NOISE = re.compile(r"[\s*＊:：?？/、，,.。]+")
_TOTALS = re.compile(r"(小计|合计|总计|共计|累计|合\s+计|总\s+计|小\s+计).*")
_NOTES = re.compile(
    r"(注|备注|说明|填表说明|填表人|制表人?|审核人|填报单位|填报人|联系人|联系电话|打印时间|制表时间)\s*[:：1].*"
)
_EXAMPLES = ("示例", "例", "例如", "样例", "填写示例")
_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(slots=True)
class Dropped:
    """A row that is not taken as data, with the reason that the report shows."""

    row: int
    code: str
    message: str


@dataclass(slots=True)
class Table:
    """One sheet understood. `rows` are (number in the file, field → text)."""

    kind: Kind
    file: str
    sheet: str
    header_row: int
    columns: dict[str, int]
    headings: dict[str, str]
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Header:
    kind: Kind
    row: int
    levels: int
    columns: dict[str, int]
    score: int


def plain(heading: str) -> str:
    """A heading without what people decorate it with: spaces, line breaks, stars, bracketed units, full-width forms."""
    narrow = unicodedata.normalize("NFKC", heading).lower()
    return _NOISE.sub("", _BRACKETS.sub("", narrow))


def understand(
    sheet: Sheet, kinds: tuple[Kind, ...] = KINDS, foreign: re.Pattern[str] | None = FOREIGN
) -> Table | None:
    """The sheet as a table of one of `kinds`, or None when no such heading stands in its first rows.

    A heading that fits `foreign` says that the table is somebody else's.
    """
    unmerge(sheet)
    _drop_remarks(sheet)
    header = _find_header(sheet, kinds, foreign)
    if header is None:
        return None
    heads = _combined(sheet, header.row, header.levels)
    headings = {name: " ".join(heads[column][0].split()) for name, column in header.columns.items()}
    table = Table(header.kind, sheet.file, sheet.name, header.row + 1, header.columns, headings)
    used = set(header.columns.values())
    table.unused = [head[0] for column, head in enumerate(heads) if column not in used and head[0].strip()]
    _take_rows(sheet, header, table)
    return table


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


def _drop_remarks(sheet: Sheet) -> None:
    """A workbook that came back from us with remarks is read as if they were not there."""
    columns = {at for row in sheet.rows[:SEARCHED_ROWS] for at, cell in enumerate(row) if cell == REMARKS}
    for row in sheet.rows:
        for column in columns.intersection(range(len(row))):
            row[column] = ""


def _find_header(sheet: Sheet, kinds: tuple[Kind, ...], foreign: re.Pattern[str] | None) -> _Header | None:
    best: _Header | None = None
    for row in range(min(SEARCHED_ROWS, len(sheet.rows))):
        if foreign and any(foreign.fullmatch(plain(cell)) for cell in sheet.rows[row]):
            return None
        for levels in (1, 2):
            found = _match(sheet, row, levels, kinds)
            if found and (best is None or found.score > best.score + (levels - 1) * 10):
                best = found
    return best


def _match(sheet: Sheet, row: int, levels: int, kinds: tuple[Kind, ...]) -> _Header | None:
    heads = [[plain(option) for option in options] for options in _combined(sheet, row, levels)]
    if levels == 2 and not _two_levels(sheet, row):
        return None
    best: _Header | None = None
    for kind in kinds:
        columns = _columns(kind, heads)
        if not all(any(name in columns for name in group) for group in kind.must):
            continue
        hint = re.search(kind.words, f"{sheet.name} {sheet.file if not sheet.name else ''}") is not None
        score = len(columns) * 10 + (5 if hint else 0)
        if best is None or score > best.score:
            best = _Header(kind, row, levels, columns, score)
    return best


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


def _combined(sheet: Sheet, row: int, levels: int) -> list[list[str]]:
    """Per column the headings it may be read as, the most telling first."""
    upper = sheet.rows[row]
    if levels == 1 or row + 1 >= len(sheet.rows):
        return [[cell] for cell in upper]
    lower = sheet.rows[row + 1]
    options, group = [], ""
    for column in range(max(len(upper), len(lower))):
        above = upper[column] if column < len(upper) else ""
        below = lower[column] if column < len(lower) else ""
        group = above if above.strip() else group
        if not below.strip() or above == below:
            options.append([above])
        else:
            options.append([group + below, below + group, below])
    return options


def columns_of(kind: Kind, headings: tuple[str, ...]) -> dict[str, int]:
    """Field → place of its heading in one row of headings."""
    return _columns(kind, [[plain(heading)] for heading in headings])


def _columns(kind: Kind, heads: list[list[str]]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for column, options in enumerate(heads):
        for name, pattern in kind.columns.items():
            if name not in columns and any(option and pattern.fullmatch(option) for option in options):
                columns[name] = column
                break
    return columns


def _take_rows(sheet: Sheet, header: _Header, table: Table) -> None:
    for number, words in _above(sheet, header):
        table.dropped.append(Dropped(number, "title", _("Stands above the heading: %(text)s") % {"text": words[:60]}))
    blanks: list[int] = []
    levels = sheet.rows[header.row : header.row + header.levels]
    heads = [[plain(cell) for cell in level] for level in levels]
    for index in range(header.row + header.levels, len(sheet.rows)):
        row = sheet.rows[index]
        if not any(cell.strip() for cell in row):
            blanks.append(index + 1)
            continue
        # Only blank lines between rows are worth a word; those below the table are the sheet's end.
        table.dropped += [Dropped(number, "blank", _("Blank line")) for number in blanks]
        blanks.clear()
        reason = _no_data(row, heads)
        if reason:
            table.dropped.append(Dropped(index + 1, *reason))
        else:
            cells = {name: row[column] if column < len(row) else "" for name, column in header.columns.items()}
            table.rows.append((index + 1, cells))


def _above(sheet: Sheet, header: _Header) -> Iterator[tuple[int, str]]:
    for index in range(header.row):
        joined = " ".join(dict.fromkeys(cell.strip() for cell in sheet.rows[index] if cell.strip()))
        if joined:
            yield index + 1, joined


def _no_data(row: list[str], heads: list[list[str]]) -> tuple[str, str] | None:
    """Why a row is no data: heading again, subtotal, note, example, section heading. None for data."""
    filled = [cell.strip() for cell in row if cell.strip()]
    first = filled[0]
    if any(
        sum(1 for cell, head in zip(row, level, strict=False) if head and plain(cell) == head) > 1 for level in heads
    ):
        return "repeated_header", _("The heading again")
    if _TOTALS.fullmatch(first):
        return "subtotal", _("A sum: %(text)s") % {"text": first[:60]}
    if _NOTES.fullmatch(first) and len(set(filled)) <= 2:
        return "note", _("A note: %(text)s") % {"text": first[:60]}
    if first in _EXAMPLES:
        return "example", _("An example row")
    if len(set(filled)) == 1 and _HAN.search(first) and (len(row) > 1):
        return "section", _("A heading or note, only one cell is filled: %(text)s") % {"text": first[:60]}
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
