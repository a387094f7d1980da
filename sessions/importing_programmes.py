"""Programmes from a hall's file: name, kind, days, quotas per rank, notice, own department."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Rank
from accounts.models import Department, User
from catalog.importing import cleaning
from catalog.importing.dates import day
from catalog.importing.headers import understand
from catalog.importing.kinds import Kind
from catalog.importing.reading import read
from catalog.importing.report import CREATED, REJECTED, SKIPPED, Entry, Report
from catalog.models import Hall, ServiceItem
from core import clock
from sessions import services
from sessions.choices import Mode, ProgrammeKind, QuotaPeriod
from sessions.models import Programme

PERIODS = {
    "周": QuotaPeriod.WEEK,
    "每周": QuotaPeriod.WEEK,
    "月": QuotaPeriod.MONTH,
    "每月": QuotaPeriod.MONTH,
    "季度": QuotaPeriod.QUARTER,
    "每季度": QuotaPeriod.QUARTER,
    "活动期": QuotaPeriod.PROGRAMME,
}
_COLUMNS = {
    "code": "活动(编码|编号)|编码",
    "name": "活动(名称)?|名称",
    "kind": "(活动)?(方式|类型)",
    "starts_on": "开始(日期|时间)",
    "ends_on": "(结束|截止)(日期|时间)",
    "principal_minimum": "主要领导(最少)?次数",
    "principal_period": "主要领导(次数)?周期",
    "deputy_minimum": "分管领导(最少)?次数",
    "deputy_period": "分管领导(次数)?周期",
    "half_days_per_visit": "每次半天数",
    "notice_days": "提前(公示|公布)?天数",
    "own_allowed": "允许坐本部门窗口|(是否)?可坐本部门(窗口)?",
    "note": "说明|备注",
}
KIND = Kind(
    "programme",
    "活动",
    {name: re.compile(f"{words}|{name}") for name, words in _COLUMNS.items()},
    (("name",), ("starts_on",)),
)
Move = Callable[[date], date]


def _count(cells: Mapping[str, str], name: str, default: int) -> int:
    """A whole number, or the default for a blank cell. Raises CellError."""
    value = cells.get(name, "")
    return default if cleaning.is_nothing(value) else cleaning.whole(value)


def _quota(cells: Mapping[str, str], rank: str) -> dict[str, Any]:
    period = PERIODS.get(cells.get(f"{rank}_period", "").strip(), QuotaPeriod.PROGRAMME)
    minimum = _count(cells, f"{rank}_minimum", 0)
    # What the programmes of the press reports promise per year: quarterly → 2, monthly → 6 (Ningbo's city rule).
    floor = {QuotaPeriod.QUARTER: 2, QuotaPeriod.MONTH: 6}.get(period, 0) if minimum else 0
    return {"rank": rank, "period": period, "minimum": minimum, "maximum": None, "floor_per_year": floor}


def _fields(cells: Mapping[str, str], move: Move) -> dict[str, Any]:
    cross = "交叉" in cells.get("kind", "")
    starts, ends = (day(cells.get(name) or cells["starts_on"], clock.today().year) for name in ("starts_on", "ends_on"))
    return {
        "code": cleaning.code(cells.get("code", "")) or cleaning.name(cells["name"])[:40],
        "name": cleaning.name(cells["name"]),
        "kind": ProgrammeKind.CROSS if cross else ProgrammeKind.SITTING,
        "modes": [mode.value for mode in Mode] if cross else [Mode.CLERK.value],
        "starts_on": move(starts),
        "ends_on": move(ends),
        "half_days_per_visit": _count(cells, "half_days_per_visit", 1),
        "notice_days": _count(cells, "notice_days", 0),
        "own_department_allowed": cleaning.yes(cells.get("own_allowed", "")),
        "note": cells.get("note", "").strip(),
        "halls": list(Hall.objects.all()),
        "departments": list(Department.objects.filter(participates=True)),
        "handling_list": list(ServiceItem.objects.filter(in_visit_list=True)),
        "quotas": [_quota(cells, Rank.PRINCIPAL.value), _quota(cells, Rank.DEPUTY.value)],
    }


@transaction.atomic
def import_programmes(paths: Iterable[Path], *, actor: User, move: Move | None = None) -> Report:
    """Make the programmes of these files; those whose code exists are skipped. `move` shifts the dates."""
    report = Report()
    for sheet in read(paths):
        table = understand(sheet, kinds=(KIND,), foreign=None)
        for number, cells in table.rows if table else ():
            entry = report.add(Entry(sheet.file, sheet.name, number, "programme", cells.get("code", "")))
            try:
                fields = _fields(cells, move or (lambda day: day))
            except cleaning.CellError as error:
                entry.status, entry.code, entry.messages = REJECTED, error.code, [str(error)]
                continue
            if Programme.objects.filter(code=fields["code"]).exists():
                entry.status, entry.messages = SKIPPED, [_("This programme exists already.")]
                continue
            services.create_programme(actor, **fields)
            entry.status = CREATED
    return report
