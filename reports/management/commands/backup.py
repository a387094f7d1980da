"""`manage.py backup DIR`: database and pictures of one moment, with checksums, while the site runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import backups


class Command(BaseCommand):
    help = "Write a backup of the database and the pictures into a new folder below DIR. The site may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dir", type=Path, help="where backups are kept: another disk, and an encrypted one")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            folder = backups.write(options["dir"])
        except (backups.BackupError, OSError) as error:
            raise CommandError(f"No backup was made: {error}") from error
        self.stdout.write(f"{folder}")
