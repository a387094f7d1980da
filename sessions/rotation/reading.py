"""A schedule file (JSON) → an instance, or everything that is wrong with it, each with its place in the file."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from sessions.rotation.instance import OPEN_TO_ALL, Department, Desk, Director, HostQuota, Instance, Quota, Slot
from sessions.rotation.values import Values, shown

RANKS = ("principal", "deputy")
PERIODS = ("event", "quarter", "month")
MONTH = re.compile(r"^(\d{4}-)?(0?[1-9]|1[0-2])$")
LARGEST = 100_000_000
TOP = {
    "slots": list,
    "departments": list,
    "desks": list,
    "directors": list,
    "quotas": list,
    "host_quotas": dict,
    "rules": dict,
}


class WrongFile(Exception):
    """The file is no schedule. `problems` are sentences that start with the place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_file(path: Path) -> Instance:
    """The instance in a file. Raises WrongFile."""
    try:
        if path.stat().st_size > LARGEST:
            raise WrongFile([_("%(file)s is larger than 100 MB.") % {"file": path.name}])
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongFile([_("%(file)s is not written in UTF-8.") % {"file": path.name}]) from error
    except OSError as error:
        raise WrongFile([_("%(file)s cannot be opened.") % {"file": path}]) from error
    try:
        content = json.loads(text, object_pairs_hook=_once)
    except RecursionError as error:
        raise WrongFile([_("%(file)s is nested too deeply.") % {"file": path.name}]) from error
    except json.JSONDecodeError as error:
        text = _("%(file)s is not JSON: line %(line)s, column %(column)s.")
        values = {"file": path.name, "line": error.lineno, "column": error.colno}
        raise WrongFile([text % values]) from error
    except ValueError as error:
        raise WrongFile([str(error)]) from error
    return read(content)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a key that stands twice would silently lose the first value."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(_("The key %(key)s stands twice in one object.") % {"key": key})
        found[key] = value
    return found


def read(content: Any) -> Instance:
    """The instance in parsed JSON. Raises WrongFile with every problem found."""
    reader = Reader()
    if not isinstance(content, dict):
        raise WrongFile([_("The file must hold one JSON object.")])
    instance = reader.instance(content)
    if reader.problems or instance is None:
        raise WrongFile(reader.problems)
    return instance


