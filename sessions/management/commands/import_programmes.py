"""`manage.py import_programmes PATH… --as USERNAME`: programmes with their quotas."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from catalog.importing.reading import UnreadableError
from catalog.importing.report import CREATED
from sessions.importing_programmes import import_programmes


class Command(BaseCommand):
    help = "Bring in programmes (xlsx, xls, csv). Those whose code exists are skipped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path)
        parser.add_argument("--as", dest="actor", required=True, help="user name of a reform officer or administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = User.objects.filter(username=options["actor"]).first()
        if actor is None:
            raise CommandError(f"There is no user called {options['actor']}.")
        try:
            report = import_programmes(options["paths"], actor=actor)
        except UnreadableError as error:
            raise CommandError(str(error), returncode=2) from error
        for entry in report.entries:
            for message in entry.messages:
                self.stderr.write(f"{entry.where} {entry.row}: {message}")
        self.stdout.write(f"programmes: {report.count(CREATED)} created")
        if report.exit_code:
            raise SystemExit(report.exit_code)
