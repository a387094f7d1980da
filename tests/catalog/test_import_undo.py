"""The last import is taken back whole, or not at all once something was built on it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command

from accounts.choices import Role
from accounts.models import Department, User
from catalog import import_undo, seams
from catalog.importing.reading import Sheet
from catalog.importing.run import Options, import_sheets
from catalog.models import (
    BundleItem,
    ImportJournal,
    ProcedureStep,
    RequiredDocument,
    SeamRuling,
    ServiceBundle,
    ServiceItem,
    Window,
    Zone,
)
from core import clock
from core.doors import WrongState
from sessions.importing_leave import keep_leave
from sessions.models import Availability
from tests import factories
from tests.conftest import District

pytestmark = pytest.mark.django_db
TABLES = {
    "部门": [["部门编码", "部门名称", "简称"], ["D01", "望澜区城乡建设局", "城建局"], ["D09", "数据管理局", "数据局"]],
    "窗口": [["大厅编码", "窗口号", "窗口名称", "所属部门", "可受理部门"], ["H01", "Z1", "新窗", "数据局", "D09"]],
    "事项": [["事项编码", "事项名称", "主管部门", "承诺时限", "受理窗口"], ["N-1", "新事项", "数据局", "3", "Z1"]],
    "环节": [["事项编码", "环节序号", "环节名称"], ["N-1", "1", "受理"]],
    "材料": [["事项编码", "材料序号", "材料名称"], ["N-1", "1", "申请表"]],
    "套餐": [["套餐编码", "套餐名称", "牵头部门", "配合部门"], ["B1", "办成一件事", "数据局", "D01"]],
    "套餐事项": [["套餐编码", "顺序", "事项编码"], ["B1", "1", "N-1"]],
    "领导": [
        ["人员编号", "姓名", "部门", "职务", "级别", "不可用日期"],
        ["L1", "局长", "数据局", "局长", "主要领导", "2026-05-18"],
    ],
}
KEPT = (Department, Window, Zone, ServiceItem, ProcedureStep, RequiredDocument, ServiceBundle, BundleItem, User)


def state() -> list[str]:
    """Everything that an import writes, but the version that counts on."""
    found = [serializers.serialize("json", model.objects.order_by("pk")) for model in (*KEPT, Availability)]
    return [text.replace('"version": 1', '"version": 0') for text in found]


def take(district: District, **more: list[list[str]]) -> ImportJournal:
    old = ["事项编码", "事项名称", "主管部门", "承诺时限"]
    change = [old, [district.item_b.code, "改了名", district.b.short_name, "4"]]
    sheets = [Sheet("a.xlsx", name, rows) for name, rows in (TABLES | {"改": change} | more).items()]
    report = import_sheets(sheets, Options(on_conflict="update", keep_leave=keep_leave))
    assert report.exit_code == 0
    return ImportJournal.objects.latest("pk")


def test_everything_is_as_it_was(district: District, reform_officer: User) -> None:
    before, revisions = state(), district.item_b.revisions.count()
    journal = take(district)
    assert state() != before
    assert import_undo.reason(journal) == ""
    assert ("事项", 1, 1) in import_undo.summary(journal)
    import_undo.undo(journal, reform_officer)
    assert state() == before
    item = ServiceItem.objects.get(pk=district.item_b.pk)
    assert (item.revisions.count() - revisions, item.version) == (2, item.version)
    journal.refresh_from_db()
    assert journal.undone_by == reform_officer
    with pytest.raises(WrongState):
        import_undo.undo(journal, reform_officer)


def test_a_mended_seam_says_when_and_comes_back_with_an_undo(district: District, reform_officer: User) -> None:
    item = district.item_b
    paper = factories.make_document(item, 9, code="YYZZ", source_department=district.c, shareable=True)
    (seam,) = seams.of_item(item)
    heads = ["事项编码", "材料序号", "材料名称", "材料编码", "材料形式"]
    journal = take(district, 改材料=[heads, [item.code, "9", paper.name, "YYZZ", "无需提交"]])
    ruling = SeamRuling.objects.get(key=seam.key)
    assert ruling.mended_at
    assert ruling.mended_revision == item.revisions.latest("number")
    import_undo.undo(journal, reform_officer)
    assert [found.key for found in seams.of_item(item)] == [seam.key]
    assert not SeamRuling.objects.mended().exists()


def test_a_seam_that_an_import_brings_back_is_mended_again_by_the_undo(
    district: District, reform_officer: User
) -> None:
    item = district.item_b
    factories.make_document(item, 9, code="YYZZ", source_department=district.c, shareable=True, form="not_submitted")
    said = {"need": item.department, "title": "t", "mended_at": clock.now(), "mended_revision": item.revisions.first()}
    SeamRuling.objects.create(key=f"HELD_ELSEWHERE:{item.code}:YYZZ", kind="HELD_ELSEWHERE", item=item, **said)
    heads = ["事项编码", "材料序号", "材料名称", "材料编码", "材料形式"]
    journal = take(district, 改材料=[heads, [item.code, "9", "营业执照", "YYZZ", "原件"]])
    assert not SeamRuling.objects.mended().exists()
    import_undo.undo(journal, reform_officer)
    assert SeamRuling.objects.mended().count() == 1


def edited(_district: District) -> None:
    item = ServiceItem.objects.get(code="N-1")
    item.note = "后来写的"
    item.save()


def imported_again(district: District) -> None:
    take(district, 改=[["部门编码", "部门名称", "简称"], ["D10", "新局", "新局"]])


def granted(_district: District) -> None:
    factories.grant(User.objects.get(code="L1"), Role.EXPERIENCE_OFFICER)


def signed_up(_district: District) -> None:
    factories.make_user(code="L2", department=Department.objects.get(code="D09"))


def walked(district: District) -> None:
    district.programme.handling_list.add(ServiceItem.objects.get(code="N-1"))


@pytest.mark.parametrize("built", [edited, imported_again, granted, signed_up, walked])
def test_not_once_something_was_built_on_it(
    built: Callable[[District], None], district: District, reform_officer: User
) -> None:
    journal = take(district)
    built(district)
    after: Any = state()
    assert import_undo.reason(journal)
    with pytest.raises(WrongState):
        import_undo.undo(journal, reform_officer)
    assert state() == after
    journal.refresh_from_db()
    assert journal.undone_at is None


def test_the_command_takes_back_the_last_one(district: District, capsys: pytest.CaptureFixture[str]) -> None:
    before = state()
    take(district)
    call_command("undo_import", dry_run=True)
    assert "事项：新增 1，修改 1" in capsys.readouterr().out
    call_command("undo_import")
    assert state() == before
    with pytest.raises(CommandError):
        call_command("undo_import")
