"""Files in, sheets of plain text out. Knows formats by content, never by the name's ending."""

import csv
import io
import re
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from catalog.importing import workbooks
from catalog.importing.workbooks import MAX_CELLS, MAX_ROWS, Shape

ENDINGS = {".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".txt"}
MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# A cell of prose may be long; csv's own limit of 128 KiB is ours too, but a longer one is refused, not a crash.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BOOK_PART = re.compile(r"xl/workbook\.(xml|bin)|content\.xml")
_SAMPLE = 200_000
# Exports put an apostrophe before what a table program would run as a formula.
_GUARDED = re.compile(r"^'('*[=+\-@\t\r])")
_CSV_ENCODINGS = ("utf-8-sig", "gb18030")

Range = tuple[tuple[int, int], tuple[int, int]]


class UnreadableError(Exception):
    """This file cannot be read; the message says why and what to do. Nothing of the import is kept."""


@dataclass(slots=True)
class Sheet:
    """Rows of text with the place they come from; `rows[0]` is row 1 of the file."""

    file: str
    name: str
    rows: list[list[str]]
    merged: list[Range] = field(default_factory=list)
    hidden: bool = False


def read(paths: Iterable[Path]) -> list[Sheet]:
    """All sheets of all files; a folder stands for the tables in it. Raises UnreadableError."""
    sheets: list[Sheet] = []
    tally = Tally()
    for path in _files(paths):
        try:
            content = path.read_bytes() if path.stat().st_size <= MAX_BYTES else b""
        except OSError as error:
            raise UnreadableError(_("%(file)s cannot be opened.") % {"file": path}) from error
        sheets.extend(tally.add(read_content(path.name, content)))
    return sheets


class Tally:
    """Adds up what one import reads, over all its files: together they must fit into the memory too."""

    def __init__(self) -> None:
        self.rows = self.cells = 0

    def add(self, sheets: list[Sheet]) -> list[Sheet]:
        """The sheets themselves. Raises UnreadableError when they are more than can be held at once."""
        for sheet in sheets:
            self.rows += len(sheet.rows)
            self.cells += sum(map(len, sheet.rows))
            _refuse_rows(sheet.file, self.rows)
            if self.cells > MAX_CELLS:
                raise UnreadableError(str(workbooks.too_large(sheet.file)))
        return sheets


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            # Lock files of office programs start with ~$ and hold nothing.
            yield from sorted(p for p in path.iterdir() if p.suffix.lower() in ENDINGS and not p.name.startswith("~$"))
        else:
            yield path


def read_content(name: str, content: bytes) -> list[Sheet]:
    """The sheets of one file. Raises UnreadableError for what is no table, too large or locked."""
    if not content:
        raise UnreadableError(
            _("%(file)s is empty or larger than 50 MB. Please split it or check the file.") % {"file": name}
        )
    if content[:4] in (_ZIP, _OLE):
        return _workbook(name, content)
    return [_csv(name, content)]


def probe(name: str, content: bytes) -> None:
    """Refuse at the door what will not be readable, without reading the cells. Raises UnreadableError."""
    if not content or len(content) > MAX_BYTES:
        read_content(name, b"")
    if content[:4] == _ZIP:
        try:
            _refuse_bomb(name, content)
        except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, RuntimeError) as error:
            raise _no_workbook(name) from error
    elif content[:4] == _OLE:
        if _ENCRYPTED in content:
            raise _no_workbook(name)
    else:
        _decode(name, content)


def _no_workbook(name: str) -> UnreadableError:
    text = _("%(file)s is no readable workbook. If it has a password, save it without one and try again.")
    return UnreadableError(text % {"file": name})


def _workbook(name: str, content: bytes) -> list[Sheet]:
    try:
        shapes = _refuse_bomb(name, content) if content[:4] == _ZIP else _refuse_old_bomb(name, content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            _sheet(name, book, about, shapes.get(about.name)) for about in book.sheets_metadata if _holds_cells(about)
        ]
    except (CalamineError, zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError) as error:
        raise _no_workbook(name) from error


def _holds_cells(about: SheetMetadata) -> bool:
    return bool(about.typ == SheetTypeEnum.WorkSheet)


def _refuse_old_bomb(name: str, content: bytes) -> dict[str, Shape]:
    """An .xls says itself how far its sheets reach. Raises UnreadableError."""
    try:
        workbooks.check_old_workbook(name, content)
    except workbooks.TooLargeError as error:
        raise UnreadableError(str(error)) from error
    return {}


