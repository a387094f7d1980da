"""Another hall's headings, in its own words and order."""

import re

import pytest

from catalog.importing.headers import understand
from catalog.importing.kinds import Kind
from catalog.importing.reading import Sheet

OTHERS = {
    "department": "序号 单位代码 单位全称 规范简称 曾用名 单位性质 是否进驻综窗 是否参与走流程",
    "hall": "政务大厅名称 详细地址 距主厅距离（公里） 对外服务时间 大厅代码",
    "window": "窗口编号 窗口名称 所在大厅 所在区域 楼层 窗口性质 进驻单位 可办理单位 是否可作体验席位 体验时段 状态",
    "item": "实施编码 事项名称 实施主体 权力类型 法定办结时限（工作日） 承诺办结时限（工作日） 到现场次数 受理地点",
    "step": "事项编号 步骤序号 步骤名称 办理岗位 办理时限 是否计时 签字人数 业务系统 办理窗口 办理方式",
    "document": "实施编码 材料编号 材料名称 材料类型 份数 来源渠道 核发单位 填报要求 是否必要 是否共享",
    "relation": "主事项编码 主事项名称 前置事项编码 前置事项名称 关系 备注",
    "bundle": "一件事编号 一件事名称 牵头单位 联办单位 办理对象 改革前时限 改革后时限",
    "bundle_item": "一件事名称 顺序 事项名称 责任单位",
    "leader": "工号 姓名 工作单位 职务 职务级别 是否参加 请假时间 备注",
}


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("turned", [False, True])
def test_every_column_is_known(kind: str, turned: bool) -> None:
    heads = OTHERS[kind].split()
    heads = heads[::-1] if turned else heads
    table = understand(Sheet("x.csv", "Sheet1", [heads, [f"某{n}" for n, _head in enumerate(heads)]]))
    assert table is not None
    assert (table.kind.name, table.unused, len(table.columns)) == (kind, [], len(heads))


def test_a_table_is_known_although_the_heading_that_matters_most_reads_unlike_all_others() -> None:
    heads = OTHERS["item"].replace("事项名称", "服务名目").split()
    table = understand(Sheet("x.csv", "Sheet1", [["某区"], heads, [f"某{n}" for n, _head in enumerate(heads)]]))
    assert table is not None
    assert (table.kind.name, table.unused, len(table.rows)) == ("item", ["服务名目"], 1)


@pytest.mark.parametrize(
    "heads", ["问题编号 事项编码 事项名称 责任部门", "日期 是否工作日", "题号 题目", "活动编码 活动名称", "甲 乙 丙"]
)
def test_tables_of_other_kinds_are_left_alone(heads: str) -> None:
    assert understand(Sheet("x.csv", "", [heads.split(), ["1", "2", "3", "4"]])) is None


def test_headings_of_kinds_that_others_bring_are_found_too() -> None:
    """Programmes and registers are read by the same reader with kinds of their own."""
    own = Kind(
        "programme", "活动", {"name": re.compile("活动名称"), "day": re.compile("开始日期")}, (("name",), ("day",))
    )
    rows = [["活动一览", ""], ["活动名称", "开始日期"], ["体验周", "2026-05-18"]]
    table = understand(Sheet("x.csv", "", rows), kinds=(own,), foreign=None)
    assert table is not None
    assert [(number, dict(cells)) for number, cells in table.rows] == [(3, {"name": "体验周", "day": "2026-05-18"})]
