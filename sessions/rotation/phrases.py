"""Short phrases of which the sentences about a rotation are made."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.words import long_date
from sessions.rotation.instance import OPEN_TO_ALL, Instance, Quota
from sessions.rotation.master import ABSENCE, DESKS, HOST_MAXIMUM, HOST_MINIMUM, MAXIMUM, MINIMUM, Rule

PERIOD = re.compile(r"^(\d{4})-([QW]?)(\d{1,2})$")


def slot_words(instance: Instance, slot: int) -> str:
    """A half-day, with date, weekday and half."""
    one = instance.slots[slot]
    return long_date(one.date, one.half)


def place_words(instance: Instance, place: str) -> str:
    """A host, or the comprehensive windows."""
    if place == OPEN_TO_ALL:
        return _("the comprehensive windows")
    department = instance.departments.get(place)
    return _with_code(instance, department.label if department else place, place)


def director_words(instance: Instance, director: str) -> str:
    return _with_code(instance, instance.director_of[director].name, director)


def _with_code(instance: Instance, name: str, code: str) -> str:
    """The name, with the code by which a file is searched."""
    return f"{name}（{code}）" if instance.codes_known and name != code else name


def listed(words: Iterable[str]) -> str:
    """Words in a row, with the comma of the language."""
    return pgettext("list of names", ", ").join(words)


def quota_words(quota: Quota) -> str:
    """When a quota holds."""
    return _("in %(month)s") % {"month": period_words(quota.label)} if quota.label else _("in the whole period")


def period_words(label: str) -> str:
    """The week, month or quarter of a quota's label; a label of another form stays as it is."""
    match = PERIOD.match(label)
    if not match:
        return label
    texts = {
        "Q": pgettext("period", "quarter %(n)s of %(year)s"),
        "W": pgettext("period", "week %(n)s of %(year)s"),
        "": pgettext("period", "month %(n)s of %(year)s"),
    }
    return texts[match[2]] % {"year": match[1], "n": int(match[3])}


def half_days(count: int) -> str:
    """3 half-days."""
    return ngettext("%(count)s half-day", "%(count)s half-days", count) % {"count": count}


def visits(count: int) -> str:
    """3 visits."""
    return ngettext("%(count)s visit", "%(count)s visits", count) % {"count": count}


def change_text(instance: Instance, rule: Rule, amount: int) -> str:
    """What one change asks for."""
    values: dict[str, Any] = {"count": amount, "half_days": half_days(amount), "visits": visits(amount)}
    if rule.director:
        values["who"] = director_words(instance, rule.director)
    if rule.place or rule.kind == DESKS:
        values["host"] = place_words(instance, rule.place)
    if rule.slot is not None:
        values["when"] = slot_words(instance, rule.slot)
    if rule.quota:
        values["when"] = quota_words(rule.quota)
    texts = {
        MINIMUM: _("%(who)s: ask for %(half_days)s less %(when)s"),
        MAXIMUM: _("%(who)s: allow %(half_days)s more %(when)s"),
        HOST_MINIMUM: _("%(host)s: be content with %(visits)s less"),
        HOST_MAXIMUM: _("%(host)s: allow %(visits)s more"),
        DESKS: _("%(host)s: more desks on %(when)s: %(count)s"),
        ABSENCE: _("%(who)s: come on %(when)s after all"),
    }
    return texts[rule.kind] % values
