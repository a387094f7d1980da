"""What a workbook (xlsx) says that its cells' values do not: how large its sheets are, and which formulas failed.

The engine that reads values keeps a whole rectangle in memory and shows a failed formula as a blank cell. So every
sheet is looked through first, in pieces, without keeping anything but what is needed.
"""

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from django.utils.translation import gettext as _

from catalog.importing.cleaning import BROKEN, UNCOMPUTED

_PIECE = 1024 * 1024
_PREFIX = re.compile(rb"<(\w+:)?worksheet\b")
_ATTRIBUTE = re.compile(r'([\w:]+)\s*=\s*"([^"]*)"')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ROW_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_ERROR = re.compile(rb'\bt="e"')
# Rows and cells of text that are kept at once; each bounds a different way to fill the memory.
MAX_CELLS = 1_500_000
MAX_TEXT = 60 * 1024 * 1024
MAX_STRINGS = 1_500_000
_CELL_MARKUP = 40
# An old workbook counts cells that are only painted too, so its bound is wider.
_MAX_OLD_CELLS = 4_000_000
_DIMENSIONS = re.compile(rb"\x00\x02\x0e\x00(.{14})", re.DOTALL)
MAX_ROWS = 100_000


class TooLargeError(Exception):
    """More than can be read within the memory that one import may take; the message names the way out."""


@dataclass(slots=True)
class Shape:
    """One sheet: its filled rectangle, its number of filled cells, and markers for cells without a value."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    merged: int = 0
    last: str = ""
    marks: dict[tuple[int, int], str] = field(default_factory=dict)


def shapes(file: str, archive: zipfile.ZipFile) -> dict[str, Shape]:
    """Sheet name → shape. Raises TooLargeError, and zipfile.BadZipFile when a part's size is a lie."""
    found = {}
    names = _sheet_parts(archive)
    for part in archive.infolist():
        with archive.open(part) as stream:
            pieces = iter(lambda stream=stream: stream.read(_PIECE), b"")  # type: ignore[misc]
            if part.filename.lower().startswith("xl/worksheets/") and part.filename.lower().endswith(".xml"):
                found[names.get(part.filename.lower(), part.filename)] = _scan(file, pieces)
            elif part.filename.lower().startswith("xl/sharedstrings"):
                _count_strings(file, pieces)
            else:
                # Reading all of it is what checks size and checksum.
                for _piece in pieces:
                    pass
    if sum(shape.rows * shape.columns for shape in found.values()) > MAX_CELLS:
        raise too_large(file)
    return found


def check_old_workbook(file: str, content: bytes) -> None:
    """Refuse an .xls whose sheets say that they reach too far (BIFF8 record DIMENSIONS). Raises TooLargeError."""
    area = 0
    for record in _DIMENSIONS.finditer(content):
        first_row, rows, first_column, columns, reserved = struct.unpack("<IIHHH", record.group(1))
        if first_row <= rows <= 65_536 and first_column <= columns <= 256 and not reserved:
            area += rows * columns
    if area > _MAX_OLD_CELLS:
        raise too_large(file)


def too_large(file: str) -> TooLargeError:
    return TooLargeError(_("%(file)s holds more than can be read at once. Please split it.") % {"file": file})


def too_many_rows(file: str) -> TooLargeError:
    return TooLargeError(_("%(file)s has more than 100,000 rows. Please split it.") % {"file": file})


def _count_strings(file: str, pieces: Iterator[bytes]) -> None:
    size = strings = 0
    for piece in pieces:
        size, strings = size + len(piece), strings + piece.count(b"<si")
        if size - strings * _CELL_MARKUP > MAX_TEXT or strings > MAX_STRINGS:
            raise too_large(file)


def _scan(file: str, pieces: Iterator[bytes]) -> Shape:
    """Walk through the cells; a piece is cut where a cell begins, so that none is seen in halves."""
    shape, rest, size, scanner = Shape(), b"", 0, None
    row = column = 0
    for piece in pieces:
        rest, size = rest + piece, size + len(piece)
        if scanner is None:
            scanner = _scanner(rest)
        cut = max(rest.rfind(scanner.cell), rest.rfind(scanner.row))
        if cut <= 0 and len(rest) < 8 * _PIECE:
            continue
        row, column = scanner.walk(shape, rest[:cut] if cut > 0 else rest, row, column)
        rest = rest[cut:] if cut > 0 else b""
        _check(file, shape, size)
    if scanner is not None:
        scanner.walk(shape, rest, row, column)
    _check(file, shape, size)
    return shape


