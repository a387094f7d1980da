"""Frozen roster lines read back for pages: in the reader's language, by day and half-day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import get_language

from core import clock
from core.words import half_word
from sessions.choices import ENDED
from sessions.models import Roster
from sessions.posts import english_post

LineData = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One line of a release. `status` is the session's state of now, where the page has asked for it."""

    data: LineData
    status: str = ""

    @property
    def session_id(self) -> int:
        return int(self.data["session"])

    @property
    def day(self) -> date:
        return date.fromisoformat(str(self.data["date"]))

    @property
    def half(self) -> str:
        return str(self.data["half"])

    @property
    def half_word(self) -> str:
        return half_word(self.half)

    @property
    def window(self) -> str:
        return str(self.data["window"])

    @property
    def window_name(self) -> str:
        return str(self.data["window_name"])

    @property
    def place(self) -> str:
        """Floor and zone."""
        return f"{self.data.get('floor', '')} {self.data.get('zone', '')}".strip()

    @property
    def host(self) -> str:
        return self._named("host")

    @property
    def former(self) -> str:
        return str(self.data.get("former", ""))

    @property
    def who(self) -> str:
        """Department and post, never a person's name: 交通局局长."""
        if _english() and self.data.get("home_en"):
            return f"{self.data['home_en']}, {english_post(self.data['rank'], self.data.get('title', ''))}"
        if self.data.get("title"):
            return f"{self.data['home']}{self.data['title']}"
        return str(self.data["name"])

    @property
    def cancelled(self) -> bool:
        return bool(self.data["cancelled"]) or self.status == "cancelled"

    @property
    def missed(self) -> bool:
        """The person did not come; the public page says so instead of showing a visit that was none."""
        return self.status == "missed"

    @property
    def sitting(self) -> bool:
        """Of today only: a past sitting that nobody has closed sends no citizen to a window."""
        return self.status == "in_progress" and self.day == clock.today()

    @property
    def state(self) -> str:
        """What the public is told: planned, sitting, finished, missed or cancelled."""
        if self.cancelled:
            return "cancelled"
        if self.sitting:
            return "sitting"
        return {"missed": "missed", **dict.fromkeys(ENDED, "finished")}.get(self.status, "planned")

    def _named(self, side: str) -> str:
        english = self.data.get(f"{side}_en", "")
        return str(english if _english() and english else self.data.get(side, ""))


@dataclass(frozen=True)
class Change:
    """What a release says differently from the one before."""

    kind: str
    line: Line
    before: Line | None
    reason: str


def _english() -> bool:
    return (get_language() or "").startswith("en")


def lines_of(roster: Roster) -> list[Line]:
    """The lines of a release."""
    return [Line(data) for data in roster.lines]


def changes_of(difference: Iterable[dict[str, Any]]) -> list[Change]:
    """The differences of a release."""
    return [
        Change(row["kind"], Line(row["line"]), Line(row["before"]) if row["before"] else None, row["reason"])
        for row in difference
    ]


def by_day(lines: Iterable[Line]) -> list[tuple[date, list[Line]]]:
    """Lines by day, in order; a cancelled one stands above who came in its place."""
    ordered = sorted(lines, key=lambda line: (line.day, line.half, line.window, not line.cancelled))
    return [(day, list(group)) for day, group in groupby(ordered, key=lambda line: line.day)]
