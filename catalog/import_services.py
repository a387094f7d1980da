"""An import in the browser: upload → check in the worker → decision → in, all of it or nothing."""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_tasks import default_task_backend, task

from accounts.models import User
from catalog import import_meanings, import_undo
from catalog.choices import ImportStatus, OnConflict
from catalog.import_models import AT_WORK, KEPT_FOR, OPEN, CatalogImport, ImportFile, ImportJournal, ImportRow
from catalog.importing import reading
from catalog.importing.reading import Sheet, UnreadableError
from catalog.importing.report import Report
from catalog.importing.run import Options, import_sheets
from catalog.permissions import may
from core import clock
from core.doors import WrongState, lock, require

audit = logging.getLogger("huanwei.audit")
_BATCH = 1000
_GIVEN_UP_AFTER = timedelta(hours=1)
Upload = tuple[str, bytes]


def start_import(actor: Any, uploads: Sequence[Upload], language: str) -> CatalogImport:
    """Keep the files for a day and have the worker check them.

    Raises UnreadableError for a file that cannot be a table, and WrongState when the same files are being imported.
    """
    require(may(actor, "import_catalogue"))
    for name, content in uploads:
        reading.probe(name, content)
    sweep()
    digest = hashlib.sha256(b"".join(sorted(hashlib.sha256(content).digest() for _name, content in uploads)))
    now = clock.now()
    facts = {"created_by": actor, "created_at": now, "updated_at": now, "language": language, "total": len(uploads)}
    try:
        with ExitStack() as undo, transaction.atomic():
            row = CatalogImport.objects.create(digest=digest.hexdigest(), **facts)
            _keep_files(row, uploads, undo)
            check_import.enqueue(row.pk)
            _forget_later(row)
            undo.pop_all()
    except IntegrityError as error:
        raise _already(digest.hexdigest()) from error
    audit.info("catalogue import started: user=%s import=%s", actor.pk, row.pk)
    return row


def _keep_files(row: CatalogImport, uploads: Sequence[Upload], undo: ExitStack) -> None:
    """Store the files under random names; `undo` takes them away again when the row is not kept."""
    for number, (name, content) in enumerate(uploads, 1):
        kept = ImportFile(catalog_import=row, number=number, name=name[-200:])
        kept.stored.save(name, ContentFile(content), save=False)
        undo.callback(default_storage.delete, str(kept.stored.name))
        kept.save()


def _already(digest: str) -> WrongState:
    other = CatalogImport.objects.filter(digest=digest, status__in=OPEN).select_related("created_by").first()
    who = other.created_by.display_name if other else ""
    back = reverse("catalog:import_preview", args=[other.pk]) if other else ""
    text = _("%(person)s is importing the same files already. Look at that import instead.")
    return WrongState(text % {"person": who}, back_url=back)


def _forget_later(row: CatalogImport) -> None:
    if default_task_backend.supports_defer:
        forget_files.using(run_after=clock.now() + KEPT_FOR).enqueue(row.pk)


@task()  # type: ignore[untyped-decorator]
def check_import(pk: int) -> None:
    """A dry run: what would become of every row, with old and new value of each that exists."""
    row = CatalogImport.objects.get(pk=pk)
    if row.status == ImportStatus.CHECKING:
        known = import_meanings.remembered()
        CatalogImport.objects.filter(pk=pk).update(meanings=import_meanings.as_json(known))
        _run(row, Options(dry_run=True, on_conflict=OnConflict.UPDATE.value, keep_leave=_keep_leave(), known=known))


@task()  # type: ignore[untyped-decorator]
def apply_import(pk: int) -> None:
    """The import itself by the rule that was decided; rows, report and state in one transaction."""
    row = CatalogImport.objects.select_related("created_by").get(pk=pk)
    if row.status == ImportStatus.APPLYING:
        known = import_meanings.from_json(row.meanings)
        options = Options(on_conflict=row.on_conflict, actor=row.created_by, keep_leave=_keep_leave(), known=known)
        _run(row, replace(options, origin=row))