def _check(file: str, shape: Shape, size: int) -> None:
    area = shape.rows * shape.columns
    if size - shape.cells * _CELL_MARKUP * 2 > MAX_TEXT * 2 or shape.merged > MAX_CELLS:
        raise too_large(file)
    if area > MAX_CELLS or shape.rows > MAX_ROWS:
        if shape.cells * 10 < area:
            text = _(
                "%(file)s has a filled cell far outside the table (%(cell)s). Please delete it and send the file again."
            )
            raise TooLargeError(text % {"file": file, "cell": shape.last})
        raise too_many_rows(file) if shape.rows > MAX_ROWS else too_large(file)


@dataclass(frozen=True, slots=True)
class _Scanner:
    """The patterns for one way of writing tags: with or without a namespace in front."""

    row: bytes
    cell: bytes
    tokens: re.Pattern[bytes]

    def walk(self, shape: Shape, text: bytes, row: int, column: int) -> tuple[int, int]:
        """Enter all cells of `text` into `shape`; `row` and `column` are where the last one stood."""
        shape.merged += text.count(b"mergeCell ")
        for token in self.tokens.finditer(text):
            if token.group("row") is not None:
                number = _ROW_NUMBER.search(token.group("row"))
                row, column = int(number.group(1)) if number else row + 1, 0
                continue
            attributes = token.group("cell")
            place = _PLACE.search(attributes)
            column = _number(place.group(1)) if place else column + 1
            row = int(place.group(2)) if place else row
            if token.group("closed") is None:
                self._enter(shape, token, row, column)
        return row, column

    def _enter(self, shape: Shape, token: re.Match[bytes], row: int, column: int) -> None:
        value, formula = token.group("value"), token.group("formula")
        if value is None and token.group("inline") is None and formula is None:
            return
        shape.cells += 1
        if row > shape.rows or column > shape.columns:
            shape.last = f"{_letters(column)}{row}"
            shape.rows, shape.columns = max(shape.rows, row), max(shape.columns, column)
        if value and _ERROR.search(token.group("cell")):
            shape.marks[row, column] = BROKEN + value.decode("utf-8", "replace")
        elif formula is not None and not value and token.group("inline") is None:
            shape.marks[row, column] = f"{UNCOMPUTED}={unescape(formula.decode('utf-8', 'replace'))}"


def _scanner(start: bytes) -> _Scanner:
    found = _PREFIX.search(start)
    prefix = (found.group(1) or b"") if found else b""
    p = re.escape(prefix)
    cell = rb"<" + p + rb"c(?P<cell>(?:\s[^>]*?)?)(?:(?P<closed>/>)|>"
    formula = rb"\s*(?:<" + p + rb"f\b[^>]*?(?:/>|>(?P<formula>[^<]*)</" + p + rb"f>))?"
    value = rb"\s*(?:<" + p + rb"v\b[^>]*?(?:/>|>(?P<value>[^<]*))|(?P<inline><" + p + rb"is\b))?)"
    row = rb"<" + p + rb"row(?P<row>(?:\s[^>]*)?)>"
    return _Scanner(b"<" + prefix + b"row", b"<" + prefix + b"c ", re.compile(row + rb"|" + cell + formula + value))


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Part (in small letters) → sheet name, as workbook and relations say it."""
    parts = {part.filename.lower(): part for part in archive.infolist()}
    texts = []
    for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        part = parts.get(name)
        texts.append(archive.read(part).decode("utf-8", "replace") if part and part.file_size < _PIECE * 8 else "")
    targets = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", texts[1]):
        words = dict(_ATTRIBUTE.findall(tag))
        target = words.get("Target", "").lower()
        targets[words.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    found = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", texts[0]):
        words = {name.rpartition(":")[2]: value for name, value in _ATTRIBUTE.findall(tag)}
        found[targets.get(words.get("id", ""), "")] = unescape(words.get("name", ""))
    return found
