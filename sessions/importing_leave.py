"""When leaders cannot come, from the leaders' workbook: the people come from the catalogue's import, the leave here."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from catalog.importing import leave
from catalog.importing.cleaning import CellError, code
from catalog.importing.headers import understand
from catalog.importing.reading import read
from catalog.importing.report import CREATED, REJECTED, UNCHANGED, Entry, Report
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from sessions.models import Availability

Move = Callable[[date], date]


@transaction.atomic
def import_leave(paths: Iterable[Path], *, move: Move | None = None) -> Report:
    """Read the leave of every leader row; a row that exists already stays as it is. `move` shifts the dates."""
    report = Report()
    shift = move or (lambda day: day)
    people = {user.code: user for user in User.objects.exclude(code="")}
    for sheet in read(paths):
        table = understand(sheet)
        if table is None or table.kind.name != "leader":
            continue
        for number, cells in table.rows:
            entry = report.add(Entry(sheet.file, sheet.name, number, "leave", code(cells.get("code", ""))))
            user = people.get(entry.key)
            try:
                if user is None:
                    raise CellError("unknown", _("no leader has this code; import the leaders first"))
                entry.status = CREATED if _keep(user, cells.get("leave", ""), shift) else UNCHANGED
            except CellError as error:
                entry.status, entry.code, entry.messages = REJECTED, error.code, [str(error)]
    return report


def _keep(user: User, words: str, shift: Move) -> int:
    """How many times of leave were new."""
    made = 0
    for time in leave.parse(words, clock.today().year):
        _row, created = Availability.objects.get_or_create(
            user=user,
            starts_on=shift(time.starts_on),
            ends_on=shift(time.ends_on),
            half=time.half,
            weekday=time.weekday,
        )
        made += created
    return made
