"""The figures of the dashboard, each from one query over what the reader may see.

Counts of acts come from milestone events and frozen clocks, never from a "modified" time. Rates divide by what was
due in the period, not by what came in (the practice of Lianyungang's published figures).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from accounts.models import Department
from issues.choices import OPEN, ClockKind, IssueStatus
from issues.milestones import MISSED, judged, moments
from issues.models import Clock, Issue, IssueCategory, IssueEvent
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
    category: IssueCategory
    open: int = 0
    closed: int = 0

    @property
    def total(self) -> int:
        return self.open + self.closed


def by_state(issues: QuerySet[Any]) -> dict[str, int]:
    """How many issues stand in each state now."""
    rows = issues.order_by().values_list("status").annotate(n=Count("pk"))
    found = dict(rows)
    return {state: found.get(state, 0) for state in IssueStatus.values}


def running(issues: QuerySet[Any]) -> QuerySet[Any]:
    """The running clocks of open issues. A suspended one counts too: suspension never hides a red light."""
    return Clock.objects.filter(issue__in=issues.filter(status__in=OPEN), stopped_at__isnull=True)


def overdue(issues: QuerySet[Any], today: date) -> QuerySet[Any]:
    """Open issues with a running clock past its day."""
    late = Clock.objects.filter(stopped_at__isnull=True, due_on__lt=today).values("issue_id")
    return issues.filter(status__in=OPEN, pk__in=late)


def longest_overdue(issues: QuerySet[Any], today: date, count: int = 8) -> list[Any]:
    """Those longest past their day, the oldest first."""
    late = Q(clocks__stopped_at__isnull=True, clocks__due_on__lt=today)
    rows = overdue(issues, today).annotate(oldest_due=Min("clocks__due_on", filter=late)).order_by("oldest_due", "pk")
    return list(rows.select_related("lead_department").prefetch_related("supervision_notices")[:count])


def clock_rate(issues: QuerySet[Any], kind: ClockKind, period: Period, today: date) -> Rate:
    """Issues with a limit of this kind that was due in the period, and in how many of them none was missed."""
    due = judged(kind, period.first, period.last, today).filter(issue__in=issues)
    figures = due.aggregate(due=Count("issue", distinct=True), missed=Count("issue", distinct=True, filter=MISSED))
    return Rate(figures["due"] - figures["missed"], figures["due"])


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


def by_department(issues: QuerySet[Any], period: Period, today: date) -> list[DepartmentRow]:
    """The league table: lead departments with their open, closed and overdue issues and the rate in time."""
    late = overdue(issues, today).values("pk")
    counts = (
        issues.filter(lead_department__isnull=False)
        .order_by()
        .values_list("lead_department_id")
        .annotate(
            open=Count("pk", filter=Q(status__in=OPEN)),
            closed=Count("pk", filter=Q(status=IssueStatus.CLOSED)),
            overdue=Count("pk", filter=Q(pk__in=late)),
            own=Count("pk", filter=Q(found_by_department=F("lead_department"))),
        )
    )
    rates = _rates_by_department(issues, period, today)
    departments = Department.objects.in_bulk([row[0] for row in counts])
    rows = [
        DepartmentRow(departments[pk], opened, closed, overdue_count, own, rates.get(pk, Rate(0, 0)))
        for pk, opened, closed, overdue_count, own in counts
    ]
    return sorted(rows, key=lambda row: (not row.rectified.enough, -(row.rectified.percent or 0), -row.closed))


def _rates_by_department(issues: QuerySet[Any], period: Period, today: date) -> dict[int, Rate]:
    due = judged(ClockKind.RECTIFY, period.first, period.last, today).filter(issue__in=issues)
    rows = (
        due.order_by()
        .values_list("issue__lead_department_id")
        .annotate(due=Count("issue", distinct=True), missed=Count("issue", distinct=True, filter=MISSED))
    )
    return {pk: Rate(n - missed, n) for pk, n, missed in rows}


def by_category(issues: QuerySet[Any]) -> list[CategoryRow]:
    """Open and closed issues of each category, the largest first."""
    counts = (
        issues.order_by()
        .values_list("category_id")
        .annotate(open=Count("pk", filter=Q(status__in=OPEN)), closed=Count("pk", filter=Q(status=IssueStatus.CLOSED)))
    )
    categories = IssueCategory.objects.in_bulk([row[0] for row in counts])
    rows = [CategoryRow(categories[pk], opened, closed) for pk, opened, closed in counts]
    return sorted(rows, key=lambda row: (-row.total, row.category.code))


@dataclass(frozen=True, slots=True)
class SeamMatrix:
    """Departments that need × departments that hold, with the number of issues in each cell."""

    rows: list[tuple[Department, list[int | None], int]]
    columns: list[Department]


def seams(issues: QuerySet[Any], size: int = 9) -> SeamMatrix:
    """The busiest pairs. An issue with several holders counts once per pair; the diagonal is None."""
    pairs = (
        issues.filter(needing_department__isnull=False, holding_departments__isnull=False)
        .order_by()
        .values_list("needing_department_id", "holding_departments")
        .annotate(n=Count("pk"))
    )
    cells = {(need, hold): n for need, hold, n in pairs if need != hold}
    needing, holding = Counter[int](), Counter[int]()
    for (need, hold), n in cells.items():
        needing[need] += n
        holding[hold] += n
    names = Department.objects.in_bulk({*needing, *holding})
    columns = [pk for pk, _n in holding.most_common(size)]
    rows = [
        (names[need], [None if need == hold else cells.get((need, hold), 0) for hold in columns], total)
        for need, total in needing.most_common(size)
    ]
    return SeamMatrix(rows, [names[pk] for pk in columns])


def all_issues(user: Any) -> QuerySet[Any]:
    """The one source of every figure: what the reader may see."""
    return Issue.objects.visible_to(user)


def total(counts: dict[str, int], states: Iterable[str]) -> int:
    return sum(counts[state] for state in states)
