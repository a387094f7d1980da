"""`manage.py verify_ledger`: proves that no event of issues or sessions was changed, removed or added afterwards."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import ledger
from issues.models import Issue, IssueEvent
from sessions.models import SessionEvent

TABLES: list[type[ledger.LedgerEvent]] = [IssueEvent, SessionEvent]


class Command(BaseCommand):
    help = "Check the hash chains of all issues and window sessions. Exit 0 when all hold, 1 otherwise."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for table in TABLES:
            for found in ledger.verify(table):
                broken += 1
                self.stdout.write(f"{name(table, found.parent_id)}, event {found.number}: {found.problem}")
            facts = {"table": table._meta.label, "count": table._default_manager.count()}
            self.stdout.write(_("%(table)s: %(count)s events checked") % facts)
        if broken:
            raise CommandError(_("The ledger does not hold in %(count)s places.") % {"count": broken}, returncode=1)
        self.stdout.write(self.style.SUCCESS(_("The ledger holds.")))


def name(table: type[ledger.LedgerEvent], parent_id: int) -> str:
    """How a person finds the object: an issue by its number, a session by its key."""
    if table is IssueEvent:
        number = Issue.objects.filter(pk=parent_id).values_list("number", flat=True).first()
        return f"issue {number or parent_id}"
    return f"window session {parent_id}"
