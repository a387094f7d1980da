"""What the loaders of one import share: the report, the rule for rows that exist, and how names are looked up."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from accounts.models import Department
from catalog.importing.cleaning import CellError, key
from catalog.importing.leave import Leave
from catalog.importing.report import Report
from catalog.importing.rows import Row
from catalog.importing.saving import STOP
from catalog.models import Hall, ServiceItem, Window

T = TypeVar("T")
_PLACE = re.compile("^.{0,6}?[省市区县旗州]")
# 监局 is what 市 leaves of 市监局; 市监局 itself says whom it means.
_SHORTEST = 2


@dataclass
class Context:
    """One import. The indexes are filled by `refresh` after each kind has been written."""

    report: Report
    on_conflict: str = STOP
    departments: dict[str, Department] = field(default_factory=dict)
    halls: dict[str, Hall] = field(default_factory=dict)
    windows: dict[str, list[Window]] = field(default_factory=lambda: defaultdict(list))
    items: dict[str, ServiceItem] = field(default_factory=dict)
    item_names: dict[str, list[ServiceItem]] = field(default_factory=lambda: defaultdict(list))
    short_codes: dict[str, Department] = field(default_factory=dict)
    loose: dict[str, Department] = field(default_factory=dict)
    short_items: dict[str, ServiceItem] = field(default_factory=dict)
    touched_items: set[int] = field(default_factory=set)
    leave: list[tuple[Row, Any, list[Leave]]] = field(default_factory=list)

    def refresh_departments(self) -> None:
        """Index by code, short name, full name and former names: the first kind counts that knows a word.

        A word that two departments share within one kind means none of them.
        """
        rows = list(Department.objects.all())
        found: dict[str, Department | None] = {}
        for names in (_codes, _short_names, _names, _former_names):
            here: dict[str, Department | None] = {}
            for row in rows:
                for word in filter(None, map(key, names(row))):
                    here[word] = row if here.get(word, row) == row else None
            found = here | found
        self.departments = {word: row for word, row in found.items() if row is not None}
        self.short_codes = zero_blind(self.departments)
        self.loose = _loosely(rows)

    def refresh_halls(self) -> None:
        rows = list(Hall.objects.all())
        self.halls = {key(row.name): row for row in rows} | {key(row.code): row for row in rows}

    def refresh_windows(self) -> None:
        self.windows = defaultdict(list)
        for row in Window.objects.select_related("hall").prefetch_related("serves"):
            self.windows[key(row.number)].append(row)

    def refresh_items(self) -> None:
        self.items, self.item_names = {}, defaultdict(list)
        for row in ServiceItem.objects.select_related("department", "window", "pickup_window"):
            self.items[key(row.code)] = row
            self.item_names[key(row.name)].append(row)
        self.short_items = zero_blind(self.items)

    def department(self, row: Row, code_field: str, name_field: str, *, needed: bool = True) -> Department | None:
        """The department that a row names by code or by any of its names. Rejects the row when there is none."""
        given = [(name, row.raw(name)) for name in (code_field, name_field) if row.given(name)]
        found = [self._known_department(row, name) for name, _value in given]
        known = [department for department in found if department is not None]
        if not known:
            self._no_department(row, given, name_field if row.has(name_field) else code_field, needed=needed)
            return None
        if len(given) == 2 and found[0] != found[1]:
            row.warn(name_field, _("does not fit the code beside it; %(used)s was taken") % {"used": known[0]})
        return known[0]

    def _known_department(self, row: Row, field_name: str) -> Department | None:
        word = row.key(field_name)
        known = self.departments.get(word)
        if known is None and (known := self.short_codes.get(_bare(word)) or self.loose.get(_loose(word))):
            row.warn(field_name, _("was taken as “%(word)s”") % {"word": known.code})
        return known

    def _no_department(self, row: Row, given: list[tuple[str, str]], field_name: str, *, needed: bool) -> None:
        if given:
            facts = {"column": row.heading(given[0][0]), "value": given[0][1].strip()[:80]}
            text = _("“%(column)s”: no department is called “%(value)s”; correct it or add it to the departments")
            row.reject("unknown_department", text % facts)
        elif needed:
            row.reject("missing", _("“%(column)s” is empty; fill it in") % {"column": row.heading(field_name)})

    def many_departments(self, row: Row, *fields: str) -> list[Department]:
        """All departments of a cell that lists several; the first given of `fields` counts."""
        name = next((field for field in fields if row.given(field)), "")
        found: dict[int, Department] = {}
        for part in row.parts(name) if name else []:
            whole = self.departments.get(key(part))
            # Some halls part names by spaces; others have spaces within a name.
            several = [whole] if whole else [self.departments.get(key(word)) for word in part.split()]
            if None in several:
                facts = {"column": row.heading(name), "value": part[:80]}
                text = _("“%(column)s”: no department is called “%(value)s”; correct it or add it to the departments")
                row.reject("unknown_department", text % facts)
            found |= {department.pk: department for department in several if department}
        return list(found.values())

    def hall(self, row: Row, *fields: str) -> Hall | None:
        """The hall that a row names, or None when it names none. Rejects the row for an unknown one."""
        given = [name for name in fields if row.given(name)]
        for name in given:
            if row.key(name) in self.halls:
                return self.halls[row.key(name)]
        if given:
            facts = {"column": row.heading(given[0]), "value": row.raw(given[0]).strip()[:80]}
            text = _("“%(column)s”: no hall is called “%(value)s”; correct it or add it to the halls")
            row.reject("unknown_hall", text % facts)
        return None

    def item(self, row: Row, code_field: str, name_field: str) -> ServiceItem | None:
        """The service item that a row names by code, or by name where no code stands. Rejects the row otherwise."""
        if row.given(code_field):
            found = self.items.get(row.key(code_field)) or self._item_by_number(row, code_field)
            if found:
                self._check_name(row, found, name_field)
                return found
            self._no_item(row, code_field)
            return None
        named = self.item_names.get(row.key(name_field), []) if row.given(name_field) else []
        if len(named) == 1:
            return named[0]
        if named:
            codes = "、".join(item.code for item in named[:5])
            text = _("is the name of several items (%(codes)s); add a column with the code")
            row.refuse(name_field, CellError("unknown_item", text % {"codes": codes}))
            return None
        self._no_item(row, name_field if row.given(name_field) or not row.has(code_field) else code_field)
        return None

    def _item_by_number(self, row: Row, field_name: str) -> ServiceItem | None:
        """A table program takes the zeros off 0012; an item that only they tell apart is taken with a warning."""
        known = self.short_items.get(_bare(row.key(field_name)))
        if known:
            row.warn(field_name, _("was taken as “%(word)s”") % {"word": known.code})
        return known

    def _check_name(self, row: Row, found: ServiceItem, name_field: str) -> None:
        others = self.item_names.get(row.key(name_field), []) if row.given(name_field) else []
        if others and found not in others:
            row.warn(name_field, _("is the name of another item; the code %(code)s was taken") % {"code": found.code})

    def _no_item(self, row: Row, field_name: str) -> None:
        if not row.given(field_name):
            row.reject("missing", _("“%(column)s” is empty; fill it in") % {"column": row.heading(field_name)})
            return
        facts = {"column": row.heading(field_name), "value": row.raw(field_name).strip()[:80]}
        text = _("“%(column)s”: “%(value)s” is no service item that was imported; import the item first")
        row.reject("unknown_item", text % facts)

    def touch(self, item: ServiceItem) -> None:
        """This item's guide has changed: it gets a revision at the end."""
        self.touched_items.add(item.pk)