def _refuse_bomb(name: str, content: bytes) -> dict[str, Shape]:
    """The shapes of the sheets, found without keeping anything of them. Raises UnreadableError."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if not any(_BOOK_PART.fullmatch(part.filename.lower()) for part in parts):
            raise _no_workbook(name)
        if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise UnreadableError(_("%(file)s unpacks to more than 300 MB. Please split it.") % {"file": name})
        try:
            return workbooks.shapes(name, archive)
        except workbooks.TooLargeError as error:
            raise UnreadableError(str(error)) from error


def _sheet(file: str, book: CalamineWorkbook, about: SheetMetadata, shape: Shape | None) -> Sheet:
    sheet = book.get_sheet_by_name(about.name)
    # Blank rows on top are kept: a row must have the number that the person sees.
    rows = [[text(cell) for cell in row] for row in _rows(sheet)]
    _refuse_rows(file, len(rows))
    for (row, column), mark in (shape.marks if shape else {}).items():
        _mark(rows, row - 1, column - 1, mark)
    merged = [(tuple(a), tuple(b)) for a, b in sheet.merged_cell_ranges or []]
    return Sheet(file, about.name, rows, merged, about.visible != SheetVisibleEnum.Visible)


def _rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """The rows from row 1 on, one at a time; the engine begins each with the first column that is filled."""
    _row, before = sheet.start or (0, 0)
    for row in sheet.iter_rows():
        yield [None] * before + row


def _mark(rows: list[list[str]], row: int, column: int, mark: str) -> None:
    """Put a marker where a formula has no value; the engine leaves out rows and cells without any."""
    rows.extend([] for _n in range(row + 1 - len(rows)))
    rows[row].extend("" for _n in range(column + 1 - len(rows[row])))
    rows[row][column] = mark


def _csv(name: str, content: bytes) -> Sheet:
    decoded = _decode(name, content)
    try:
        lines = csv.reader(io.StringIO(decoded, newline=""), delimiter=_delimiter(decoded))
        rows = []
        for cells in lines:
            rows.append([_kept(_GUARDED.sub(r"\1", cell)) for cell in cells])
            if len(rows) > MAX_ROWS:
                break
    except csv.Error as error:
        raise UnreadableError(
            _("%(file)s is no readable CSV file: %(reason)s.") % {"file": name, "reason": error}
        ) from error
    _refuse_rows(name, len(rows))
    _refuse_open_quotes(name, decoded, rows)
    return Sheet(name, "", rows)


def _delimiter(decoded: str) -> str:
    """What parts the cells: the mark by which most of the first lines fall into the same number of several cells."""

    def fits(mark: str) -> tuple[int, int]:
        lines = csv.reader(io.StringIO(decoded[:_SAMPLE], newline=""), delimiter=mark)
        widths = Counter(len(cells) for cells in islice(lines, 60) if any(cells))
        wide = [(number, width) for width, number in widths.items() if width > 1]
        return max(wide, default=(0, 0))

    return max(",\t;|", key=fits)


def _refuse_open_quotes(name: str, decoded: str, rows: list[list[str]]) -> None:
    """A quotation mark that never closes swallows the rest of the file: its last cell then holds many lines."""
    last = rows[-1][-1] if rows and rows[-1] else ""
    if last.count("\n") > 1 and not decoded.rstrip().endswith('"'):
        text = _("%(file)s: quotation marks open in row %(row)d and never close. Please correct the row.")
        raise UnreadableError(text % {"file": name, "row": len(rows)})


def _decode(name: str, content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    elif content[1:2] == b"\0" or content[:1] == b"\0":
        encodings = ("utf-16-le", "utf-16-be")
    else:
        encodings = _CSV_ENCODINGS
    for encoding in encodings:
        try:
            decoded = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in decoded:
            return decoded
    text = _("%(file)s holds no table, whatever its name says: neither a workbook nor a CSV file in UTF-8 or GBK.")
    if b"\0" in content and Path(name).suffix.lower() in {".csv", ".txt"}:
        text = _("%(file)s holds NUL characters, so it was damaged on the way. Please export it again.")
    raise UnreadableError(text % {"file": name})


def _refuse_rows(name: str, rows: int) -> None:
    if rows > MAX_ROWS:
        raise UnreadableError(str(workbooks.too_many_rows(name)))


def text(cell: Any) -> str:
    """A cell as a person sees it: whole numbers without a point, dates as 2026-05-18, yes/no as 是/否."""
    if isinstance(cell, str):
        return _kept(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time | timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _kept(words: str) -> str:
    """One object for each short text however often it stands in the tables, which are mostly repetition."""
    return sys.intern(words) if len(words) < 40 else words
