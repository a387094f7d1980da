"""Which window a cell means: numbers are unique within a hall only."""

import re

from django.utils.translation import gettext as _

from accounts.models import Department
from catalog.importing.cleaning import is_nothing, key, several
from catalog.importing.context import Context
from catalog.importing.rows import Row
from catalog.models import Hall, Window

_SUFFIX = re.compile("(号窗口|号窗|窗口|号)$")
_PREFIX = re.compile("^(窗口|窗)(号)?[:：]?")


def candidates(context: Context, words: str) -> list[Window]:
    """All windows that `words` may mean: by number, with or without 号窗口, with or without the hall before it."""
    given = key(words)
    bare = _SUFFIX.sub("", _PREFIX.sub("", given))
    for number in (given, bare, bare.removesuffix(".0")):
        if number in context.windows:
            return context.windows[number]
    for name, hall in context.halls.items():
        if given.startswith(name):
            rest = _SUFFIX.sub("", given[len(name) :].lstrip("-—_/·:"))
            # One hall's name may begin like another's, so a miss is no answer yet.
            found = [window for window in context.windows.get(rest, []) if window.hall_id == hall.pk]
            if found:
                return found
    return []


def choose(
    found: list[Window], hall: Hall | None, department: Department | None, near: Hall | None = None
) -> tuple[Window | None, bool]:
    """The window meant, and is it certain: in the hall named or in that of the row's other window; a guess is the
    department's own, else the main hall's."""
    if hall is not None:
        found = [window for window in found if window.hall_id == hall.pk]
    if len(found) <= 1:
        return (found[0] if found else None), True
    beside = [window for window in found if near and window.hall_id == near.pk]
    if len(beside) == 1:
        return beside[0], True
    own = [window for window in found if department and _serves(window, department)]
    ranked = sorted(own or found, key=lambda window: (window.hall.km_from_main, window.hall.code))
    return ranked[0], False


def _serves(window: Window, department: Department) -> bool:
    return window.department_id == department.pk or department in window.serves.all()


def find(
    context: Context,
    row: Row,
    field: str,
    hall: Hall | None,
    department: Department | None,
    near: Hall | None = None,
) -> Window | None:
    """The window in a cell; None for a blank one. Rejects the row when no such window stands in the hall."""
    words = several(row.raw(field)) if row.given(field) else []
    if not words or is_nothing(words[0]):
        return None
    if len(words) > 1:
        row.warn(field, _("names several windows; the first one was taken"))
    window, certain = choose(candidates(context, words[0]), hall, department, near)
    if window is None:
        facts = {"column": row.heading(field), "value": words[0][:40], "hall": hall.name if hall else _("any hall")}
        text = _("“%(column)s”: there is no window “%(value)s” in %(hall)s; correct it or add the window")
        row.reject("unknown_window", text % facts)
    elif not certain:
        row.warn(field, _("stands in several halls; the one in %(hall)s was taken") % {"hall": window.hall.name})
    return window
