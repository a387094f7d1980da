"""Files of a register → resolved rows, and what was refused, in the report format of every import."""

import re
from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _

from catalog.importing.headers import Table, understand
from catalog.importing.kinds import Kind
from catalog.importing.reading import read
from catalog.importing.report import CREATED, REJECTED, UNCHANGED, Entry, Report
from issues.importing.rows import IssueRow, Move, Resolver, RowError
from issues.models import IssueCategory


def _kind(name: str, words: str, must: tuple[tuple[str, ...], ...], /, **columns: str) -> Kind:
    return Kind(name, words, {field: re.compile(f"{pattern}|{field}") for field, pattern in columns.items()}, must)


_UNIT = "(部门|单位)"
KINDS = (
    _kind(
        "issue",
        "问题|台账",
        (("number",), ("title",), ("state",)),
        number="问题(编号|编码|序号)|编号",
        title="(问题)?(标题|名称)",
        found_on="(发现|登记|反映)(日期|时间)",
        half="时段|半天",
        source="(问题)?来源(渠道)?",
        finder_code="发现人(编号|编码)",
        finder_department=f"发现人(所在)?{_UNIT}(编码|名称)?",
        finder="(发现人|反映人)(姓名)?",
        found_as="(体验)?身份",
        hall="(所在)?大厅(名称|编码)?",
        window="窗口(号|编号)?",
        item_code="事项(编码|编号)",
        item="事项(名称)?",
        step="(办理)?环节(名称)?",
        category_code="(问题)?类别(编码|编号)",
        category="(问题)?(类别|类型)(名称)?",
        severity="严重程度|程度",
        description="(问题|场景)(描述|经过)",
        steps_taken="操作步骤|步骤",
        documents="涉及材料(编码)?",
        lead_code=f"(责任|牵头|整改){_UNIT}(编码|编号)",
        lead=f"(责任|牵头|整改){_UNIT}(名称|简称)?",
        supporting_codes=f"(协同|协办|配合){_UNIT}(编码|编号)",
        supporting=f"(协同|协办|配合){_UNIT}(名称|简称)?",
        suggestion="(优化|整改|改进)?建议",
        state="(处理|办理|当前)?状态",
        due_on="整改(期限|时限)|(完成)?期限",
        measures="整改(措施|情况|结果)",
        closed_on="(销号|办结|完成)(日期|时间)",
        image="截图(文件)?|图片(文件)?",
    ),
    _kind(
        "category",
        "类别",
        (("code",), ("name",)),
        code="(问题)?类别(编码|编号)",
        name="(问题)?类别(名称)?",
        description="说明|解释",
        name_en="英文(名称)?",
    ),
)


def tables(paths: Iterable[Path]) -> list[Table]:
    """The issue and category tables in these files; other sheets are left alone."""
    found = [understand(sheet, kinds=KINDS, foreign=None) for sheet in read(paths)]
    return [table for table in found if table is not None]


def read_categories(found: Iterable[Table], report: Report) -> None:
    """Make or refresh the categories."""
    for table in found:
        if table.kind.name != "category":
            continue
        for number, cells in table.rows:
            values = {name: cells.get(name, "").strip() for name in ("name", "description", "name_en")}
            code = cells.get("code", "").strip()
            _row, made = IssueCategory.objects.update_or_create(code=code, defaults=values)
            report.add(Entry(table.file, table.sheet, number, "category", code, CREATED if made else UNCHANGED))


def resolve_rows(found: Iterable[Table], report: Report, move: Move | None = None) -> list[tuple[IssueRow, Entry]]:
    """The issue rows that can come in, each with its line of the report; the others are reported as rejected."""
    resolver = Resolver.load(move)
    good: list[tuple[IssueRow, Entry]] = []
    seen: set[str] = set()
    for table in found:
        for number, raw in table.rows if table.kind.name == "issue" else ():
            cells = {name: value.strip() for name, value in raw.items()}
            entry = report.add(Entry(table.file, table.sheet, number, "issue", cells.get("number", "")))
            try:
                if cells.get("number") in seen:
                    raise RowError(_("Column “Issue number”: this number stands in an earlier row already."))
                good.append((resolver.resolve(cells, len(good)), entry))
                seen.add(cells["number"])
            except RowError as error:
                entry.status, entry.code, entry.messages = REJECTED, "value", [str(error)]
    return good


def read_rows(paths: Iterable[Path], move: Move | None = None) -> list[IssueRow]:
    """Categories written, rows resolved. Raises RowError at the first row that cannot come in."""
    report, found = Report(), tables(paths)
    read_categories(found, report)
    rows = [row for row, _entry in resolve_rows(found, report, move)]
    refused = [entry for entry in report.entries if entry.status == REJECTED]
    if refused:
        raise RowError(f"{refused[0].where} {refused[0].row}: {refused[0].messages[0]}")
    return rows
