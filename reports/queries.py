"""The figures of the dashboard, each from one query over what the reader may see.

Counts of acts come from milestone events and frozen clocks, never from a "modified" time. Rates divide by what was
due in the period, not by what came in (the practice of Lianyungang's published figures).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import TruncWeek
from django.utils import timezone

from accounts.models import Department
from issues.choices import OPEN, ClockKind, IssueStatus
from issues.due import having, red_limits
from issues.milestones import MISSED, judged, moments
from issues.models import Issue, IssueCategory, IssueEvent
from reports.periods import Period

WEEKS_SHOWN = 9
MINIMUM_SAMPLE = 3


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with its base. Below the minimum sample no percentage is shown."""

    met: int
    due: int

    @property
    def percent(self) -> float | None:
        return round(100 * self.met / self.due, 1) if self.due else None

    @property
    def enough(self) -> bool:
        return self.due >= MINIMUM_SAMPLE


@dataclass(slots=True)
class Week:
    """Registered and closed-out issues of one ISO week, and how many were open at its end."""

    monday: date
    opened: int = 0
    closed: int = 0
    stock: int = 0

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


@dataclass(slots=True)
class DepartmentRow:
    """One lead department of the league table."""

    department: Department
    open: int = 0
    closed: int = 0
    overdue: int = 0
    own_finds: int = 0
    rectified: Rate = field(default_factory=lambda: Rate(0, 0))


@dataclass(slots=True)
class CategoryRow:
    """One kind of problem. `total` holds those not accepted or merged too, as its list does."""

    category: IssueCategory
    open: int = 0
    closed: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """How many issues share state, lead department, category, and whether they are own findings and overdue."""

    status: str
    lead: int | None
    category: int
    own: bool
    late: bool
    count: int

    @property
    def open(self) -> bool:
        return self.status in OPEN


def cells(issues: QuerySet[Any], today: date) -> list[Cell]:
    """The register counted once, for every figure that adds these numbers up."""
    late = Q(status__in=OPEN) & Exists(red_limits(today).filter(issue=OuterRef("pk")))
    own = Q(lead_department__isnull=False, found_by_department=F("lead_department"))
    rows = (
        issues.order_by()
        .annotate(own=_flag(own), late=_flag(late))
        .values_list("status", "lead_department_id", "category_id", "own", "late")
        .annotate(n=Count("pk"))
    )
    return [Cell(*row) for row in rows]


def _flag(condition: Any) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def by_state(counted: Iterable[Cell]) -> dict[str, int]:
    """How many issues stand in each state now."""
    found: Counter[str] = Counter()
    for cell in counted:
        found[cell.status] += cell.count
    return {state: found[state] for state in IssueStatus.values}


def longest_overdue(issues: QuerySet[Any], today: date, count: int = 8) -> list[Any]:
    """Those longest past their day, the oldest first."""
    late = red_limits(today)
    first = late.filter(issue=OuterRef("pk")).order_by("due_on").values("due_on")[:1]
    rows = issues.filter(having(late), status__in=OPEN).annotate(oldest_due=Subquery(first))
    return list(rows.order_by("oldest_due", "pk").select_related("lead_department")[:count])


class Rates:
    """Limits by kind and lead department: issues with a limit due in the period, and those with none missed."""

    def __init__(self, rows: Iterable[tuple[str, int | None, int, int]]) -> None:
        self._rows = {(kind, lead): Rate(due - missed, due) for kind, lead, due, missed in rows}

    def of(self, kind: ClockKind, lead: int) -> Rate:
        """One department's."""
        return self._rows.get((kind, lead), Rate(0, 0))

    def all(self, kind: ClockKind) -> Rate:
        """Everybody's."""
        found = [rate for (of_kind, _lead), rate in self._rows.items() if of_kind == kind]
        return Rate(sum(rate.met for rate in found), sum(rate.due for rate in found))


def rates(issues: QuerySet[Any], period: Period, today: date) -> Rates:
    """What was due in the period, for all kinds of limits at once."""
    due = judged(None, period.first, period.last, today).filter(issue__in=issues).order_by()
    counted = due.values_list("kind", "issue__lead_department_id").annotate(
        due=Count("issue", distinct=True), missed=Count("issue", distinct=True, filter=MISSED)
    )
    return Rates(counted)


@dataclass(frozen=True, slots=True)
class Milestone:
    """One act in one week: how often, and on how many issues."""

    action: str
    monday: date
    events: int
    issues: int


