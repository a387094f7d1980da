"""`manage.py import_leaders PATH…`: leaders with their postings, and when they cannot come."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.importing.reading import UnreadableError
from catalog.importing.run import Options, import_files
from catalog.importing.saving import SKIP
from sessions.importing_leave import keep_leave


class Command(BaseCommand):
    help = "Bring in leaders with their leave (xlsx, xls, csv). Leaders that exist stay as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path)
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = Options(dry_run=options["dry_run"], on_conflict=SKIP, keep_leave=keep_leave)
        try:
            report = import_files(options["paths"], chosen)
        except UnreadableError as error:
            raise CommandError(str(error), returncode=2) from error
        for entry in report.entries:
            for message in entry.messages:
                self.stderr.write(f"{entry.where} {entry.row}: {message}")
        self.stdout.write(f"leaders: {sum(1 for entry in report.entries if entry.kind == 'leader')} rows read")
        if report.exit_code:
            raise SystemExit(report.exit_code)