def _loose(word: str) -> str:
    """A name without the words that only join, which one writer has and another leaves out."""
    return re.sub("[和与及]", "", word)


def _loosely(rows: Iterable[Department]) -> dict[str, Department]:
    """Names without the place before them, as people in that place say them; what two departments share is left out."""
    found: dict[str, set[Department]] = defaultdict(set)
    for row in rows:
        for word in map(key, (row.name, row.short_name)):
            for said in (word, _PLACE.sub("", word)):
                if len(said) > _SHORTEST or said == word:
                    found[_loose(said)].add(row)
    return {word: same.pop() for word, same in found.items() if word and len(same) == 1}


def _bare(word: str) -> str:
    """Digits without zeros in front and without `.0` behind; "" for anything but digits."""
    digits = word.removesuffix(".0")
    return digits.lstrip("0") if digits.isdecimal() else ""


def zero_blind(index: Mapping[str, T]) -> dict[str, T]:
    """The rows whose code is a number, by that number without zeros in front; what two rows share is left out."""
    found: dict[str, list[T]] = defaultdict(list)
    for word, row in index.items():
        if _bare(word):
            found[_bare(word)].append(row)
    return {word: rows[0] for word, rows in found.items() if len(rows) == 1}


def _codes(row: Department) -> Iterable[str]:
    return (row.code,)


def _short_names(row: Department) -> Iterable[str]:
    return (row.short_name,)


def _names(row: Department) -> Iterable[str]:
    return (row.name,)


def _former_names(row: Department) -> Iterable[str]:
    return tuple(row.former_names)
