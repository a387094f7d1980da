"""Geometry of the dashboard's charts: plain numbers that a template writes into SVG attributes."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from reports.queries import CategoryRow, Week

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 560, 300, 36, 34, 24


@dataclass(frozen=True, slots=True)
class Bar:
    """A column with its number above it."""

    x: float
    y: float
    width: float
    height: float
    value: int


@dataclass(frozen=True, slots=True)
class WeekColumn:
    """One week: bars of registered and closed-out issues, the point of the stock."""

    week: Week
    x: float
    opened: Bar
    closed: Bar
    stock_y: float


@dataclass(frozen=True, slots=True)
class FlowChart:
    """Registered and closed per week as bars, the stock as a line; grid lines with their values."""

    columns: list[WeekColumn]
    line: str
    grid: list[tuple[int, float]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT

    @property
    def base(self) -> int:
        return HEIGHT - BOTTOM


def _ceiling(largest: int) -> int:
    """A round top for the axis with three equal steps below it."""
    step = 1
    while step * 3 < largest:
        step = {1: 2, 2: 5, 5: 10}.get(step, step * 2 if step < 20 else ceil(step * 1.5 / 10) * 10)
    return step * 3


def flow(weeks: Sequence[Week]) -> FlowChart:
    """The chart of the weekly flow."""
    largest = max([1, *(max(week.opened, week.closed, week.stock) for week in weeks)])
    top = _ceiling(largest)
    room = HEIGHT - BOTTOM - TOP
    slot = (WIDTH - LEFT) / max(1, len(weeks))
    width = round(min(26.0, slot * 0.32), 1)

    def y(value: int) -> float:
        return round(HEIGHT - BOTTOM - room * value / top, 1)

    def bar(x: float, value: int) -> Bar:
        return Bar(round(x, 1), y(value), width, round(room * value / top, 1), value)

    columns = []
    for place, week in enumerate(weeks):
        middle = LEFT + slot * (place + 0.5)
        opened, closed = bar(middle - width - 1, week.opened), bar(middle + 1, week.closed)
        columns.append(WeekColumn(week, round(middle, 1), opened, closed, y(week.stock)))
    line = " ".join(f"{column.x},{column.stock_y}" for column in columns)
    return FlowChart(columns, line, [(top * n // 3, y(top * n // 3)) for n in range(1, 4)])


@dataclass(frozen=True, slots=True)
class CategoryBar:
    """One category: widths of closed and open parts in units of the 300 wide drawing."""

    row: CategoryRow
    closed: float
    open: float


def category_bars(rows: Sequence[CategoryRow], width: int = 300) -> list[CategoryBar]:
    """Closed and open issues of each category as one stacked bar."""
    largest = max([1, *(row.total for row in rows)])
    return [
        CategoryBar(row, round(width * row.closed / largest, 1), round(width * row.open / largest, 1)) for row in rows
    ]
