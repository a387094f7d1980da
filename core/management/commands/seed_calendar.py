"""`manage.py seed_calendar`: the working days of last year, this one and the next two, for years not known yet.

A year that is in the table changes by its announcement only, for limits that run are counted again with it.
"""

from typing import Any

from django.core.management.base import BaseCommand

from core import clock, workdays
from core.calendar_services import seed


class Command(BaseCommand):
    help = "Fill years that the calendar does not know yet from the holidays package."

    def handle(self, *args: Any, **options: Any) -> None:
        year = clock.today().year
        known = {day.year for day in workdays.load().days}
        change = seed(set(range(year - 1, year + 3)) - known)
        if options["verbosity"]:
            self.stdout.write(f"{len(change.years)} years added, provisional: {len(change.provisional_years)}.")
