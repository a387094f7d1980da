"""`manage.py import_catalog`: a hall's workbook or CSV files in (DESIGN section 10).

Lives here, above the catalogue, because leaders' leave belongs to the planning of sessions.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import IntegrityError, OperationalError
from django.utils.translation import gettext as _

from catalog.import_meanings import remembered
from catalog.importing import report as status
from catalog.importing.headers import kind_label
from catalog.importing.reading import UnreadableError
from catalog.importing.report import Report
from catalog.importing.run import LOADERS, Options, import_files
from catalog.importing.saving import ON_CONFLICT, STOP
from sessions.importing_leave import keep_leave

SHOWN = 50


class Command(BaseCommand):
    help = "Imports departments, halls, windows, items, steps, documents, relations, bundles and leaders from tables."
    requires_migrations_checks = True
    # Checks load every page with all that it needs, a third of the memory that an import may take.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="xlsx, xls, et, csv files or folders")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, keep nothing")
        parser.add_argument(
            "--on-conflict", choices=ON_CONFLICT, default=STOP, help="what to do with rows that exist with other values"
        )
        parser.add_argument("--report", type=Path, metavar="FILE.json", help="write what became of every row")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when nothing was rejected, 1 when good rows are in and others rejected, 2 when nothing is in."""
        known = remembered()
        rule = options["on_conflict"]
        chosen = Options(dry_run=options["dry_run"], on_conflict=rule, keep_leave=keep_leave, known=known)
        try:
            report = import_files(options["paths"], chosen)
        except UnreadableError as error:
            self.stderr.write(str(error))
            raise SystemExit(2) from error
        except (OperationalError, IntegrityError) as error:
            text = _("Something else was writing at the same time; nothing was kept. Please try again. (%(error)s)")
            self.stderr.write(text % {"error": error})
            raise SystemExit(2) from error
        if options["report"]:
            with options["report"].open("w", encoding="utf-8") as out:
                out.writelines(report.as_json())
        self._print(report, dry_run=options["dry_run"])
        if report.exit_code:
            raise SystemExit(report.exit_code)

    def _print(self, report: Report, *, dry_run: bool) -> None:
        counts = report.counts()
        for kind in LOADERS:
            told = "，".join(
                f"{label} {counts[kind, name]}" for name, label in _status_labels().items() if counts[kind, name]
            )
            if told:
                self.stdout.write(f"{kind_label(kind)}: {told}")
        rejected = [entry for entry in report.entries if entry.status == status.REJECTED]
        for entry in rejected[:SHOWN]:
            place = _("%(place)s, row %(row)d") % {"place": entry.where, "row": entry.row}
            self.stderr.write(f"{place}: {'; '.join(entry.messages)}")
        if len(rejected) > SHOWN:
            self.stderr.write(_("… and %(count)d more; see --report") % {"count": len(rejected) - SHOWN})
        if not report.tables:
            self.stderr.write(_("No table of the catalogue was found in these files."))
        elif report.stopped:
            self.stderr.write(_("Nothing was kept: rows exist with other values. Choose --on-conflict skip or update."))
        elif dry_run:
            self.stdout.write(_("Dry run: nothing was kept."))


def _status_labels() -> dict[str, str]:
    return {
        status.CREATED: _("new"),
        status.UPDATED: _("changed"),
        status.UNCHANGED: _("unchanged"),
        status.SKIPPED: _("skipped"),
        status.REJECTED: _("rejected"),
        status.IGNORED: _("ignored"),
    }
