"""Files as halls really keep them: each kind of mess, and exactly the right rows turned down."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from catalog.importing.reading import Sheet, UnreadableError, read, read_content
from catalog.importing.report import Report
from catalog.importing.run import Options, import_sheets
from catalog.models import ProcedureStep, ServiceItem
from tests import factories
from tests.conftest import District

pytestmark = pytest.mark.django_db
HEAD = [
    "事项名称",
    "事项编码",
    "承诺时限（工作日）",
    "法定时限\n(工作日)",
    "主管部门",
    "受理窗口",
    "服务对象",
    "网办深度",
]


def row(code: str = "X-1", **given: str) -> list[str]:
    values = dict(zip(HEAD, [f"事项{code}", code, "5", "10", "住建局", "A14", "法人", "全程网办"], strict=True))
    return list((values | given).values())


def run(*rows: list[str], head: list[str] | None = None, name: str = "事项", **options: Any) -> Report:
    return import_sheets([Sheet("a.csv", name, [head or HEAD, *rows])], Options(**options))


def codes(report: Report) -> list[tuple[int, str, str]]:
    return [(entry.row, entry.status, entry.code) for entry in report.entries]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"主管部门": "没有的局"}, "unknown_department"),
        ({"主管部门": ""}, "missing"),
        ({"事项名称": ""}, "missing"),
        ({"承诺时限（工作日）": "很快"}, "not_a_number"),
        ({"承诺时限（工作日）": "11"}, "promised_over_statutory"),
        ({"受理窗口": "Q99"}, "unknown_window"),
        ({"服务对象": "外星人"}, "unknown_value"),
        ({"事项名称": "长" * 201}, "too_long"),
        ({"事项名称": "坏\x01字"}, "illegal"),
    ],
)
def test_only_the_bad_row_is_turned_down(district: District, given: dict[str, str], code: str) -> None:
    report = run(row(), row("X-2", **given), row("X-3"))
    assert codes(report) == [(2, "created", ""), (3, "rejected", code), (4, "created", "")]
    assert report.exit_code == 1
    assert report.entries[1].messages
    assert ServiceItem.objects.filter(code__startswith="X-").count() == 2


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        ({"承诺时限（工作日）": "５个工作日"}, "committed_days", 5),
        ({"承诺时限（工作日）": "即办"}, "committed_days", 0),
        ({"承诺时限（工作日）": "0.25"}, "committed_days", 0.25),
        ({"法定时限\n(工作日)": "二十个工作日内"}, "statutory_days", 20),
        ({"法定时限\n(工作日)": "—"}, "statutory_days", None),
        ({"主管部门": " 住 建 局\u200b"}, "department_id", "a"),
        ({"主管部门": "D01"}, "department_id", "a"),
        ({"事项名称": "施工\n许可　核发"}, "name", "施工许可核发"),
        ({"受理窗口": "A14号窗口"}, "window_id", "window"),
        ({"网办深度": "四级深度"}, "online_depth", "full"),
    ],
)
def test_what_nobody_meant_is_taken_off(district: District, given: dict[str, str], field: str, value: Any) -> None:
    report = run(row(**given))
    assert codes(report) == [(2, "created", "")]
    wanted = {"a": district.a.pk, "window": district.window_a.pk}.get(str(value), value)
    assert getattr(ServiceItem.objects.get(code="X-1"), field) == wanted


def test_titles_headings_sums_and_blank_lines_are_dropped_visibly(district: District) -> None:
    above = [["望澜区事项清单", *[""] * 7], ["", *[""] * 7]]
    below = [["一、住建局", *[""] * 7], row(), [""] * 8, HEAD, ["合计", "1", *[""] * 6], ["注：以公告为准", *[""] * 7]]
    report = import_sheets([Sheet("a.xlsx", "清单", [*above, HEAD, *below])], Options())
    assert codes(report) == [
        (1, "ignored", "title"),
        (4, "ignored", "section"),
        (5, "created", ""),
        (6, "ignored", "blank"),
        (7, "ignored", "repeated_header"),
        (8, "ignored", "subtotal"),
        (9, "ignored", "note"),
    ]


def test_two_level_heading_and_merged_cells(district: District) -> None:
    upper = ["事项名称", "事项编码", "时限（工作日）", "", "主管部门", "服务对象"]
    lower = ["", "", "法定", "承诺", "", ""]
    rows = [upper, lower, ["甲事项", "X-1", "10", "5", "住建局", "法人"], ["乙事项", "X-2", "8", "5", "", "法人"]]
    sheet = Sheet("a.xlsx", "清单", rows, merged=[((0, 2), (0, 3)), ((2, 4), (3, 4))])
    report = import_sheets([sheet], Options())
    assert codes(report) == [(3, "created", ""), (4, "created", "")]
    kept = ServiceItem.objects.filter(code__startswith="X-").values_list("statutory_days", "department")
    assert list(kept) == [(10, district.a.pk), (8, district.a.pk)]


def test_first_of_two_codes_wins(district: District) -> None:
    report = run(row(), row(**{"事项名称": "第二个"}), row(**{"事项编码": " x-1 "}))
    assert codes(report) == [(2, "created", ""), (3, "rejected", "duplicate"), (4, "rejected", "duplicate")]
    assert ServiceItem.objects.get(code="X-1").name == "事项X-1"


def test_relations_neither_to_itself_nor_in_a_circle(district: District) -> None:
    run(row("X-1"), row("X-2"), row("X-3"))
    pairs = [("X-1", "X-2"), ("X-2", "X-3"), ("X-3", "X-1"), ("X-1", "X-1"), ("X-9", "X-1")]
    rows = [["事项编码", "关联事项编码", "关系类型"], *([a, b, "前置"] for a, b in pairs)]
    report = import_sheets([Sheet("r.csv", "", rows)], Options())
    rejected = ["", "", "cycle", "self_relation", "unknown_item"]
    assert [entry.code for entry in report.entries] == rejected


@pytest.mark.parametrize(
    ("rule", "status", "name", "exit_code"),
    [("stop", "rejected", "事项X-1", 2), ("skip", "skipped", "事项X-1", 0), ("update", "updated", "新名", 0)],
)
def test_rows_that_exist(district: District, rule: str, status: str, name: str, exit_code: int) -> None:
    run(row())
    report = run(row(**{"事项名称": "新名"}), row("X-2"), on_conflict=rule)
    item = ServiceItem.objects.get(code="X-1")
    assert (report.entries[0].status, item.name, report.exit_code) == (status, name, exit_code)
    assert any("事项X-1 → 新名" in message for message in report.entries[0].messages)
    assert ServiceItem.objects.filter(code="X-2").exists() is (rule != "stop")
    assert item.revisions.count() == (2 if rule == "update" else 1)


def test_window_numbers_are_unique_within_a_hall_only(district: District) -> None:
    other = factories.make_hall(code="H02", name="分厅", km_from_main=3)
    factories.make_window(other, district.a, number="A14")
    run(row(**{"受理窗口": "A14"}), row("X-2", **{"受理窗口": "分厅A14"}))
    halls = ServiceItem.objects.filter(code__startswith="X-").values_list("window__hall__code", flat=True)
    assert list(halls) == ["H01", "H02"]


def test_steps_without_numbers_follow_each_other(district: District) -> None:
    run(row())
    rows = [["事项名称", "步骤名称", "时限"], ["事项X-1", "受理", "0.5天"], ["事项X-1", "审核", "2"]]
    import_sheets([Sheet("s.csv", "", rows)], Options())
    kept = ProcedureStep.objects.filter(item__code="X-1").values_list("number", "name", "days")
    assert [(number, name, float(days)) for number, name, days in kept] == [(1, "受理", 0.5), (2, "审核", 2.0)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_every_encoding(encoding: str, delimiter: str) -> None:
    (sheet,) = read_content("a.csv", f"事项编码{delimiter}事项名称\r\nX-1{delimiter}桥梁\r\n".encode(encoding))
    assert sheet.rows == [["事项编码", "事项名称"], ["X-1", "桥梁"]]


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04rubbish", b"\xd0\xcf\x11\xe0rubbish", b"a,b\0c", b"\x89PNG\r\n\x1a\n\xff\xff\xff"]
)
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_content("a.xlsx", content)


def test_a_workbook_keeps_row_numbers_and_types(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet["B3"], sheet["C3"], sheet["B4"], sheet["C4"], sheet["D4"] = "事项编码", "事项名称", 20260001, 0.4, True
    buffer = BytesIO()
    book.save(buffer)
    (tmp_path / "a.xlsx").write_bytes(buffer.getvalue())
    (tmp_path / "~$a.xlsx").write_bytes(b"lock")
    (read_sheet,) = read([tmp_path])
    assert read_sheet.rows[3] == ["", "20260001", "0.4", "是"]
    with pytest.raises(UnreadableError):
        read([tmp_path / "missing.xlsx"])
