"""What an import's pages and downloads say: counts, headings taken, rows, the same tables with remarks."""

import io
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from catalog.choices import RowStatus
from catalog.exporting import write_workbook
from catalog.import_models import CatalogImport
from catalog.importing import headers, reading, standard
from catalog.importing.kinds import KINDS
from catalog.importing.reading import Sheet

_MORE_HEADINGS = {"hall": "大厅名称", "note": "备注"}
_NO_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\"))
_TITLE = 28


def counts(row: CatalogImport) -> dict[str, int]:
    """Rows by what became of them."""
    return dict(row.rows.order_by().values_list("status").annotate(n=Count("pk")))


def tabs(row: CatalogImport, numbers: dict[str, int]) -> list[tuple[str, Any, int]]:
    """What the rows may be filtered by, the gravest first: value, word and how many."""
    label = {value: RowStatus(value).label for value in RowStatus.values}
    sizes = row.rows.sizes()
    kinds = [
        ("notable", _("To look at"), sizes["notable"]),
        (RowStatus.REJECTED.value, label[RowStatus.REJECTED], numbers.get(RowStatus.REJECTED, 0)),
        ("warned", _("with a doubt"), sizes["warned"]),
        *((value, label[value], numbers.get(value, 0)) for value in RowStatus.values if value != RowStatus.REJECTED),
    ]
    return [kind for kind in kinds if kind[2] or kind[0] == "notable"] + [("all", _("All"), sum(numbers.values()))]


def chosen_rows(row: CatalogImport, chosen: str) -> Any:
    """The rows of one tab."""
    if chosen == "notable":
        return row.rows.notable()
    if chosen == "warned":
        return row.rows.warned()
    return row.rows.all() if chosen == "all" else row.rows.filter(status=chosen)


def states(numbers: dict[str, int]) -> list[str]:
    """The states that any row ended in, in their fixed order: the columns of the table of counts."""
    return [value for value in RowStatus.values if numbers.get(value)]


def counts_by_kind(row: CatalogImport, shown: list[str]) -> list[dict[str, Any]]:
    """A line a kind of table, in the order of their import: its name and how many rows ended how."""
    found: dict[str, dict[str, int]] = {}
    for kind, status, number in row.rows.order_by().values_list("kind", "status").annotate(n=Count("pk")):
        found.setdefault(kind, {})[status] = number
    names = [kind.name for kind in KINDS] + [""]
    numbers = {name: [found[name].get(status, 0) for status in shown] for name in found}
    return [
        {"name": headers.kind_label(name) or _("Not recognised"), "numbers": numbers[name]}
        for name in names
        if name in found
    ]


def kind_choices() -> list[tuple[str, str]]:
    """What a table may be said to hold; "" leaves it out."""
    return [*((kind.name, headers.kind_label(kind.name)) for kind in KINDS), ("", _("Leave this table out"))]


def field_choices(kind: str) -> list[tuple[str, str]]:
    """What a heading of such a table may be said to mean; "" leaves the column out."""
    names = {**_MORE_HEADINGS, **standard.headings().get(kind, {})}
    fields = next((known.columns for known in KINDS if known.name == kind), {})
    return [("", _("Leave this column out")), *((field, names.get(field, field)) for field in fields)]


def tables(row: CatalogImport) -> list[dict[str, Any]]:
    """Each sheet as it was understood: what it holds, which heading was taken for which, and which for nothing."""
    return [{**table, "number": number, **_understood(table)} for number, table in enumerate(row.tables)]


def _understood(table: dict[str, Any]) -> dict[str, Any]:
    names = dict(field_choices(table["kind"]))
    taken = {column: field for field, column in table["columns"].items()}
    heads = [(column, heading) for column, heading in enumerate(table["heads"]) if heading]
    pairs = [(heading, names[taken[column]] if column in taken else "") for column, heading in heads]
    unused = sum(1 for column, _heading in heads if column not in taken)
    return {"label": headers.kind_label(table["kind"]), "pairs": pairs, "unused": unused}


def remarks(row: CatalogImport) -> io.BytesIO | None:
    """The same tables with one more column, what became of each row; None once the files are gone."""
    found = {
        (file, sheet, number): _remark(status, messages)
        for file, sheet, number, status, messages in row.rows.values_list("file", "sheet", "row", "status", "messages")
    }
    heads = {(table["file"], table["sheet"]): table["header_row"] for table in row.tables}
    sheets: list[tuple[str, list[Any], list[Any]]] = []
    for kept in row.files.all():
        with kept.stored.open("rb") as stored:
            for sheet in reading.read_content(kept.name, stored.read()):
                headers.unmerge(sheet)
                head = heads.get((sheet.file, sheet.name), 0)
                sheets.append((_title(sheet, len(sheets)), [], _with_remarks(sheet, head, found)))
    if not sheets:
        return None
    out = io.BytesIO()
    write_workbook(out, sheets)
    out.seek(0)
    return out


def _remark(status: str, messages: list[str]) -> str:
    label = str(RowStatus(status).label)
    return f"{label}：{'；'.join(messages)}" if messages else label


def _with_remarks(sheet: Sheet, head: int, found: dict[tuple[str, str, int], str]) -> list[list[str]]:
    width = max((len(cells) for cells in sheet.rows), default=0)
    rows = []
    for number, cells in enumerate(sheet.rows, 1):
        remark = headers.REMARKS if number == head else found.get((sheet.file, sheet.name, number), "")
        rows.append([*cells, *[""] * (width - len(cells)), remark])
    return rows


def _title(sheet: Sheet, number: int) -> str:
    """A sheet's name that every program takes and that stands only once."""
    words = (sheet.name or sheet.file.rsplit(".", 1)[0]).translate(_NO_TITLE)[:_TITLE]
    return f"{words}{number + 1}" if number else words or "1"
