"""The mess that is easily taken in wrongly: nothing is altered, dropped or reset without a word."""

import io
import zipfile
from datetime import time
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from accounts.models import Department
from catalog.importing.reading import Sheet, UnreadableError, read_content
from catalog.importing.report import Report
from catalog.importing.run import Options, import_sheets
from catalog.models import Hall, ProcedureStep, ServiceItem, Window
from tests import factories
from tests.conftest import District

pytestmark = pytest.mark.django_db
HEAD = ["事项名称", "事项编码", "主管部门", "承诺时限", "法定时限", "是否网办", "网办深度", "备注"]
DATA = ["桥梁检测", "X-1", "住建局", "5", "10", "是", "全程网办", "甲"]


def row(**given: str) -> list[str]:
    return list((dict(zip(HEAD, DATA, strict=True)) | given).values())


def take(*rows: list[str], head: list[str] = HEAD, **options: Any) -> Report:
    return import_sheets([Sheet("a.xlsx", "Sheet1", [head, *rows])], Options(**options))


def ends(report: Report) -> list[tuple[int, str, str]]:
    return [(entry.row, entry.status, entry.code) for entry in report.entries]


def kept() -> ServiceItem:
    return ServiceItem.objects.get(code="X-1")


def test_columns_that_a_table_does_not_have_stay_as_they_are(district: District) -> None:
    take(row())
    report = take(["X-1", "桥梁检测与评定", "住建局"], head=["事项编码", "事项名称", "主管部门"], on_conflict="update")
    item = kept()
    assert [entry.status for entry in report.entries] == ["updated"]
    assert [item.name, item.online, item.online_depth, item.committed_days] == ["桥梁检测与评定", True, "full", 5]


def test_a_promise_is_held_against_the_law_that_is_kept(district: District) -> None:
    take(row())
    report = take(["X-1", "桥梁检测", "11"], head=["事项编码", "事项名称", "承诺时限"], on_conflict="update")
    assert ends(report) == [(2, "rejected", "promised_over_statutory")]
    assert kept().committed_days == 5


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([row(事项名称="累计缴费年限核定")], ["created"]),
        ([["住建局小计", "", "", "12", "", "", "", ""]], ["subtotal"]),
        ([["住建局", "合计", "", "12", "", "", "", ""]], ["subtotal"]),
        ([["备注", "带星号的必填", *[""] * 6]], ["note"]),
        ([["填表人：甲", "", "审核人：乙", "", "日期：2026-05-01", "", "", ""]], ["note"]),
        ([["（二）公共服务", *[""] * 7]], ["section"]),
        ([[*[""] * 6, "", "不含公示"]], ["section"]),
        ([row(事项名称="")], ["missing"]),
        ([row(事项编码="无")], ["missing"]),
        ([row(事项编码="1.1E+17")], ["spoilt_code"]),
        ([row(网办深度="不支持全程网办")], ["unknown_value"]),
        ([row(承诺时限="3-5")], ["not_a_number"]),
        ([row(承诺时限="9" * 40)], ["too_large"]),
        ([row(是否网办="部分")], ["not_yes_no"]),
    ],
)
def test_what_is_data_and_what_is_not(district: District, rows: list[list[str]], codes: list[str]) -> None:
    report = take(*rows)
    assert [entry.code or entry.status for entry in report.entries] == codes
    assert all(entry.messages for entry in report.entries if entry.code)


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        ({"承诺时限": "5个工作日（不含公示）"}, "committed_days", 5),
        ({"法定时限": "无法定时限"}, "statutory_days", None),
        ({"承诺时限": "当日办结", "法定时限": ""}, "committed_days", 0),
        ({"事项名称": "３Ｄ打印（备案）"}, "name", "3D打印（备案）"),
        ({"是否网办": "否（须到场）", "网办深度": ""}, "online", False),
    ],
)
def test_what_was_meant_is_taken(district: District, given: dict[str, str], field: str, value: Any) -> None:
    assert ends(take(row(**given)))[0][1] == "created"
    assert getattr(kept(), field) == value


