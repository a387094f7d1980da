"""The dashboard as one value: every figure with the address of the list that proves it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core import clock
from issues.choices import OPEN, ClockKind, IssueStatus
from reports import charts, links, queries
from reports.periods import Period


@dataclass(frozen=True, slots=True)
class Figure:
    """One tile: the number, its base and formula, and where each leads."""

    name: str
    value: str
    unit: str
    formula: str
    numerator: int | None = None
    denominator: int | None = None
    numerator_url: str = ""
    denominator_url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class StateCount:
    state: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything the page draws."""

    period: Period
    figures: list[Figure]
    states: list[StateCount]
    weeks: list[queries.Week]
    flow: charts.FlowChart
    departments: list[tuple[queries.DepartmentRow, dict[str, str]]]
    categories: list[tuple[charts.CategoryBar, str]]
    seams: list[tuple[Any, list[tuple[int | None, str, int]], int]]
    seam_columns: list[Any]
    overdue: list[Any]
    total: int


def build(user: Any, period: Period) -> Dashboard:
    """All figures of what `user` may see, in seven queries whatever the number of issues."""
    issues, today = queries.all_issues(user), clock.today()
    cells, rates, names = queries.cells(issues, today), queries.rates(issues, period, today), queries.departments()
    counts, matrix = queries.by_state(cells), queries.seams(issues, names)
    weeks = queries.weekly(queries.milestones(issues, period.last), period)
    league = queries.by_department(cells, rates, names)
    kinds = charts.category_bars(queries.by_category(cells))
    return Dashboard(
        period=period,
        figures=_figures(cells, rates, period, counts),
        states=[StateCount(state, n, links.register(state=state)) for state, n in counts.items()],
        weeks=weeks,
        flow=charts.flow(weeks),
        departments=[(row, _department_links(row, period)) for row in league],
        categories=[(bar, links.register(state="all", category=bar.row.category.pk)) for bar in kinds],
        seams=[(need, _seam_cells(need.pk, found, matrix.columns), n) for need, found, n in matrix.rows],
        seam_columns=matrix.columns,
        overdue=queries.longest_overdue(issues, today),
        total=sum(counts.values()),
    )


def _figures(cells: list[queries.Cell], rates: queries.Rates, period: Period, counts: dict[str, int]) -> list[Figure]:
    late = sum(cell.count for cell in cells if cell.late)
    opened = queries.total(counts, OPEN)
    tiles = [
        Figure(
            _("Open issues"), str(opened), _("issues"), _("Registered and not yet closed out, rejected or merged."),
            late, opened, links.register(light="red"), links.register(state="open"),
            _("Numerator: overdue now."),
        )
    ]  # fmt: skip
    for kind, name in (
        (ClockKind.ACKNOWLEDGE, _("Acknowledged in time")),
        (ClockKind.RECTIFY, _("Rectified in time")),
    ):
        tiles.append(_rate_tile(name, kind, rates.all(kind), period))
    closed = counts[IssueStatus.CLOSED]
    all_ = sum(counts.values())
    share = queries.Rate(closed, all_)
    tiles.append(
        Figure(
            _("Closed out"), _percent(share), "%" if share.enough else "",
            _("Closed out ÷ all registered issues, as they stand now."),
            closed, all_, links.register(state=IssueStatus.CLOSED.value), links.register(state="all"),
        )
    )  # fmt: skip
    return tiles


def _rate_tile(name: str, kind: ClockKind, rate: queries.Rate, period: Period) -> Figure:
    return Figure(
        name,
        _percent(rate),
        "%" if rate.enough else "",
        _("Issues with no limit missed ÷ issues with a limit due in the period. One running past its day is missed."),
        rate.met,
        rate.due,
        links.clocks(kind.value, period, met=True),
        links.clocks(kind.value, period),
        "" if rate.enough else _("Fewer than %(n)s: too few for a rate.") % {"n": queries.MINIMUM_SAMPLE},
    )


def _percent(rate: queries.Rate) -> str:
    return f"{rate.percent}" if rate.enough else _("too few")


def _department_links(row: queries.DepartmentRow, period: Period) -> dict[str, str]:
    lead = row.department.pk
    return {
        "open": links.register(state="open", lead=lead),
        "closed": links.register(state=IssueStatus.CLOSED.value, lead=lead),
        "overdue": links.register(light="red", lead=lead),
        "own": links.register(state="all", lead=lead, own="yes"),
        "due": links.clocks(ClockKind.RECTIFY.value, period, lead=lead),
        "met": links.clocks(ClockKind.RECTIFY.value, period, met=True, lead=lead),
    }


def _seam_cells(need: int, cells: list[int | None], columns: list[Any]) -> list[tuple[int | None, str, int]]:
    """Number, address and heat (0–3) of each cell of a row."""
    return [
        (n, links.register(state="all", need=need, hold=hold.pk) if n else "", min(n or 0, 3))
        for n, hold in zip(cells, columns, strict=True)
    ]
