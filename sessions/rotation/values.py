"""Values of a schedule file (JSON): each is taken as what it should be, or noted with its place as wrong."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

HALVES = ("AM", "PM")
DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


class Values:
    """Takes value by value and collects what is wrong instead of stopping at the first."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.first, self.last = date.min, date.max

    def say(self, where: str, text: str) -> None:
        self.problems.append(_("%(where)s: %(text)s") % {"where": where, "text": text})

    def take(self, row: Any, where: str, key: str, kind: type, *, needed: bool = True) -> Any:
        """A value of the right type; None when it is missing or wrong, which is noted."""
        place = f"{where}.{key}" if where else key
        if not isinstance(row, dict) or key not in row:
            if needed:
                self.say(place, _("This is missing."))
            return None
        return self.typed(row[key], place, kind)

    def typed(self, value: Any, place: str, kind: type) -> Any:
        right = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
        if not right:
            text = _("Expected %(kind)s, found %(value)s.")
            self.say(place, text % {"kind": _kind(kind), "value": shown(value)})
            return None
        if kind is str and not value.strip():
            self.say(place, _("This is empty."))
            return None
        if kind is str and not value.isprintable():
            self.say(place, _("%(value)s holds characters that cannot be printed.") % {"value": shown(value)})
            return None
        return value

    def rows(self, values: list[Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for number, value in enumerate(values):
            where = f"{name}[{number}]"
            if self.typed(value, where, dict) is not None:
                yield where, value

    def number(self, row: Any, where: str, key: str, least: int = 0, *, needed: bool = True) -> int | None:
        value: int | None = self.take(row, where, key, int, needed=needed)
        if value is not None and value < least:
            text = _("%(value)s is less than %(least)s.") % {"value": value, "least": least}
            self.say(f"{where}.{key}", text)
            return None
        return value

    def once(self, seen: dict[str, str], value: str, where: str) -> bool:
        """Whether a code or id stands here for the first time."""
        if value in seen:
            text = _("%(value)s stands already at %(where)s.") % {"value": value, "where": seen[value]}
            self.say(where, text)
            return False
        seen[value] = where
        return True

    def day(self, value: Any, where: str) -> date | None:
        if self.typed(value, where, str) is None:
            return None
        try:
            if DAY.match(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.say(where, _("%(value)s is no date; write YYYY-MM-DD.") % {"value": shown(value)})
        return None

    def half(self, value: Any, where: str) -> str | None:
        if value not in HALVES:
            self.say(where, _("%(value)s is neither AM nor PM.") % {"value": shown(value)})
            return None
        return str(value)

    def inside(self, day: date, where: str) -> bool:
        if not self.first <= day <= self.last:
            text = _("%(day)s lies outside of the period %(first)s to %(last)s.")
            self.say(where, text % {"day": day, "first": self.first, "last": self.last})
            return False
        return True

    def choice(self, row: dict[str, Any], where: str, key: str, allowed: tuple[str, ...]) -> str | None:
        value: str | None = self.take(row, where, key, str)
        if value is not None and value not in allowed:
            text = _("%(value)s is none of %(allowed)s.") % {"value": shown(value), "allowed": ", ".join(allowed)}
            self.say(f"{where}.{key}", text)
            return None
        return value


def _kind(kind: type) -> str:
    words = {
        str: _("a text"),
        int: _("a whole number"),
        bool: _("true or false"),
        list: _("a list"),
        dict: _("an object"),
    }
    return str(words[kind])


def shown(value: Any) -> str:
    """A value as it stands in the file, shortened."""
    text = json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= 60 else f"{text[:57]}…"