def test_several_tables_on_one_sheet(district: District) -> None:
    steps = [["事项编码", "事项名称", "环节序号", "环节名称"], ["X-1", "桥梁检测", "1", "受理"]]
    halls = [["大厅编码", "大厅名称"], ["H09", "城东分厅"]]
    below = [*([*line, "", *other] for line, other in zip([HEAD, row()], halls, strict=True)), ["", "环节表"], *steps]
    report = import_sheets([Sheet("a.xlsx", "Sheet1", below)], Options())
    found = {(entry.kind, entry.row, entry.status) for entry in report.entries if entry.code != "section"}
    assert found >= {("item", 2, "created"), ("step", 5, "created"), ("hall", 2, "created")}
    assert ProcedureStep.objects.get(item__code="X-1").name == "受理"


def test_a_line_with_two_cells_above_the_heading_is_no_heading(district: District) -> None:
    above = ["填报单位：审批局", "日期：5月", *[""] * 6]
    report = import_sheets([Sheet("a.xlsx", "Sheet1", [above, HEAD, row()])], Options())
    assert ends(report) == [(1, "ignored", "title"), (3, "created", "")]


def test_a_department_is_found_by_its_former_name(district: District) -> None:
    heads = ["部门编码", "部门名称", "简称"]
    code = district.a.code
    take([code, "望澜区城乡建设局", "城建局"], head=heads, on_conflict="update")
    report = take(row(主管部门="住建局"), row(事项编码="X-2", 主管部门="城建局"))
    assert [entry.status for entry in report.entries] == ["created", "created"]
    assert Department.objects.get(code=code).former_names == [district.a.name, "住建局"]


def test_zeros_that_a_table_program_took_off(district: District) -> None:
    take(["0012", "数据局", "数据局"], head=["部门编码", "部门名称", "简称"])
    heads = ["事项名称", "事项编码", "主管部门编码", "承诺时限"]
    report = take(["测绘", "X-1", "12.0", "3"], head=heads)
    assert ends(report) == [(2, "created", "")]
    assert report.entries[0].messages
    assert kept().department.code == "0012"


def test_desks_and_kinds_of_windows_by_word(district: District) -> None:
    other = factories.make_hall(code="H02", name="分厅")
    heads = ["所在大厅", "窗口编号", "窗口类型", "可作体验席位", "体验时段"]
    good, bad = [other.name, "A14", "综合窗口", "√", "上\u200b午"], ["H02", "A15", "综合窗口", "是", "周三"]
    report = take(good, bad, head=heads)
    assert [entry.status for entry in report.entries] == ["created", "rejected"]
    window = Window.objects.get(hall=other)
    assert (window.number, window.desk_am, window.desk_pm) == ("A14", True, False)


def xml_workbook(cells: str) -> bytes:
    """A workbook with nothing but what must be there, as some programs write it."""
    space = "http://schemas.openxmlformats.org/"
    main, link = f"{space}spreadsheetml/2006/main", f"{space}officeDocument/2006/relationships"
    sheets = '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'
    target = f'<Relationship Id="rId1" Type="{link}/worksheet" Target="/xl/worksheets/sheet1.xml"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{space}package/2006/content-types"/>')
        office = f'<Relationship Id="rId1" Type="{link}/officeDocument" Target="/xl/workbook.xml"/>'
        archive.writestr(
            "_rels/.rels", f'<Relationships xmlns="{space}package/2006/relationships">{office}</Relationships>'
        )
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{link}">{sheets}</workbook>')
        rels = f'<Relationships xmlns="{space}package/2006/relationships">{target}</Relationships>'
        archive.writestr("xl/_rels/workbook.xml.rels", rels)
        sheet = f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return out.getvalue()


def test_a_formula_without_a_value_is_no_blank_cell(district: District) -> None:
    book = Workbook()
    sheet: Any = book.active
    for line in (HEAD, row(法定时限="=5+5"), row(事项编码="X-2", 备注="#N/A")):
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    report = import_sheets(read_content("a.xlsx", out.getvalue()), Options())
    assert ends(report) == [(2, "rejected", "formula"), (3, "rejected", "formula")]


