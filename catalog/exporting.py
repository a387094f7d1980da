"""The catalogue out: one workbook, or CSV files, that the import reads back without changing anything."""

import csv
import io
import logging
import zipfile
from collections.abc import Iterable
from decimal import Decimal
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from catalog.exporting_tables import TABLES, Cells, Table
from catalog.permissions import may
from core.doors import require
from core.inert import inert

audit = logging.getLogger("huanwei.audit")


def export(user: Any, form: str, kind: str = "") -> io.BytesIO:
    """The catalogue as an open file: `xlsx` (all sheets), `zip` (a CSV per sheet) or `csv` (the sheet `kind`).

    Logged with who and what. Raises PermissionDenied, and KeyError for a kind that does not exist.
    """
    require(may(user, "export_catalogue"))
    out = io.BytesIO()
    if form == "xlsx":
        write_workbook(out, ((table.title, [list(table.headings)], table.rows()) for table in TABLES))
    elif form == "zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for table in TABLES:
                archive.writestr(f"{table.title}.csv", _csv(table))
    else:
        out.write(_csv({table.kind: table for table in TABLES}[kind]))
    audit.info("catalogue exported: user=%s form=%s kind=%s", user.pk, form, kind or "all")
    out.seek(0)
    return out


def write_workbook(out: IO[bytes], sheets: Iterable[tuple[str, list[Cells], Iterable[Cells]]]) -> None:
    """Sheets of (title, rows on top, rows) as xlsx. Text is text: nothing in it is ever taken for a formula."""
    book = Workbook(write_only=True)
    for title, heads, rows in sheets:
        sheet = book.create_sheet(title)
        for part in (heads, rows):
            for row in part:
                sheet.append([_cell(sheet, value) for value in row])
    book.save(out)


def _cell(sheet: Any, value: Any) -> Any:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        return _number(value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell


def _number(value: Any) -> Any:
    """Limits are kept with two decimals; a person reads 3, not 3.00."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value


def _csv(table: Table) -> bytes:
    """UTF-8 with a mark at its start, for which office programs look."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table.headings)
    writer.writerows([_inert(value) for value in row] for row in table.rows())
    return text.getvalue().encode("utf-8-sig")


def _inert(value: Any) -> Any:
    """A text that a table program would run gets an apostrophe before it; the import takes it off again."""
    if not isinstance(value, str):
        return "" if value is None else _number(value)
    return inert(ILLEGAL_CHARACTERS_RE.sub("", value))
