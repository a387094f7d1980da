"""What another district's tables say in their own way."""

import pytest

from accounts.models import Department
from catalog.importing.reading import Sheet
from catalog.importing.report import Report
from catalog.importing.run import Options, import_sheets
from catalog.importing.saving import UPDATE
from catalog.models import ProcedureStep, RequiredDocument, ServiceItem, Window
from tests import factories
from tests.conftest import District

pytestmark = pytest.mark.django_db
ITEMS = ["事项编码", "事项名称", "主管部门", "承诺时限", "受理大厅", "受理窗口", "取件窗口"]


@pytest.fixture
def bureau(district: District) -> Department:
    return factories.make_department(name="青岚县市场监督管理局", short_name="县市监局")


def take(*rows: list[str]) -> Report:
    return import_sheets([Sheet("a.xlsx", "表", list(rows))], Options(on_conflict=UPDATE))


@pytest.mark.parametrize(
    ("said", "found"), [("市监局", True), ("市场监督管理局", True), ("邻县市监局", False), ("监局", False)]
)
def test_a_department_without_the_place_before_it(said: str, found: bool, bureau: Department) -> None:
    report = take(ITEMS[:4], ["N-1", "新事项", said, "5"])
    assert ServiceItem.objects.filter(code="N-1", department=bureau).exists() == found
    assert report.entries[-1].messages
    assert report.exit_code == (0 if found else 1)


def test_a_name_that_leaves_out_what_joins(district: District) -> None:
    housing = factories.make_department(name="青岚县住房和城乡建设局", short_name="住建Q")
    take(ITEMS[:4], ["N-1", "新事项", "住房城乡建设局", "5"])
    assert ServiceItem.objects.get(code="N-1").department == housing


def test_other_headings_and_words(district: District) -> None:
    code = district.item_b.code
    report = take(["事项编码", "环节序号", "环节名称", "需几人签字"], [code, "7", "会签", "2人"])
    assert ProcedureStep.objects.get(item__code=code, number=7).signatures == 2
    heads = ["事项编码", "材料序号", "材料名称", "出具单位", "能否共享"]
    report = take(heads, [code, "7", "制度", "申请人自备", "可共享"])
    paper = RequiredDocument.objects.get(item__code=code, number=7)
    assert (report.exit_code, paper.source_department, paper.shareable) == (0, None, True)


def test_a_window_is_doubtful_only_where_the_row_leaves_it_open(district: District) -> None:
    other = factories.make_hall()
    number = district.window_b.number
    factories.make_window(other, number=number)
    row = ["N-1", "新事项", district.b.short_name, "5", other.name, number, number]
    assert take(ITEMS, row).entries[-1].messages == []
    item = ServiceItem.objects.get(code="N-1")
    assert item.window == item.pickup_window == Window.objects.get(hall=other)
    assert take(ITEMS, ["N-2", *row[1:4], "", number, ""]).entries[-1].messages
    rejected = take(ITEMS, ["N-3", "新事项", "没有的局", "5", "", number, ""]).entries[-1]
    assert len(rejected.messages) == 1


def test_a_blank_cell_is_called_by_its_heading(district: District) -> None:
    report = take(["事项编码", "主管部门", "承诺时限", "事项名称"], ["N-1", district.b.short_name, "5", ""])
    assert "事项名称" in report.entries[-1].messages[0]
