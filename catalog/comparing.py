"""What changed between two snapshots of a guide, in words a person uses."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.choices import Relation
from catalog.models import Prerequisite, ProcedureStep, RequiredDocument, ServiceItem


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: where, which field, from what, to what. Both are empty strings where nothing stood."""

    place: str
    label: str
    old: str
    new: str

    @property
    def sentence(self) -> str:
        """The change as one would say it."""
        facts = {"place": self.place, "what": self.label, "old": self.old, "new": self.new}
        if not self.label:
            return (_("%(place)s is new") if self.new else _("%(place)s is gone")) % facts
        head = f"{self.place} {self.label}" if self.place else self.label
        facts["head"] = head
        if not self.old:
            return _("%(head)s: now “%(new)s”, was empty") % facts
        if not self.new:
            return _("%(head)s: “%(old)s” was taken out") % facts
        return _("%(head)s: from “%(old)s” to “%(new)s”") % facts


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    """All changes from `old` to `new`: fields of the item, steps, documents, relations and bundles by name."""
    found = _changes("", ServiceItem, old["item"], new["item"])
    found += _rows(_("Step"), ProcedureStep, "name", old["steps"], new["steps"])
    found += _rows(_("Document"), RequiredDocument, "code", old["documents"], new["documents"])
    if "relations" in old and "relations" in new:
        found += _rows("", Prerequisite, "key", _related(old["relations"]), _related(new["relations"]))
    if "bundles" in old and "bundles" in new:
        # An item's place within its bundle is the bundle's affair.
        sides = [[{"code": row["code"], "name": row["name"]} for row in side["bundles"]] for side in (old, new)]
        found += _rows(_("Bundle"), ServiceItem, "code", *sides)
    if "pack" in old and old["pack"] != new.get("pack"):
        versions = [str(side.get("pack") or "") for side in (old, new)]
        found.append(Difference("", _("Version of the simulated material"), *versions))
    return found


def readable_for(user: Any, *snapshots: dict[str, Any]) -> list[dict[str, Any]]:
    """The snapshots without relations to items that this reader may not see; one query."""
    codes = {row["code"] for kept in snapshots for row in kept.get("relations", ())}
    if not codes:
        return list(snapshots)
    seen = set(ServiceItem.objects.visible_to(user).filter(code__in=codes).values_list("code", flat=True))
    return [
        kept | {"relations": [row for row in kept["relations"] if row["code"] in seen]} if "relations" in kept else kept
        for kept in snapshots
    ]


def _related(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A relation is called by its kind and the other item; of itself it has only the explanation."""
    return [
        {"key": row["key"], "name": f"{Relation(row['relation']).label} {row['name']}", "note": row["note"]}
        for row in rows
    ]


def _rows(word: str, model: Any, key: str, old: list[Any], new: list[Any]) -> list[Difference]:
    before, after = _keyed(old, key), _keyed(new, key)
    _rank(before, after)
    found = []
    for name in dict.fromkeys([*before, *after]):
        shown = (after.get(name) or before[name])["name"]
        place = f"{word} {shown}".strip()
        if name not in after:
            found.append(Difference(place, "", shown, ""))
        elif name not in before:
            found.append(Difference(place, "", "", shown))
        else:
            found += _changes(place, model, before[name], after[name])
    return found


def _rank(before: dict[tuple[str, int], Any], after: dict[tuple[str, int], Any]) -> None:
    """Number the rows that both guides hold among themselves: who only moves up because another is gone, stays."""
    for side, other in ((before, after), (after, before)):
        both = [name for name in side if name in other and "number" in side[name]]
        for place, name in enumerate(sorted(both, key=lambda name: side[name]["number"]), 1):
            side[name] = side[name] | {"number": place}


def _keyed(rows: list[Any], key: str) -> dict[tuple[str, int], Any]:
    """Rows by their key and, where a guide names it twice, by which time it is."""
    times: Counter[str] = Counter()
    found = {}
    for row in rows:
        times[row[key]] += 1
        found[row[key], times[row[key]]] = row
    return found


def _changes(place: str, model: Any, old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    """Values are compared as they read: 10 and "10" are the same limit."""
    fields = {field.name for field in model._meta.get_fields()}
    names = [name for name in new if name in fields]
    pairs = [(name, words(model, name, old.get(name)), words(model, name, new.get(name))) for name in names]
    return [Difference(place, _label(model, name), before, after) for name, before, after in pairs if before != after]


def _label(model: Any, name: str) -> str:
    return _("place in the order") if name == "number" else str(model._meta.get_field(name).verbose_name)


def words(model: Any, name: str, value: Any) -> str:
    """A kept value as a page shows it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    choices = dict(model._meta.get_field(name).flatchoices)
    return str(choices.get(value, value))
