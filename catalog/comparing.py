"""What changed between two snapshots of a guide, in words a person uses."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.models import ProcedureStep, RequiredDocument, ServiceItem


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: where, which field, from what, to what. Both are empty strings where nothing stood."""

    place: str
    label: str
    old: str
    new: str


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    """All changes from `old` to `new`: fields of the item, steps and documents by name."""
    found = _changes("", ServiceItem, old["item"], new["item"])
    found += _rows(_("Step"), ProcedureStep, "name", old["steps"], new["steps"])
    return found + _rows(_("Document"), RequiredDocument, "code", old["documents"], new["documents"])


def _rows(word: str, model: Any, key: str, old: list[Any], new: list[Any]) -> list[Difference]:
    before = {row[key]: row for row in old}
    after = {row[key]: row for row in new}
    found = []
    for name in dict.fromkeys([*before, *after]):
        shown = (after.get(name) or before[name])["name"]
        if name not in after:
            found.append(Difference(f"{word} {shown}", "", shown, ""))
        elif name not in before:
            found.append(Difference(f"{word} {shown}", "", "", shown))
        else:
            found += _changes(f"{word} {shown}", model, before[name], after[name])
    return found


def _changes(place: str, model: Any, old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    return [
        Difference(place, _label(model, name), words(model, name, old.get(name)), words(model, name, new.get(name)))
        for name in new
        if old.get(name) != new.get(name) and name != "department_code"
    ]


def _label(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)


def words(model: Any, name: str, value: Any) -> str:
    """A kept value as a page shows it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    choices = dict(model._meta.get_field(name).flatchoices)
    return str(choices.get(value, value))