@task()  # type: ignore[untyped-decorator]
def undo_import(pk: int, actor_pk: int) -> None:
    """Take an import back; when something was built on it meanwhile, it stays and says why."""
    journal = ImportJournal.objects.select_related("catalog_import").get(catalog_import=pk)
    row = journal.catalog_import
    with translation.override(row.language if row else None):
        try:
            import_undo.undo(journal, User.objects.get(pk=actor_pk))
        except (WrongState, DatabaseError) as error:
            audit.info("catalogue import not taken back: import=%s", pk)
            reason = str(error) if isinstance(error, WrongState) else _("The work was broken off; nothing was changed.")
            back = {"status": ImportStatus.DONE, "undo_refusal": reason, "updated_at": clock.now()}
            CatalogImport.objects.filter(pk=pk, status=ImportStatus.UNDOING).update(**back)


def _keep_leave() -> Any:
    return import_string(settings.CATALOG_KEEP_LEAVE)


def _run(row: CatalogImport, options: Options) -> None:
    with translation.override(row.language):
        try:
            sheets = list(_read(row))
            # A dry run needs no more than the engine's own transaction; others may write while tables are understood.
            with nullcontext() if options.dry_run else transaction.atomic():
                report = import_sheets(sheets, options)
                _finish(row, report, dry_run=options.dry_run)
        except UnreadableError as error:
            _refuse(row, str(error))
        except (DatabaseError, OSError):
            audit.exception("catalogue import broke off: import=%s", row.pk)
            _refuse(row, _("The work was broken off and nothing was taken in. Please import the files again."))


def _read(row: CatalogImport) -> Iterator[Sheet]:
    tally = reading.Tally()
    for kept in row.files.all():
        with kept.stored.open("rb") as stored:
            content = stored.read()
        yield from tally.add(reading.read_content(kept.name, content))
        CatalogImport.objects.filter(pk=row.pk).update(done=kept.number, updated_at=clock.now())


def _as_json(report: Report) -> list[dict[str, Any]]:
    """How the sheets were understood, those that were not at all included, as pages show it."""
    tables = [
        {"file": t.file, "sheet": t.sheet, "kind": t.kind.name, "header_row": t.header_row, "rows": len(t.rows)}
        | {"heads": t.heads, "columns": t.columns}
        for t in report.tables
    ]
    unread = [
        {"file": u.file, "sheet": u.sheet, "kind": "", "header_row": u.header_row, "rows": 0}
        | {"heads": u.heads, "columns": {}}
        for u in report.unread
    ]
    return [*tables, *unread]


@transaction.atomic
def _finish(row: CatalogImport, report: Report, *, dry_run: bool) -> None:
    """Write what became of the rows; an import that was given up meanwhile stays given up."""
    fresh = lock(row)
    if fresh.status not in AT_WORK:
        return
    fresh.rows.all().delete()
    made = (ImportRow(catalog_import=fresh, number=n, **entry.as_dict()) for n, entry in enumerate(report.entries, 1))
    while batch := list(islice(made, _BATCH)):
        ImportRow.objects.bulk_create(batch)
    fresh.tables = _as_json(report)
    after = ImportStatus.STOPPED if report.stopped else ImportStatus.DONE
    fresh.status = ImportStatus.READY if dry_run else after
    fresh.updated_at = clock.now()
    fresh.save()
    audit.info("catalogue import %s: import=%s rows=%s", fresh.status, fresh.pk, len(report.entries))


def _refuse(row: CatalogImport, reason: str) -> None:
    with transaction.atomic():
        fresh = lock(row)
        if fresh.status == ImportStatus.UNDOING:
            fresh.status, fresh.undo_refusal = ImportStatus.DONE, _("The work was broken off; nothing was changed.")
        elif fresh.status in AT_WORK:
            fresh.status, fresh.refusal = ImportStatus.REFUSED, reason
        fresh.updated_at = clock.now()
        fresh.save()


