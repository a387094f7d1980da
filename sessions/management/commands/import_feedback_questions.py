"""`manage.py import_feedback_questions PATH`: the questions of the feedback form out of a CSV file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sessions.importing_feedback import ImportRefused, import_questions


class Command(BaseCommand):
    help = "Import the questions of the feedback form (CSV). Changed questions become the next template version."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome = import_questions(options["path"])
        except (ImportRefused, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        word = "stored as" if outcome.created else "unchanged in"
        self.stdout.write(f"{outcome.questions} questions {word} version {outcome.template.version}")
