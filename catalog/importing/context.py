"""What the loaders of one import share: the report, the rule for rows that exist, and how names are looked up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Department
from catalog.importing.cleaning import key
from catalog.importing.leave import Leave
from catalog.importing.report import Report
from catalog.importing.rows import Row
from catalog.importing.saving import STOP
from catalog.models import Hall, ServiceItem, Window


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
    touched_items: set[int] = field(default_factory=set)
    leave: list[tuple[Row, Any, list[Leave]]] = field(default_factory=list)

    def refresh_departments(self) -> None:
        """Index by code, short name, full name and former names; a word that means two of them means none."""
        found: dict[str, Department] = {}
        doubtful: set[str] = set()
        rows = list(Department.objects.all())
        for names in (_codes, _short_names, _names, _former_names):
            for row in rows:
                for word in names(row):
                    if found.setdefault(key(word), row) != row and names in (_names, _former_names):
                        doubtful.add(key(word))
        exact = {key(row.code) for row in rows} | {key(row.short_name) for row in rows}
        self.departments = {word: row for word, row in found.items() if word not in doubtful - exact}

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

    def department(self, row: Row, code_field: str, name_field: str, *, needed: bool = True) -> Department | None:
        """The department that a row names by code or by any of its names. Rejects the row when there is none."""
        given = [(name, row.raw(name)) for name in (code_field, name_field) if row.given(name)]
        found = [self.departments.get(key(value)) for _name, value in given]
        known = [department for department in found if department is not None]
        if not known:
            self._no_department(row, given, name_field if row.has(name_field) else code_field, needed=needed)
            return None
        if len(given) == 2 and found[0] != found[1]:
            row.warn(name_field, _("does not fit the code beside it; %(used)s was taken") % {"used": known[0]})
        return known[0]

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
        for word in row.several(name) if name else []:
            department = self.departments.get(key(word))
            if department is None:
                facts = {"column": row.heading(name), "value": word[:80]}
                text = _("“%(column)s”: no department is called “%(value)s”; correct it or add it to the departments")
                row.reject("unknown_department", text % facts)
            else:
                found[department.pk] = department
        return list(found.values())

    def hall(self, row: Row, *fields: str) -> Hall | None:
        """The hall that a row names, or None when it names none. Rejects the row for an unknown one."""
        given = [name for name in fields if row.given(name)]
        for name in given:
            if key(row.raw(name)) in self.halls:
                return self.halls[key(row.raw(name))]
        if given:
            facts = {"column": row.heading(given[0]), "value": row.raw(given[0]).strip()[:80]}
            text = _("“%(column)s”: no hall is called “%(value)s”; correct it or add it to the halls")
            row.reject("unknown_hall", text % facts)
        return None

    def item(self, row: Row, code_field: str, name_field: str) -> ServiceItem | None:
        """The service item that a row names by code, or by name where no code stands. Rejects the row otherwise."""
        if row.given(code_field):
            found = self.items.get(key(row.raw(code_field)))
            if found:
                self._check_name(row, found, name_field)
                return found
            self._no_item(row, code_field)
            return None
        named = self.item_names.get(key(row.raw(name_field)), []) if row.given(name_field) else []
        if len(named) == 1:
            return named[0]
        self._no_item(row, name_field if row.given(name_field) else code_field)
        return None

    def _check_name(self, row: Row, found: ServiceItem, name_field: str) -> None:
        others = self.item_names.get(key(row.raw(name_field)), []) if row.given(name_field) else []
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


def _codes(row: Department) -> Iterable[str]:
    return (row.code,)


def _short_names(row: Department) -> Iterable[str]:
    return (row.short_name,)


def _names(row: Department) -> Iterable[str]:
    return (row.name,)


def _former_names(row: Department) -> Iterable[str]:
    return tuple(row.former_names)