def decide_import(row: CatalogImport, actor: Any, on_conflict: str) -> CatalogImport:
    """Take it in by this rule for rows that exist. Raises WrongState when it is decided or another is on its way in."""
    require(may(actor, "import_catalogue"))
    try:
        with transaction.atomic():
            fresh = lock(row)
            if fresh.status != ImportStatus.READY:
                raise WrongState(_("This import is decided already."), back_url=_page(fresh))
            fresh.status, fresh.on_conflict, fresh.updated_at = ImportStatus.APPLYING, on_conflict, clock.now()
            fresh.began_at, fresh.done = clock.now(), 0
            fresh.save()
            apply_import.enqueue(fresh.pk)
    except IntegrityError as error:
        text = _("Another import is being taken in. Please decide again when it is done.")
        raise WrongState(text, back_url=_page(row)) from error
    audit.info("catalogue import decided: user=%s import=%s rule=%s", actor.pk, row.pk, on_conflict)
    return fresh


@transaction.atomic
def correct_import(row: CatalogImport, actor: Any, number: int, kind: str, fields: Sequence[str | None]) -> None:
    """Remember what a table and its headings mean and check again by it. Raises WrongState once it is decided."""
    import_meanings.correct(row, actor, row.tables[number], kind, fields)
    check_import.enqueue(row.pk)
    audit.info("catalogue import corrected: user=%s import=%s table=%s kind=%s", actor.pk, row.pk, number, kind or "-")


@transaction.atomic
def start_undo(row: CatalogImport, actor: Any) -> None:
    """Have the worker take an import back. Raises WrongState with the reason when it cannot be."""
    import_undo.ask_undo(row, actor)
    undo_import.enqueue(row.pk, actor.pk)


def _page(row: CatalogImport) -> str:
    return reverse("catalog:import_preview", args=[row.pk])


@transaction.atomic
def discard_import(row: CatalogImport, actor: Any) -> CatalogImport:
    """Give it up before anything is in; the files go at once. Raises WrongState once it is being taken in."""
    require(may(actor, "import_catalogue"))
    fresh = lock(row)
    if fresh.status not in (ImportStatus.CHECKING, ImportStatus.READY):
        raise WrongState(_("This import is decided already."), back_url=_page(fresh))
    fresh.status, fresh.updated_at = ImportStatus.DISCARDED, clock.now()
    fresh.save()
    drop_files(fresh)
    audit.info("catalogue import given up: user=%s import=%s", actor.pk, fresh.pk)
    return fresh


def drop_files(row: CatalogImport) -> None:
    """Delete the uploaded files; what became of their rows stays."""
    for kept in row.files.all():
        name = kept.stored.name
        kept.delete()
        transaction.on_commit(lambda name=name: default_storage.delete(name))  # type: ignore[misc]


@task()  # type: ignore[untyped-decorator]
def forget_files(pk: int) -> None:
    """A day after the upload: the files go, and an import that nobody has decided is given up."""
    row = CatalogImport.objects.filter(pk=pk).first()
    if row is not None:
        _expire(row)


def sweep() -> None:
    """What the worker could not do because it was not running: files older than a day, work that broke off."""
    now = clock.now()
    for row in CatalogImport.objects.filter(created_at__lt=now - KEPT_FOR, files__isnull=False).distinct():
        _expire(row)
    for row in CatalogImport.objects.filter(status__in=AT_WORK, updated_at__lt=now - _GIVEN_UP_AFTER):
        _refuse(row, _("The work was broken off and nothing was taken in. Please import the files again."))


@transaction.atomic
def _expire(row: CatalogImport) -> None:
    fresh = lock(row)
    if fresh.status == ImportStatus.APPLYING:
        return
    if fresh.status in OPEN:
        fresh.status, fresh.updated_at = ImportStatus.DISCARDED, clock.now()
        fresh.save()
    drop_files(fresh)
