"""What an export says of each row, in the columns and words that the import reads (a round trip changes nothing).

The words are Chinese whatever the reader's language: the file is the hall's own form, not a page.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from accounts.choices import UnitType
from accounts.models import Department
from catalog.choices import (
    DocumentForm,
    DocumentSource,
    Handling,
    ItemStatus,
    ItemType,
    Necessity,
    OnlineDepth,
    Relation,
    WindowKind,
)
from catalog.importing.cleaning import key
from catalog.models import (
    BundleItem,
    Hall,
    Prerequisite,
    ProcedureStep,
    RequiredDocument,
    ServiceBundle,
    ServiceItem,
    Window,
)

Cells = list[Any]
_CHUNK = 1000
_FIGURES = ("days", "materials", "trips", "windows")

UNIT_TYPES = {
    UnitType.RESIDENT.value: "进驻单位",
    UnitType.NON_RESIDENT.value: "非进驻单位",
    UnitType.UTILITY.value: "配套服务单位",
}
WINDOW_KINDS = {
    WindowKind.INTEGRATED.value: "综窗",
    WindowKind.DEPARTMENT.value: "部门专窗",
    WindowKind.PICKUP.value: "出件窗口",
    WindowKind.UNRESOLVED_MATTERS.value: "办不成事反映窗口",
    WindowKind.ASSISTANCE.value: "帮办代办窗口",
    WindowKind.ENQUIRY.value: "咨询导办台",
    WindowKind.SELF_SERVICE.value: "自助区",
    WindowKind.EXPERIENCE.value: "体验专窗",
}
ITEM_TYPES = {
    ItemType.PERMIT.value: "行政许可",
    ItemType.CONFIRMATION.value: "行政确认",
    ItemType.PAYMENT.value: "行政给付",
    ItemType.PUBLIC_SERVICE.value: "公共服务",
    ItemType.OTHER.value: "其他行政权力",
}
HANDLINGS = {Handling.ON_THE_SPOT.value: "即办件", Handling.COMMITTED.value: "承诺件"}
ONLINE_DEPTHS = {
    OnlineDepth.FULL.value: "全程网办",
    OnlineDepth.PRECHECK.value: "网上预审",
    OnlineDepth.WINDOW_ONLY.value: "仅窗口办理",
}
STATUSES = {ItemStatus.PUBLISHED.value: "发布", ItemStatus.DRAFT.value: "未发布", ItemStatus.RETIRED.value: "停用"}
FORMS = {
    DocumentForm.ORIGINAL.value: "原件",
    DocumentForm.COPY.value: "复印件",
    DocumentForm.ELECTRONIC.value: "电子件",
    DocumentForm.ORIGINAL_CHECKED.value: "原件核验",
    DocumentForm.ORIGINAL_AND_COPY.value: "原件+复印件",
    DocumentForm.NOT_SUBMITTED.value: "免提交",
}
SOURCES = {
    DocumentSource.APPLICANT.value: "申请人自备",
    DocumentSource.GOVERNMENT.value: "政府部门核发",
    DocumentSource.AGENCY.value: "中介机构出具",
    DocumentSource.OTHER.value: "其他机构出具",
    DocumentSource.SYSTEM.value: "系统调取",
}
NECESSITIES = {Necessity.REQUIRED.value: "必要", Necessity.LATER.value: "容缺"}
RELATIONS = {
    Relation.BEFORE.value: "前置",
    Relation.PARALLEL.value: "并联",
    Relation.MERGED.value: "联办",
    Relation.AFTER.value: "后续",
}


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its kind (as the import calls it), its name, its headings and its rows."""

    kind: str
    title: str
    headings: tuple[str, ...]
    rows: Callable[[], Iterator[Cells]]


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _audience(row: Any) -> str:
    return ",".join(word for word, holds in (("自然人", row.for_persons), ("法人", row.for_companies)) if holds)


def _pair(department: Department | None) -> list[str]:
    """Code and short name, the two columns in which a table names a department."""
    return [department.code, department.short_name] if department else ["", ""]


def _departments() -> Iterator[Cells]:
    for row in Department.objects.iterator(_CHUNK):
        yield [
            row.code,
            row.name,
            row.short_name,
            row.name_en,
            UNIT_TYPES[row.unit_type],
            _yes(row.in_comprehensive),
            _yes(row.participates),
            row.sort_order,
            "；".join(row.former_names),
            row.note,
        ]


def _halls() -> Iterator[Cells]:
    for row in Hall.objects.iterator(_CHUNK):
        yield [row.code, row.name, row.address, row.km_from_main, row.open_hours]


def _windows() -> Iterator[Cells]:
    rows = Window.objects.select_related("hall", "zone", "department").prefetch_related("serves")
    for row in rows.iterator(_CHUNK):
        serves = ";".join(department.code for department in row.serves.all())
        start = [row.hall.code, row.hall.name, row.floor, row.zone.name, row.number, row.name, WINDOW_KINDS[row.kind]]
        state = [serves, _yes(row.is_desk), _desk_halves(row), "启用" if row.active else "停用", row.note]
        yield [*start, *_pair(row.department), *state]


def _desk_halves(row: Window) -> str:
    """A blank cell means the whole day to the import, so a desk without any half-day says so."""
    halves = ";".join(word for word, opens in (("上午", row.desk_am), ("下午", row.desk_pm)) if opens)
    return halves or ("暂不开放" if row.is_desk else "")


