"""One import from files to report, all in one transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from catalog.importing import reading
from catalog.importing.bundles import load_bundle_items, load_bundles
from catalog.importing.context import Context
from catalog.importing.headers import Known, Table, understand_all
from catalog.importing.items import load_items
from catalog.importing.parts import load_documents, load_relations, load_steps
from catalog.importing.people import load_leaders
from catalog.importing.places import load_departments, load_halls, load_windows
from catalog.importing.reading import Sheet
from catalog.importing.report import IGNORED, SKIPPED, Entry, Report
from catalog.importing.rows import Row
from catalog.importing.saving import STOP, batches
from catalog.models import GuideRevision, ProcedureStep, RequiredDocument, ServiceItem, SimulationPack
from catalog.pack_services import pack_documents, pack_title
from catalog.snapshots import build_snapshot, bundles_of, packs_of, relations_of
from core import clock

_BATCH = 500
# Items whose steps and documents are held together while their guides are written.
_ITEMS = 100
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
    try:
        with transaction.atomic():
            _load(report, rows, options)
            if report.stopped or options.dry_run:
                raise _UndoError
    except _UndoError:
        if report.stopped:
            _mark_stopped(report)
    return report


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
    for name, load in LOADERS.items():
        if rows[name]:
            load(context, rows[name])
            if name in _REFRESH:
                _REFRESH[name](context)
    touched = [item for item in context.items.values() if item.pk in context.touched_items]
    for some in batches(touched, _ITEMS):
        _make_packs(some)
        _make_revisions(some, options.actor)
    if options.keep_leave and context.leave:
        options.keep_leave(context)


def _by_item(model: Any, items: Sequence[ServiceItem], *related: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {item.pk: [] for item in items}
    for part in model.objects.filter(item_id__in=found).select_related(*related).order_by("number"):
        found[part.item_id].append(part)
    return found


def _make_packs(items: Sequence[ServiceItem]) -> None:
    """Items that say so get simulation pack 1 from their documents."""
    with_pack = set(SimulationPack.objects.filter(item__in=items).values_list("item_id", flat=True))
    lacking = [item for item in items if item.has_simulation_pack and item.pk not in with_pack]
    documents = _by_item(RequiredDocument, lacking)
    packs = [
        SimulationPack(item=item, version=1, title=pack_title(item)[:200], documents=pack_documents(documents[item.pk]))
        for item in lacking
    ]
    if packs:
        bulk_create_with_history(packs, SimulationPack, batch_size=_BATCH)


def _make_revisions(items: Sequence[ServiceItem], actor: Any) -> None:
    """Every touched item gets its next guide revision; its version counts on, so that an open form turns stale."""
    last = dict(GuideRevision.objects.filter(item__in=items).order_by("number").values_list("item_id", "number"))
    steps = _by_item(ProcedureStep, items, "window")
    documents = _by_item(RequiredDocument, items, "source_department")
    keys = [item.pk for item in items]
    relations, bundles, packs = relations_of(keys), bundles_of(keys), packs_of(keys)
    revisions = [
        GuideRevision(
            item=item,
            number=last.get(item.pk, 0) + 1,
            created_at=clock.now(),
            created_by=actor,
            reason=_("Imported"),
            snapshot=build_snapshot(
                item, steps[item.pk], documents[item.pk], relations[item.pk], bundles[item.pk], packs.get(item.pk)
            ),
        )
        for item in items
    ]
    GuideRevision.objects.bulk_create(revisions, batch_size=_BATCH)
    again = [item for item in items if item.pk in last]
    for item in again:
        item.version += 1
    if again:
        bulk_update_with_history(again, ServiceItem, ["version"], batch_size=_BATCH)


def _mark_stopped(report: Report) -> None:
    """After a stop nothing is in: rows that were good say so."""
    for entry in report.entries:
        if entry.status in ("created", "updated"):
            entry.status, entry.code = SKIPPED, "stopped"