def test_cells_without_places_and_rows_that_are_only_painted() -> None:
    painted = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(3, 120_000))
    cells = '<row><c t="inlineStr"><is><t>甲</t></is></c><c><v>3</v></c></row><row><c><f>1+1</f></c></row>'
    (sheet,) = read_content("a.xlsx", xml_workbook(cells + painted))
    assert sheet.rows[0] == ["甲", "3"]
    assert len(sheet.rows) == 2


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="99"><c r="XFD1048576"><v>1</v></c></row>', "XFD1048576"),
        (f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 130_000_000}</t></is></c></row>', "一次读不下"),
    ],
)
def test_little_files_that_would_fill_the_memory(cells: str, words: str) -> None:
    with pytest.raises(UnreadableError, match=words):
        read_content("a.xlsx", xml_workbook(cells))


def test_an_old_workbook_that_reaches_too_far() -> None:
    reach = b"\x00\x02\x0e\x00" + (0).to_bytes(4, "little") + (65_536).to_bytes(4, "little") + b"\0\0\0\1\0\0"
    with pytest.raises(UnreadableError, match="一次读不下"):
        read_content("a.xls", b"\xd0\xcf\x11\xe0" + reach)


def test_a_hidden_sheet_stays_out(district: District) -> None:
    sheets = [Sheet("a.xlsx", "旧", [HEAD, row(事项名称="旧名")], hidden=True), Sheet("a.xlsx", "新", [HEAD, row()])]
    report = import_sheets(sheets, Options())
    assert [(entry.code, entry.status) for entry in report.entries] == [("hidden_sheet", "ignored"), ("", "created")]
    assert kept().name == "桥梁检测"


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_what_parts_the_cells_is_found_below_a_title(mark: str) -> None:
    lines = ["望澜区事项清单", mark.join(HEAD), mark.join(row(备注="甲,乙,丙")), mark.join(row(备注="丁"))]
    (sheet,) = read_content("a.csv", "\r\n".join(lines).encode("gb18030"))
    assert sheet.rows[2][-1] == "甲,乙,丙"


def test_quotation_marks_that_never_close() -> None:
    with pytest.raises(UnreadableError, match="第 2 行"):
        read_content("a.csv", '事项编码,事项名称\nX-1,"桥梁\nX-2,隧道\nX-3,道路\n'.encode())


def test_a_limit_that_is_only_about_so_many_days_is_no_number(district: District) -> None:
    assert ends(take(row(承诺时限="约五天"))) == [(2, "rejected", "not_a_number")]


def test_columns_of_a_group_that_ask_whether_something_can_be(district: District) -> None:
    upper = ["基本情况", "", "", "服务情况", "", ""]
    lower = ["所在大厅", "窗口编号", "窗口名称", "窗口所属单位", "能否作为体验窗口", "体验时间段"]
    given = ["H01", "K1", "住建窗口", "住建局", "可以", "上午"]
    report = import_sheets([Sheet("a.xlsx", "Sheet1", [upper, lower, given])], Options())
    window = Window.objects.get(hall=district.hall, number="K1")
    assert not [entry for entry in report.entries if entry.code == "columns"]
    assert (window.department, window.desk_am, window.desk_pm) == (district.a, True, False)


def test_hours_over_midday_meet_at_noon_and_others_are_told(district: District) -> None:
    head = ["大厅编码", "大厅名称", "距主厅（公里）", "开放时间"]
    report = take(["H08", "城北分厅", "3.5公里", "9:00-17:00"], ["H09", "城南分厅", "2", "下午13:30-17:00"], head=head)
    hall = Hall.objects.get(code="H08")
    assert [(entry.status, len(entry.messages)) for entry in report.entries] == [("created", 0), ("created", 1)]
    assert (hall.km_from_main, hall.am_closes, hall.pm_opens) == (Decimal("3.5"), time(12), time(12))
    assert (hall.am_opens, hall.pm_closes) == (time(9), time(17))


def test_the_pick_up_window_is_looked_for_beside_the_other(district: District) -> None:
    branch = factories.make_hall(code="H08", km_from_main=5)
    factories.make_window(branch, number="A17")
    factories.make_window(branch, number="B9")
    take([*row(), "B9", "A17"], head=[*HEAD, "受理窗口", "取件窗口"])
    window = kept().pickup_window
    assert window is not None
    assert window.hall == branch
