"""`manage.py load_demo [--as-of DATE]`: the demo district, into an empty database only."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from reports.demo.load import load
from reports.demo.people import write_logins


class Command(BaseCommand):
    help = "Load the demo district with its history; refuses a database that already has people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day in whose week the district is seen")

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("This database already has people in it. The demo needs an empty one.")
        logins = load(settings.DEMO_DIR, options["as_of"], lambda part: self.stdout.write(f"  demo: {part} …"))
        path = settings.VAR_DIR / "demo-logins.txt"
        write_logins(logins, path)
        self.stdout.write(f"{len(logins)} log-ins are in {path.name}, readable by you alone.")
