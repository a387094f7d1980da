"""`manage.py undo_import [--dry-run]`: the last import is taken back, as long as nothing was built on it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from catalog import import_undo
from catalog.models import ImportJournal
from core.doors import WrongState


class Command(BaseCommand):
    help = "Takes the last import into the catalogue back, as long as nothing was built on it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be taken back, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when it is (or could be) taken back, 1 with the reason otherwise."""
        journal = ImportJournal.objects.filter(undone_at=None).first()
        why_not = import_undo.reason(journal)
        if journal is None or why_not:
            raise CommandError(why_not)
        for name, created, changed in import_undo.summary(journal):
            self.stdout.write(
                _("%(name)s: %(new)d new, %(old)d changed") % {"name": name, "new": created, "old": changed}
            )
        if options["dry_run"]:
            return
        try:
            import_undo.undo(journal, None)
        except WrongState as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("Import taken back"))
