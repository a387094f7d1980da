"""The catalogue out and in again: nothing changes, and nothing in a cell is ever run."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from openpyxl import load_workbook

from accounts.models import User
from catalog.exporting import export
from catalog.exporting_tables import TABLES
from catalog.importing import reading
from catalog.importing.report import UNCHANGED
from catalog.importing.run import Options, import_files, import_sheets
from catalog.models import ServiceItem, Window
from tests import factories
from tests.conftest import District

pytestmark = pytest.mark.django_db
DEMO = Path(settings.DEMO_DIR)
SHEETS = ["部门", "大厅", "窗口", "事项清单", "办理环节", "申请材料", "前置关系", "一件事套餐", "套餐事项"]


def again(name: str, content: bytes) -> list[Any]:
    return import_sheets(reading.read_content(name, content), Options()).entries


def zipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.whole
def test_the_demo_district_comes_back_unchanged(reform_officer: User) -> None:
    import_files([DEMO / "hall_register.xlsx", DEMO / "services.xlsx"], Options())
    workbook = export(reform_officer, "xlsx").read()
    assert [sheet.name for sheet in reading.read_content("a.xlsx", workbook)] == SHEETS
    entries = again("a.xlsx", workbook)
    assert [entry.as_dict() for entry in entries if entry.status != UNCHANGED or entry.messages] == []
    assert len(entries) == 3522
    sheets = [
        sheet
        for name, part in zipped(export(reform_officer, "zip").read()).items()
        for sheet in reading.read_content(name, part)
    ]
    entries = import_sheets(sheets, Options()).entries
    assert ({entry.status for entry in entries}, len(entries)) == ({UNCHANGED}, 3522)


def test_headings_are_those_of_the_shipped_workbooks(reform_officer: User) -> None:
    shipped = {
        s.name: s.rows[0] for name in ("hall_register", "services") for s in reading.read([DEMO / f"{name}.xlsx"])
    }
    added = {"曾用名", "事项状态"}
    for table in TABLES:
        assert [head for head in table.headings if head not in added] == shipped[table.title]


NASTY = ["=1+1", "+86", "-2", "@SUM(A1)", "'=1", "\t=1", "0012", "110105199001010019"]


@pytest.mark.parametrize("words", NASTY)
def test_no_cell_is_a_formula_and_none_is_altered(words: str, district: District, reform_officer: User) -> None:
    ServiceItem.objects.filter(pk=district.item_b.pk).update(note=words)
    workbook = export(reform_officer, "xlsx")
    cells = [cell for row in load_workbook(workbook)["事项清单"].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert words.strip("\t") in [str(cell.value).strip("\t") for cell in cells]
    text = export(reform_officer, "csv", "item").read().decode("utf-8-sig")
    noted = next(iter(csv.DictReader(io.StringIO(text))))["备注"]
    assert noted[0] not in "=+-@\t\r"
    note = reading.read_content("a.csv", text.encode())[0].rows[1][-1]
    assert note == words


def test_numbers_that_two_halls_share_and_control_characters(district: District, reform_officer: User) -> None:
    other = factories.make_hall(code="H1", name="望澜区")
    twin = factories.make_window(other, None, number="A17")
    factories.make_window(factories.make_hall(code="H010", name="望澜区政务服务中心东区"), None, number="A17")
    ServiceItem.objects.filter(pk=district.item_b.pk).update(pickup_window=twin, note="一\x0b二", status="retired")
    Window.objects.filter(pk=district.window_a.pk).update(is_desk=True, desk_am=False, desk_pm=False)
    entries = again("a.xlsx", export(reform_officer, "xlsx").read())
    changed = [entry for entry in entries if entry.status != UNCHANGED]
    # Only the character that no cell can hold is gone.
    assert [(entry.kind, len(entry.messages)) for entry in changed] == [("item", 1)]
    assert "备注" in changed[0].messages[0]
