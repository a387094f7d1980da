"""A hall's week as a table for paper: windows by half-days."""

from dataclasses import dataclass
from datetime import date, timedelta

from catalog.choices import Half
from core.words import half_word
from portal.rosters import Shown
from sessions.rosters import Line

WORKING_WEEK = 5


@dataclass(frozen=True)
class Row:
    """A window with the lines of each half-day; a cancelled one stands above who came in its place."""

    window: str
    name: str
    cells: list[list[Line]]


@dataclass(frozen=True)
class Grid:
    """The columns are half-days: Monday to Friday, and a make-up day at the weekend when somebody sits then."""

    columns: list[tuple[date, str]]
    rows: list[Row]

    @property
    def days(self) -> list[date]:
        """The days, each above its two half-days."""
        return sorted({day for day, _half in self.columns})

    @property
    def heads(self) -> list[tuple[date, str]]:
        """Each column's day and the word of its half-day."""
        return [(day, half_word(half)) for day, half in self.columns]


def grid(shown: Shown) -> Grid:
    """The week's lines by window and half-day."""
    monday = shown.week.monday
    days = {monday + timedelta(days=n) for n in range(WORKING_WEEK)} | {line.day for line in shown.lines}
    columns = [(day, half) for day in sorted(days) for half in Half.values]
    by_window: dict[str, list[Line]] = {}
    for line in shown.lines:
        by_window.setdefault(line.window, []).append(line)
    rows = [Row(window, lines[0].window_name, _cells(lines, columns)) for window, lines in sorted(by_window.items())]
    return Grid(columns, rows)


def _cells(lines: list[Line], columns: list[tuple[date, str]]) -> list[list[Line]]:
    ordered = sorted(lines, key=lambda line: not line.cancelled)
    return [[line for line in ordered if (line.day, line.half) == column] for column in columns]