def _items() -> Iterator[Cells]:
    numbers = Counter(key(number) for number in Window.objects.values_list("number", flat=True))

    def place(window: Window | None) -> str:
        """The number; with the hall's code before it where several halls have that number."""
        if window is None:
            return ""
        return window.number if numbers[key(window.number)] == 1 else f"{window.hall.code}-{window.number}"

    rows = ServiceItem.objects.select_related("department", "window__hall", "pickup_window__hall").order_by("code")
    for row in rows.iterator(_CHUNK):
        kinds = [ITEM_TYPES[row.item_type], HANDLINGS[row.handling], row.statutory_days, row.committed_days]
        online = [_audience(row), _yes(row.online), ONLINE_DEPTHS[row.online_depth], row.trips]
        where = [place(row.window), place(row.pickup_window), _yes(row.pickup_elsewhere), row.result_name]
        flags = [row.fee, row.in_comprehensive, row.frequent, row.in_visit_list, row.has_simulation_pack]
        rest = [row.name_source, row.limit_source, STATUSES[row.status], row.note]
        yield [row.code, row.name, *_pair(row.department), *kinds, *online, *where, *map(_yes, flags), *rest]


def _steps() -> Iterator[Cells]:
    for row in ProcedureStep.objects.select_related("item").order_by("item__code", "number").iterator(_CHUNK):
        time = [row.days, _yes(row.counted), row.channel, row.signatures, row.system, row.place, row.note]
        yield [row.item.code, row.item.name, row.number, row.name, row.post, *time]


def _documents() -> Iterator[Cells]:
    rows = RequiredDocument.objects.select_related("item", "source_department").order_by("item__code", "number")
    for row in rows.iterator(_CHUNK):
        source = [SOURCES[row.source_kind], *_pair(row.source_department)]
        rules = [row.format_requirement, NECESSITIES[row.necessity], _yes(row.shareable)]
        yield [
            *[row.item.code, row.item.name, row.number, row.code, row.name],
            *[FORMS[row.form], row.copies, *source, *rules],
        ]


def _relations() -> Iterator[Cells]:
    rows = Prerequisite.objects.select_related("item", "related").order_by("item__code", "pk")
    for row in rows.iterator(_CHUNK):
        yield [row.item.code, row.item.name, row.related.code, row.related.name, RELATIONS[row.relation], row.note]


def _bundles() -> Iterator[Cells]:
    rows = ServiceBundle.objects.select_related("lead_department")
    for row in rows.prefetch_related("supporting_departments", "members").iterator(_CHUNK):
        supporting = list(row.supporting_departments.all())
        codes, names = (
            (";".join(part) for part in zip(*map(_pair, supporting), strict=True)) if supporting else ("", "")
        )
        figures = [
            side.get(name) for name in ("days", "materials", "trips", "windows") for side in (row.before, row.after)
        ]
        lead = [row.code, row.name, _audience(row), *_pair(row.lead_department)]
        yield [*lead, codes, names, len(row.members.all()), *figures, row.member_source]


def _bundle_items() -> Iterator[Cells]:
    rows = BundleItem.objects.select_related("bundle", "item__department").order_by("bundle__code", "number")
    for row in rows.iterator(_CHUNK):
        item = row.item
        yield [row.bundle.code, row.bundle.name, row.number, item.code, item.name, *_pair(item.department)]


def _heads(words: str) -> tuple[str, ...]:
    return tuple(words.split())


TABLES = (
    Table(
        "department",
        "部门",
        _heads("部门编码 部门名称 简称 英文名称 单位类别 是否纳入综窗 参加走流程 排序号 曾用名 备注"),
        _departments,
    ),
    Table("hall", "大厅", _heads("大厅编码 大厅名称 地址 距主大厅公里 开放时间"), _halls),
    Table(
        "window",
        "窗口",
        _heads(
            "大厅编码 大厅名称 楼层 服务区 窗口号 窗口名称 窗口类型 所属部门编码 所属部门 可受理部门编码"
            " 可作体验席位 体验时段 启用状态 备注"
        ),
        _windows,
    ),
    Table(
        "item",
        "事项清单",
        _heads(
            "事项编码 事项名称 主管部门编码 主管部门 事项类型 办件类型 法定时限(工作日) 承诺时限(工作日) 服务对象"
            " 是否网办 网办深度 跑动次数 受理窗口 取件窗口 是否异地取件 结果名称 是否收费 是否纳入综窗 是否高频"
            " 是否列入体验清单 有无模拟材料 名称来源 法定时限来源 事项状态 备注"
        ),
        _items,
    ),
    Table(
        "step",
        "办理环节",
        _heads(
            "事项编码 事项名称 环节序号 环节名称 责任岗位 环节时限(工作日) 是否计入承诺时限 办理方式 需签字人数"
            " 使用系统 办理地点 环节说明"
        ),
        _steps,
    ),
    Table(
        "document",
        "申请材料",
        _heads(
            "事项编码 事项名称 材料序号 材料编码 材料名称 材料形式 份数 来源渠道 来源部门编码 来源部门 格式要求"
            " 必要性 是否可共享调取"
        ),
        _documents,
    ),
    Table("relation", "前置关系", _heads("事项编码 事项名称 关联事项编码 关联事项名称 关系类型 说明"), _relations),
    Table(
        "bundle",
        "一件事套餐",
        _heads(
            "套餐编码 套餐名称 服务对象 牵头部门编码 牵头部门 配合部门编码 配合部门 事项数 改革前时限(工作日)"
            " 改革后时限(工作日) 改革前材料数 改革后材料数 改革前跑动次数 改革后跑动次数 改革前窗口数 改革后窗口数"
            " 成员来源"
        ),
        _bundles,
    ),
    Table("bundle_item", "套餐事项", _heads("套餐编码 套餐名称 顺序 事项编码 事项名称 部门编码 部门"), _bundle_items),
)
"""In the order in which one sheet refers to another."""
