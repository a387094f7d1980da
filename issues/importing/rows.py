"""Rows of a register file: columns by the words above them, values resolved, refusals in plain words."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Department, User
from catalog.choices import Half
from catalog.models import Hall, ServiceItem, Window
from issues.choices import Cause, IssueSeverity, IssueStatus, Source
from issues.models import IssueCategory

STATES = {
    "待确认": IssueStatus.REGISTERED,
    "已登记": IssueStatus.REGISTERED,
    "已派发": IssueStatus.ASSIGNED,
    "待签收": IssueStatus.ASSIGNED,
    "整改中": IssueStatus.RECTIFYING,
    "退回重办": IssueStatus.RECTIFYING,
    "待复核": IssueStatus.AWAITING_VERIFICATION,
    "待核验": IssueStatus.AWAITING_VERIFICATION,
    "已销号": IssueStatus.CLOSED,
}
SOURCES = (
    ("交叉", Source.CROSS_SESSION),
    ("坐班", Source.SITTING),
    ("巡查|督查|检查", Source.INSPECTION),
    ("办不成事", Source.UNRESOLVED_WINDOW),
    ("体验员", Source.EXPERIENCE_OFFICER),
    ("掌上|扫码|小程序", Source.INTAKE),
    ("12345|热线|工单", Source.HOTLINE),
    ("座谈|会议", Source.MEETING),
)
SEVERITIES = {"一般": IssueSeverity.NORMAL, "较重": IssueSeverity.SERIOUS, "严重": IssueSeverity.SEVERE}
CAUSES = {
    "材料缺失": Cause.MISSING_MATERIAL,
    "跨部门协调难": Cause.COORDINATION,
    "政策执行僵化": Cause.RIGID_POLICY,
    "系统故障": Cause.SYSTEM_FAULT,
    "历史遗留问题": Cause.LEGACY,
}
Move = Callable[[date], date]


class RowError(Exception):
    """This row cannot come in; the message names column and value and says what to do."""


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One row, resolved."""

    serial: int
    number: str
    title: str
    description: str
    steps_taken: str
    suggestion: str
    found_on: date
    half: str
    source: str
    finder: User | None
    finder_label: str
    finder_department: Department | None
    found_as: str
    hall: Hall
    window: Window | None
    item: ServiceItem | None
    step_number: int | None
    step_name: str
    category: IssueCategory
    cause: str
    severity: str
    document_codes: list[str]
    lead: Department | None
    supporting: list[Department]
    status: IssueStatus
    returned: bool
    due_on: date | None
    measures: str
    closed_on: date | None
    image: str