def milestones(issues: QuerySet[Any], last: date) -> list[Milestone]:
    """Registering, closing and reopening by week, from the start until `last`."""
    acts = ["register", "close_out", "reopen", "reject", "merge", "look_back"]
    rows = (
        IssueEvent.objects.filter(moments("at", None, last), issue__in=issues, action__in=acts)
        .exclude(to_state="")
        .order_by()
        .annotate(week=TruncWeek("at"))
        .values_list("action", "to_state", "week")
        .annotate(n=Count("pk"), issues=Count("issue", distinct=True))
    )
    return [
        Milestone("reopen" if _comes_back(action, to_state) else action, timezone.localdate(week), n, of)
        for action, to_state, week, n, of in rows
    ]


def _comes_back(action: str, to_state: str) -> bool:
    return action != "register" and to_state in OPEN


def weekly(counted: Iterable[Milestone], period: Period) -> list[Week]:
    """The last weeks of the period; `stock` runs on from everything counted before."""
    last = period.last - timedelta(days=period.last.weekday())
    mondays = [last - timedelta(weeks=n) for n in range(WEEKS_SHOWN - 1, -1, -1)]
    weeks = {monday: Week(monday) for monday in mondays}
    change: dict[date, int] = defaultdict(int)
    for found in counted:
        comes = found.action in ("register", "reopen")
        change[found.monday] += found.events if comes else -found.events
        if found.monday in weeks and found.action == "register":
            weeks[found.monday].opened += found.issues
        elif found.monday in weeks and found.action == "close_out":
            weeks[found.monday].closed += found.issues
    stock = sum(n for monday, n in change.items() if monday < mondays[0])
    for monday, week in weeks.items():
        stock += change[monday]
        week.stock = stock
    return list(weeks.values())


def by_department(counted: Iterable[Cell], found: Rates, names: Mapping[int, Department]) -> list[DepartmentRow]:
    """The league table: lead departments with their open, closed and overdue issues and the rate in time."""
    rows: dict[int, DepartmentRow] = {}
    for cell in counted:
        if cell.lead is None:
            continue
        row = rows.setdefault(
            cell.lead, DepartmentRow(names[cell.lead], rectified=found.of(ClockKind.RECTIFY, cell.lead))
        )
        row.open += cell.count * cell.open
        row.closed += cell.count * (cell.status == IssueStatus.CLOSED)
        row.overdue += cell.count * cell.late
        row.own_finds += cell.count * cell.own
    return sorted(rows.values(), key=_rank)


def _rank(row: DepartmentRow) -> tuple[bool, float, int, int]:
    """Those with a rate first, the best rate on top, then who closed more."""
    rated = row.rectified.enough
    return not rated, -(row.rectified.percent or 0) if rated else 0.0, -row.closed, row.department.sort_order


def by_category(counted: Iterable[Cell]) -> list[CategoryRow]:
    """Open and closed issues of each category, the largest first: one query for the names."""
    counted = list(counted)
    names = IssueCategory.objects.in_bulk({cell.category for cell in counted})
    rows = {pk: CategoryRow(category) for pk, category in names.items()}
    for cell in counted:
        rows[cell.category].total += cell.count
        rows[cell.category].open += cell.count * cell.open
        rows[cell.category].closed += cell.count * (cell.status == IssueStatus.CLOSED)
    return sorted(rows.values(), key=lambda row: (-row.total, row.category.code))


def departments() -> dict[int, Department]:
    """Every department by key: a district has some dozens, and all tables name them."""
    return Department.objects.in_bulk()


@dataclass(frozen=True, slots=True)
class SeamMatrix:
    """Departments that need × departments that hold, with the number of issues in each cell."""

    rows: list[tuple[Department, list[int | None], int]]
    columns: list[Department]


def seams(issues: QuerySet[Any], names: Mapping[int, Department], size: int = 9) -> SeamMatrix:
    """The busiest pairs. An issue with several holders counts once per pair; the diagonal is None."""
    pairs = (
        issues.filter(needing_department__isnull=False, holding_departments__isnull=False)
        .order_by()
        .values_list("needing_department_id", "holding_departments")
        .annotate(n=Count("pk"))
    )
    found = {(need, hold): n for need, hold, n in pairs if need != hold}
    needing, holding = Counter[int](), Counter[int]()
    for (need, hold), n in found.items():
        needing[need] += n
        holding[hold] += n
    columns = [pk for pk, _n in holding.most_common(size)]
    rows = [
        (names[need], [None if need == hold else found.get((need, hold), 0) for hold in columns], total)
        for need, total in needing.most_common(size)
    ]
    return SeamMatrix(rows, [names[pk] for pk in columns])


def all_issues(user: Any) -> QuerySet[Any]:
    """The one source of every figure: what the reader may see."""
    return Issue.objects.visible_to(user)


def total(counts: dict[str, int], states: Iterable[str]) -> int:
    return sum(counts[state] for state in states)
