"""One import from files to report, all in one transaction."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.import_models import CatalogImport, ImportJournal
from catalog.importing import mending, reading
from catalog.importing.bundles import load_bundle_items, load_bundles
from catalog.importing.columns import Known
from catalog.importing.context import Context
from catalog.importing.guides import make_packs, next_revisions
from catalog.importing.headers import Table, guess, kind_label, understand_all
from catalog.importing.items import load_items
from catalog.importing.parts import load_documents, load_relations, load_steps
from catalog.importing.people import load_leaders
from catalog.importing.places import load_departments, load_halls, load_windows
from catalog.importing.reading import Sheet, UnreadableError
from catalog.importing.report import IGNORED, SKIPPED, Entry, Report
from catalog.importing.rows import Row
from catalog.importing.saving import STOP, batches
from catalog.models import GuideRevision
from core import clock

# Items whose steps and documents are held together while their guides are written.
_ITEMS = 100
# Bounded by memory: 50,000 items at once took 420 MB, and no hall has as many.
MAX_HELD = 20_000
_PASSING = ("step", "document", "relation")
KeepLeave = Callable[[Context], None]

LOADERS: dict[str, Callable[[Context, list[Row]], None]] = {
    "department": load_departments,
    "hall": load_halls,
    "window": load_windows,
    "item": load_items,
    "step": load_steps,
    "document": load_documents,
    "relation": load_relations,
    "bundle": load_bundles,
    "bundle_item": load_bundle_items,
    "leader": load_leaders,
}
_REFRESH: dict[str, Callable[[Context], None]] = {
    "department": Context.refresh_departments,
    "hall": Context.refresh_halls,
    "window": Context.refresh_windows,
    "item": Context.refresh_items,
}


class _UndoError(Exception):
    """Leaves the transaction without keeping anything; the report is complete."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to import. `keep_leave` is what the app that plans sessions does with leaders' leave."""

    dry_run: bool = False
    on_conflict: str = STOP
    actor: Any = None
    keep_leave: KeepLeave | None = None
    known: Known | None = None
    origin: CatalogImport | None = None


def import_files(paths: Iterable[Path], options: Options) -> Report:
    """Import files or folders. Raises reading.UnreadableError, and then nothing is in."""
    return import_sheets(reading.read(paths), options)


def import_sheets(sheets: list[Sheet], options: Options) -> Report:
    """Import what has been read. Nothing is kept in a dry run or when `stop` met a row that exists."""
    report = Report()
    rows: dict[str, list[Row]] = {name: [] for name in LOADERS}
    for sheet in sheets:
        tables = [] if sheet.hidden else understand_all(sheet, known=options.known)
        if not tables:
            _not_ours(report, sheet)
        for table in tables:
            report.tables.append(table)
            rows[table.kind.name] += _enter(report, table)
    _refuse_too_many(rows)
    try:
        with transaction.atomic():
            _load(report, rows, options)
            if report.stopped or options.dry_run:
                raise _UndoError
            _keep_journal(report, sheets, options)
    except _UndoError:
        if report.stopped:
            _mark_stopped(report)
    return report


def _refuse_too_many(rows: dict[str, list[Row]]) -> None:
    """Rows of these kinds are all held until the end, for others to point to them."""
    for name, found in rows.items():
        if len(found) > MAX_HELD and name not in _PASSING:
            facts = {"file": found[0].table.file, "kind": kind_label(name)}
            raise UnreadableError(_("%(file)s: more than 20,000 rows of “%(kind)s”. Please split it.") % facts)


def _keep_journal(report: Report, sheets: list[Sheet], options: Options) -> None:
    """What was written is kept for an undo, in the same transaction."""
    if report.journal:
        ImportJournal.objects.create(
            catalog_import=options.origin,
            made_by=options.actor,
            made_at=clock.now(),
            files=list(dict.fromkeys(sheet.file for sheet in sheets)),
            changes=report.journal.as_dict(),
        )


def _not_ours(report: Report, sheet: Sheet) -> None:
    if any(cell.strip() for row in sheet.rows for cell in row):
        code = "unknown_table"
        message = _(
            "No heading of departments, halls, windows, items or their parts was found; this table was left out"
        )
        if sheet.hidden:
            code = "hidden_sheet"
            message = _("This sheet is hidden and was left out; show it in the workbook if it is to be imported")
        report.add(Entry(sheet.file, sheet.name, 1, "", status=IGNORED, code=code, messages=[message]))
        report.unread += [] if sheet.hidden else filter(None, [guess(sheet)])


def _enter(report: Report, table: Table) -> list[Row]:
    """The table's rows and what was dropped, entered in the order of the file."""
    kind = table.kind.name
    dropped = {drop.row: drop for drop in table.dropped}
    cells = dict(table.rows)
    if table.unused:
        message = _("Columns that are not used: %(columns)s") % {"columns": "、".join(table.unused)}
        where = Entry(table.file, table.sheet, table.header_row, kind, status=IGNORED, code="columns")
        where.messages.append(message)
        report.add(where)
    rows = []
    for number in sorted(dropped.keys() | cells.keys()):
        entry = report.add(Entry(table.file, table.sheet, number, kind))
        if number in dropped:
            entry.status, entry.code = IGNORED, dropped[number].code
            entry.messages.append(dropped[number].message)
        else:
            rows.append(Row(table, cells[number], entry))
    return rows


def _load(report: Report, rows: dict[str, list[Row]], options: Options) -> None:
    context = Context(report, options.on_conflict)
    for refresh in _REFRESH.values():
        refresh(context)
    before = {} if options.dry_run else mending.standing(name for name, found in rows.items() if found)
    for name, load in LOADERS.items():
        if rows[name]:
            load(context, rows[name])
            if name in _REFRESH:
                _REFRESH[name](context)
    touched = [item for item in context.items.values() if item.pk in context.touched_items]
    revisions: dict[int, GuideRevision] = {}
    for some in batches(touched, _ITEMS):
        report.journal.created(make_packs(some))
        made = next_revisions(some, options.actor, _("Imported"))
        report.journal.created(made)
        revisions |= {revision.item_id: revision for revision in made if revision.item_id in before}
    if not report.stopped:
        mending.note(before, revisions, report.journal)
    if options.keep_leave and context.leave:
        options.keep_leave(context)


def _mark_stopped(report: Report) -> None:
    """After a stop nothing is in: rows that were good say so."""
    for entry in report.entries:
        if entry.status in ("created", "updated"):
            entry.status, entry.code = SKIPPED, "stopped"