@dataclass(slots=True)
class Resolver:
    """Looks names up once for the whole file. `move` shifts every date (the demo brings its district to this week)."""

    move: Move = field(default=lambda day: day)
    departments: dict[str, Department] = field(default_factory=dict)
    halls: dict[str, Hall] = field(default_factory=dict)
    windows: dict[tuple[int, str], Window] = field(default_factory=dict)
    items: dict[str, ServiceItem] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    categories: dict[str, IssueCategory] = field(default_factory=dict)

    @classmethod
    def load(cls, move: Move | None = None) -> "Resolver":
        """Everything a register may name, by code and by name."""
        found = cls(move or (lambda day: day))
        for department in Department.objects.all():
            names = [department.code, department.name, department.short_name, *department.former_names]
            found.departments |= dict.fromkeys(names, department)
        for hall in Hall.objects.all():
            found.halls |= {hall.code: hall, hall.name: hall}
        found.windows = {(window.hall_id, window.number): window for window in Window.objects.select_related("hall")}
        for item in ServiceItem.objects.select_related("department").prefetch_related("steps", "documents"):
            found.items |= {item.code: item}
            found.items.setdefault(item.name, item)
        found.people = {user.code: user for user in User.objects.exclude(code="").select_related("department")}
        for category in IssueCategory.objects.all():
            found.categories |= {category.code: category, category.name: category}
        return found

    def resolve(self, cells: dict[str, str], serial: int) -> IssueRow:
        """The row as values. Raises RowError."""
        hall = _known(self.halls, cells, _("Hall"), "hall")
        item = self.items.get(cells.get("item_code", "")) or self.items.get(cells.get("item", ""))
        status, lead = self._state(cells)
        finder = self.people.get(cells.get("finder_code", ""))
        step_number, step_name = _step(item, cells.get("step", ""))
        category = _known(self.categories, cells, _("Category"), "category_code", "category")
        return IssueRow(
            serial=serial,
            number=_text(cells, _("Issue number"), "number"),
            title=_text(cells, _("Title"), "title"),
            description=cells.get("description") or _text(cells, _("Title"), "title"),
            steps_taken=cells.get("steps_taken", "").replace("；", "\n"),
            suggestion=cells.get("suggestion", ""),
            found_on=self._day(cells, _("Found on"), "found_on"),
            half={"上午": Half.AM.value, "下午": Half.PM.value}.get(cells.get("half", ""), ""),
            source=_source(cells.get("source", "")),
            finder=finder,
            finder_label=cells.get("finder") or (finder.display_name if finder else _("Unknown")),
            finder_department=self._finder_department(cells, finder),
            found_as=cells.get("found_as", ""),
            hall=hall,
            window=self.windows.get((hall.pk, cells.get("window", ""))),
            item=item,
            step_number=step_number,
            step_name=step_name,
            category=category,
            cause=CAUSES.get(category.name, ""),
            severity=SEVERITIES.get(cells.get("severity", ""), IssueSeverity.NORMAL),
            document_codes=_parts(cells.get("documents", "")),
            lead=lead,
            supporting=self._supporting(cells, lead),
            status=status,
            returned=cells.get("state") == "退回重办",
            due_on=self._day(cells, _("Due"), "due_on") if cells.get("due_on") else None,
            measures=cells.get("measures", ""),
            closed_on=self._closed_on(cells, status),
            image=cells.get("image", ""),
        )

    def _state(self, cells: dict[str, str]) -> tuple[IssueStatus, Department | None]:
        """Where it stands and who leads; what was assigned names its lead."""
        status: IssueStatus = _known(STATES, cells, _("State"), "state")
        lead = self.departments.get(cells.get("lead_code", "")) or self.departments.get(cells.get("lead", ""))
        if status != IssueStatus.REGISTERED and lead is None:
            raise RowError(_("Column “Responsible department”: no department is called “%s”.") % cells.get("lead", ""))
        return status, lead

    def _finder_department(self, cells: dict[str, str], finder: User | None) -> Department | None:
        named = self.departments.get(cells.get("finder_department", ""))
        return named or (finder.department if finder else None)

    def _supporting(self, cells: dict[str, str], lead: Department | None) -> list[Department]:
        names = _parts(cells.get("supporting_codes") or cells.get("supporting", ""))
        unknown = [name for name in names if name not in self.departments]
        if unknown:
            raise RowError(_("Column “Supporting departments”: no department is called “%s”.") % unknown[0])
        return [self.departments[name] for name in dict.fromkeys(names) if self.departments[name] != lead]

    def _closed_on(self, cells: dict[str, str], status: str) -> date | None:
        if status == IssueStatus.CLOSED:
            return self._day(cells, _("Closed on"), "closed_on")
        return None

    def _day(self, cells: dict[str, str], column: str, name: str) -> date:
        given = cells.get(name, "")
        found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", given)
        try:
            return self.move(date(*(int(part) for part in found.groups()))) if found else _no_date(column, given)
        except ValueError:
            return _no_date(column, given)


def _no_date(column: str, given: str) -> date:
    raise RowError(
        _("Column “%(column)s”: “%(value)s” is no date. Write it as 2026-05-18.") % {"column": column, "value": given}
    )


def _text(cells: dict[str, str], column: str, name: str) -> str:
    if not cells.get(name):
        raise RowError(_("Column “%(column)s” is empty. Please fill it in.") % {"column": column})
    return cells[name]


def _known(table: dict[str, Any], cells: dict[str, str], column: str, *names: str) -> Any:
    for name in names:
        if cells.get(name) in table:
            return table[cells[name]]
    value = next((cells[name] for name in names if cells.get(name)), "")
    raise RowError(
        _("Column “%(column)s”: “%(value)s” is not known here. Use a name or code that the hall has.")
        % {"column": column, "value": value}
    )


def _parts(value: str) -> list[str]:
    return [part.strip() for part in re.split("[;；、,，]", value) if part.strip()]


def _source(value: str) -> str:
    for pattern, source in SOURCES:
        if re.search(pattern, value):
            return source.value
    return Source.MEETING.value


def _step(item: ServiceItem | None, name: str) -> tuple[int | None, str]:
    steps: Iterable[Any] = item.steps.all() if item else ()
    return next((step.number for step in steps if step.name == name), None), name