class Reader(Values):
    """Reads part by part; the half-days and departments found so far are what later parts refer to."""

    def __init__(self) -> None:
        super().__init__()
        self.slots: dict[Slot, int] = {}
        self.departments: dict[str, Department] = {}
        self.guests: dict[str, str] = {}

    def instance(self, content: dict[str, Any]) -> Instance | None:
        parts = {name: self.take(content, "", name, kind) for name, kind in TOP.items()}
        if self.problems:
            return None
        self.period(content)
        slots = self.read_slots(parts["slots"])
        self.read_departments(parts["departments"])
        desks = tuple(self.read_desks(parts["desks"]))
        directors = tuple(self.read_directors(parts["directors"]))
        quotas = tuple(self.read_quotas(parts["quotas"], slots))
        hosting = {desk.department for desk in desks if desk.department != OPEN_TO_ALL}
        self.check_hosts(hosting)
        host_quotas = self.read_host_quotas(parts["host_quotas"], hosting)
        rules = self.read_rules(parts["rules"])
        if self.problems:
            return None
        return Instance(slots, self.departments, desks, directors, quotas, host_quotas, **rules)

    def period(self, content: dict[str, Any]) -> None:
        period = self.take(content, "", "period", dict, needed=False)
        if period is None:
            return
        start, end = (self.take(period, "period", key, str) for key in ("start", "end"))
        first = self.day(start, "period.start") if start else None
        last = self.day(end, "period.end") if end else None
        if first and last and first > last:
            text = _("%(first)s is after %(last)s.") % {"first": first, "last": last}
            self.say("period", text)
        elif first and last:
            self.first, self.last = first, last

    def read_slots(self, values: list[Any]) -> tuple[Slot, ...]:
        places: dict[str, str] = {}
        found = []
        for where, row in self.rows(values, "slots"):
            day = self.day(row["date"], f"{where}.date") if "date" in row else self.take(row, where, "date", str)
            half = self.half(row["half"], f"{where}.half") if "half" in row else self.take(row, where, "half", str)
            if day and half and self.inside(day, where) and self.once(places, f"{day} {half}", where):
                found.append(Slot(day, half))
        slots = tuple(sorted(found))
        self.slots = {slot: number for number, slot in enumerate(slots)}
        if not values:
            self.say("slots", _("There is no half-day."))
        if slots and self.first == date.min:
            self.first, self.last = slots[0].date, slots[-1].date
        return slots

    def read_departments(self, values: list[Any]) -> None:
        for where, row in self.rows(values, "departments"):
            code = self.take(row, where, "code", str)
            name = self.take(row, where, "name", str, needed=False)
            short = self.take(row, where, "short_name", str, needed=False)
            hosts = self.take(row, where, "hosts", bool, needed=False)
            if code and self.once(self.guests, code, where):
                self.departments[code] = Department(code, name or code, short or "")
                if hosts is False:
                    self.guests[code] = ""

    def department(self, value: Any, where: str) -> str | None:
        """A code that exists."""
        if self.typed(value, where, str) is None:
            return None
        if value not in self.guests:
            self.say(where, _("There is no department %(code)s.") % {"code": value})
            return None
        return str(value)

    def read_desks(self, values: list[Any]) -> Iterator[Desk]:
        seen: dict[str, str] = {}
        for where, row in self.rows(values, "desks"):
            code = self.take(row, where, "id", str)
            name = self.take(row, where, "name", str, needed=False)
            owner: str | None = OPEN_TO_ALL
            if "department" not in row:
                owner = self.take(row, where, "department", str)
            elif row["department"] is not None:
                owner = self.department(row["department"], f"{where}.department")
            opened = self.opened(row, where)
            if code and self.once(seen, code, where) and owner is not None:
                yield Desk(code, owner, opened, name or "")

    def opened(self, row: dict[str, Any], where: str) -> frozenset[int]:
        value = row.get("open")
        if value == "all":
            return frozenset(self.slots.values())
        if "open" in row and not isinstance(value, list):
            text = _('Expected "all" or a list of half-days, found %(value)s.')
            self.say(f"{where}.open", text % {"value": shown(value)})
            return frozenset()
        return self.half_days(self.take(row, where, "open", list) or [], f"{where}.open")

    def half_days(self, values: Iterable[Any], where: str) -> frozenset[int]:
        """The half-days of a list of [date, half]; those that nobody uses anyway are left out."""
        found = set()
        for number, value in enumerate(values):
            place = f"{where}[{number}]"
            if not isinstance(value, list) or len(value) != 2:
                text = _("Expected [date, half], found %(value)s.") % {"value": shown(value)}
                self.say(place, text)
                continue
            day, half = self.day(value[0], f"{place}[0]"), self.half(value[1], f"{place}[1]")
            if day and half and self.inside(day, place) and Slot(day, half) in self.slots:
                found.add(self.slots[Slot(day, half)])
        return frozenset(found)

    def read_directors(self, values: list[Any]) -> Iterator[Director]:
        seen: dict[str, str] = {}
        for where, row in self.rows(values, "directors"):
            code = self.take(row, where, "id", str)
            name = self.take(row, where, "name", str, needed=False)
            home = self.department(row["department"], f"{where}.department") if "department" in row else None
            if "department" not in row:
                self.take(row, where, "department", str)
            rank = self.rank(row, where)
            away = self.half_days(self.take(row, where, "unavailable", list) or [], f"{where}.unavailable")
            if code and self.once(seen, code, where) and home and rank:
                yield Director(code, name or code, home, rank, frozenset(self.slots.values()) - away)

    def rank(self, row: dict[str, Any], where: str) -> str | None:
        return self.choice(row, where, "rank", RANKS)

    def read_quotas(self, values: list[Any], slots: tuple[Slot, ...]) -> Iterator[Quota]:
        seen: dict[str, str] = {}
        for where, row in self.rows(values, "quotas"):
            rank, per = self.rank(row, where), self.choice(row, where, "per", PERIODS)
            minimum, maximum = self.bounds(row, where)
            months = self.months(row, where, slots) if per == "month" else {""}
            if rank and per and minimum is not None:
                self.once(seen, f"{rank}, {per} {' '.join(sorted(months))}".strip(), where)
                for month in sorted(months):
                    inside = frozenset(n for n, slot in enumerate(slots) if month in ("", slot.month))
                    yield Quota(rank, inside, minimum, maximum, month)

    def months(self, row: dict[str, Any], where: str, slots: tuple[Slot, ...]) -> set[str]:
        """The months in which a monthly quota holds: those of `months`, or every month with a half-day."""
        present = {slot.month for slot in slots}
        if row.get("months") is None:
            return present
        found = set()
        for number, value in enumerate(self.take(row, where, "months", list) or []):
            place, text = f"{where}.months[{number}]", str(value)
            if isinstance(value, bool) or not isinstance(value, str | int) or not MONTH.match(text):
                self.say(place, _("%(value)s is no month; write YYYY-MM.") % {"value": shown(value)})
                continue
            named = {month for month in self.all_months(slots) if month == text or month[5:] == text.zfill(2)}
            if not named:
                self.say(place, _("%(value)s lies outside of the period.") % {"value": shown(value)})
            found |= named
        return found

    def all_months(self, slots: tuple[Slot, ...]) -> set[str]:
        """Every month that the period touches, also one without a half-day."""
        first, last = (self.first, self.last) if slots else (date(2000, 1, 1), date(2000, 1, 1))
        count = (last.year - first.year) * 12 + last.month - first.month
        return {
            f"{first.year + (first.month - 1 + n) // 12:04}-{(first.month - 1 + n) % 12 + 1:02}"
            for n in range(count + 1)
        }

    def bounds(self, row: dict[str, Any], where: str) -> tuple[int | None, int | None]:
        """`min` and `max`, both needed; a `max` of null is no limit."""
        minimum = self.number(row, where, "min")
        unlimited = "max" in row and row["max"] is None
        maximum = None if unlimited else self.number(row, where, "max")
        if minimum is not None and maximum is not None and minimum > maximum:
            text = _("min %(minimum)s is more than max %(maximum)s.") % {"minimum": minimum, "maximum": maximum}
            self.say(where, text)
        return minimum, maximum

    def check_hosts(self, hosting: set[str]) -> None:
        for code in sorted(hosting):
            if not self.guests[code]:
                text = _("%(code)s is marked as hosting nobody, yet it has a desk.") % {"code": code}
                self.say("departments", text)

    def read_host_quotas(self, values: dict[str, Any], hosting: set[str]) -> Mapping[str, HostQuota]:
        """The quota of each hosting department: the default, or its own."""
        default = self.host_bounds(self.take(values, "host_quotas", "default", dict), "host_quotas.default")
        found = dict.fromkeys(sorted(hosting), default)
        for code, row in values.items():
            where = f"host_quotas.{code}"
            if code == "default" or self.typed(row, where, dict) is None:
                continue
            if self.department(code, where):
                found[code] = self.host_bounds(row, where)
                if code not in hosting and found[code].minimum:
                    text = _("%(code)s must receive visits but has no desk.") % {"code": code}
                    self.say(where, text)
        return found

    def host_bounds(self, row: dict[str, Any] | None, where: str) -> HostQuota:
        if row is None:
            return HostQuota()
        minimum, maximum = self.bounds(row, where)
        return HostQuota(minimum or 0, maximum)

    def read_rules(self, rules: dict[str, Any]) -> dict[str, Any]:
        same = rules.get("max_same_host")
        return {
            "own_department_forbidden": self.take(rules, "rules", "own_department_forbidden", bool),
            "max_half_days_per_day": self.number(rules, "rules", "max_half_days_per_day", 1),
            "max_same_host": None if same is None else self.number(rules, "rules", "max_same_host", 1),
        }
