"""`manage.py restore DIR`: puts a backup back on a machine whose database holds nobody."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import backups
from reports.restoring import begin_quietly


class Command(BaseCommand):
    help = "Put a backup back into an empty database, bring it up to date, sign everybody out, and send nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dir", type=Path, help="the folder of one backup, with its manifest.json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = backups.verify(options["dir"])
            if not backups.is_empty():
                raise CommandError("This database holds accounts. Stop the site and move the database away first.")
            backups.put_back(options["dir"], manifest)
        except (backups.BackupError, OSError) as error:
            raise CommandError(f"Nothing was restored: {error}") from error
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        withheld = begin_quietly()
        files = len(manifest["sha256"])
        self.stdout.write(f"Restored the backup of {manifest['made_at']}: {files} files, {withheld} messages withheld.")
