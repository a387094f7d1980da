"""`manage.py demo --issues N [--seed S]`: synthetic history at scale, for measurements on a loaded demo."""

from time import monotonic
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from reports.demo.scale import AT_ONCE, fill


class Command(BaseCommand):
    help = "Add synthetic issues with their histories to a loaded demo; refuses a database in which real people work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--issues", type=int, required=True, help="how many")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same rows on the same day")

    def handle(self, *args: Any, **options: Any) -> None:
        count, began = options["issues"], monotonic()
        if count < 1:
            raise CommandError("Ask for one issue at least.")

        def say(done: int) -> None:
            if done == count or done % (10 * AT_ONCE) == 0:
                self.stdout.write(f"  {done:,} of {count:,} issues, {done / (monotonic() - began):,.0f} a second")

        try:
            with translation.override(settings.LANGUAGE_CODE):
                fill(count, options["seed"], say)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        self.stdout.write(f"{count:,} synthetic issues are in the register.")
