"""Files in, sheets of plain text out. Knows formats by content, never by the name's ending."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

ENDINGS = {".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".txt"}
MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
# Bounded by memory: a sheet of 200,000 rows took 460 MB to read, the whole import may take 300 MB.
MAX_ROWS = 100_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# A cell of prose may be long; csv's own limit of 128 KiB is ours too, but a longer one is refused, not a crash.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BOOK_PART = re.compile(r"xl/workbook\.(xml|bin)|content\.xml")
_PIECE = 1024 * 1024
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


def read(paths: Iterable[Path]) -> list[Sheet]:
    """All sheets of all files; a folder stands for the tables in it. Raises UnreadableError."""
    sheets: list[Sheet] = []
    for path in _files(paths):
        try:
            content = path.read_bytes() if path.stat().st_size <= MAX_BYTES else b""
        except OSError as error:
            raise UnreadableError(
                _("%(file)s cannot be opened: %(reason)s.") % {"file": path.name, "reason": error.strerror}
            ) from error
        sheets.extend(read_content(path.name, content))
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
        if content[:4] == _ZIP:
            _refuse_bomb(name, content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_sheet(name, book, title) for title in book.sheet_names]
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError) as error:
        raise _no_workbook(name) from error


def _refuse_bomb(name: str, content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if not any(_BOOK_PART.fullmatch(part.filename) for part in parts):
            raise _no_workbook(name)
        if unpacked <= MAX_UNPACKED_BYTES:
            _unpack(name, archive, parts)
    if unpacked > MAX_UNPACKED_BYTES:
        raise UnreadableError(_("%(file)s unpacks to more than 300 MB. Please split it.") % {"file": name})


def _unpack(name: str, archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Read every part once in small pieces: a size that lies shows as a wrong checksum (zipfile.BadZipFile).

    Rows are counted on the way, so that too many are refused before any of them is kept in memory.
    """
    for part in parts:
        rows = 0
        with archive.open(part) as packed:
            while piece := packed.read(_PIECE):
                rows += piece.count(b"<row ") if part.filename.startswith("xl/worksheets/") else 0
                _refuse_rows(name, rows)


def _sheet(file: str, book: CalamineWorkbook, title: str) -> Sheet:
    sheet = book.get_sheet_by_name(title)
    # Blank rows on top are kept: a row must have the number that the person sees.
    rows = [[text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    _refuse_rows(file, len(rows))
    merged = [(tuple(a), tuple(b)) for a, b in sheet.merged_cell_ranges or []]
    return Sheet(file, title, rows, merged)


def _csv(name: str, content: bytes) -> Sheet:
    decoded = _decode(name, content)
    first = decoded.lstrip("\n").split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        lines = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter)
        rows = [[_GUARDED.sub(r"\1", cell) for cell in row] for row in lines]
    except csv.Error as error:
        raise UnreadableError(
            _("%(file)s is no readable CSV file: %(reason)s.") % {"file": name, "reason": error}
        ) from error
    _refuse_rows(name, len(rows))
    return Sheet(name, "", rows)


def _decode(name: str, content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = _CSV_ENCODINGS
    for encoding in encodings:
        try:
            decoded = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in decoded:
            return decoded
    raise UnreadableError(
        _("%(file)s is neither a workbook nor a CSV file in UTF-8 or GBK. Please save it as xlsx.") % {"file": name}
    )


def _refuse_rows(name: str, rows: int) -> None:
    if rows > MAX_ROWS:
        raise UnreadableError(_("%(file)s has more than 100,000 rows. Please split it.") % {"file": name})


def text(cell: Any) -> str:
    """A cell as a person sees it: whole numbers without a point, dates as 2026-05-18, yes/no as 是/否."""
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
