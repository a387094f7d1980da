"""Correcting what a heading means, for this import and every later one; taking an import back in the browser."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from catalog.choices import ImportStatus
from catalog.models import CatalogImport, HeadingMeaning, ServiceItem
from core.idempotency import new_token
from tests.catalog.sheets import upload, workbook
from tests.conftest import District

pytestmark = pytest.mark.django_db
ODD = ["甲栏", "乙栏", "丙栏", "丁栏"]
ROW = ["N-001", "新事项", "住建局", "5"]
HALF = ["事项编码", "事项名称", "主管部门", "承诺时限", "几天"]


@pytest.fixture
def office(client: Client, district: District, reform_officer: User) -> Client:
    client.force_login(reform_officer)
    return client


def sent(client: Client, *rows: list[str], title: str = "Sheet1") -> CatalogImport:
    files = [upload(workbook(*rows, title=title))]
    assert client.post("/catalog/import/", {"tables": files, "token": new_token()}).status_code == 302
    return CatalogImport.objects.latest("pk")


def say(client: Client, row: CatalogImport, kind: str, *fields: str, table: int = 0) -> Any:
    meant = {f"t{table}-c{column}": field for column, field in enumerate(fields)}
    url = f"/catalog/import/{row.pk}/correct/"
    return client.post(url, {"table": table, f"t{table}-kind": kind, **meant})


def page(client: Client, row: CatalogImport) -> str:
    return client.get(f"/catalog/import/{row.pk}/", {"status": "all"}).content.decode()


def test_a_table_nobody_knows_is_explained_once(office: Client, tmp_path: Any) -> None:
    row = sent(office, ODD, ROW)
    assert "甲栏" in page(office, row)
    assert say(office, row, "item").status_code == 302
    assert say(office, row, "item", "code", "name", "department", "committed_days").status_code == 302
    assert "N-001" in page(office, row)
    (tmp_path / "later.xlsx").write_bytes(workbook(ODD[::-1], ROW[::-1]))
    call_command("import_catalog", tmp_path / "later.xlsx", verbosity=0)
    assert ServiceItem.objects.get(code="N-001").committed_days == 5


def test_a_heading_taken_wrongly_is_moved_and_remembered(office: Client) -> None:
    row = sent(office, HALF, [*ROW[:3], "30", "4"])
    answer = say(office, row, "item", "code", "name", "department", "", "committed_days")
    assert answer.status_code == 302
    assert set(HeadingMeaning.objects.values_list("heading", "field")) == {("承诺时限", ""), ("几天", "committed_days")}
    again = sent(office, HALF, ["N-002", "别的", "住建局", "30", "6"])
    assert office.post(f"/catalog/import/{again.pk}/decide/", {"on_conflict": "stop"}).status_code == 302
    assert ServiceItem.objects.get(code="N-002").committed_days == 6


def test_an_import_goes_by_what_its_check_went_by(office: Client) -> None:
    row, other = sent(office, HALF, [*ROW, "4"]), sent(office, HALF, ["N-003", "别的", "住建局", "3", "4"])
    say(office, other, "item", "code", "name", "department", "", "committed_days")
    office.post(f"/catalog/import/{row.pk}/decide/", {"on_conflict": "stop"})
    assert ServiceItem.objects.get(code="N-001").committed_days == 5


def test_two_columns_for_one_field_and_other_nonsense(office: Client) -> None:
    row = sent(office, HALF, [*ROW, "4"])
    answer = say(office, row, "item", "code", "name", "department", "committed_days", "committed_days")
    assert answer.status_code == 400
    assert "不能有两列都是" in answer.content.decode()
    assert say(office, row, "nonsense").status_code == 400
    assert say(office, row, "item", table=9).status_code == 400
    assert not HeadingMeaning.objects.exists()
    office.post(f"/catalog/import/{row.pk}/decide/", {"on_conflict": "stop"})
    assert say(office, row, "item", "code", "", "department", "committed_days", "").status_code == 409


def test_a_table_can_be_left_out(office: Client) -> None:
    row = sent(office, HALF, [*ROW, "4"])
    assert say(office, row, "none").status_code == 302
    row.refresh_from_db()
    assert set(row.rows.values_list("status", flat=True)) == {"ignored"}


def test_taken_back_in_the_browser(office: Client, reform_officer: User) -> None:
    row = sent(office, HALF, [*ROW, ""])
    undo = f"/catalog/import/{row.pk}/undo/"
    assert office.post(undo).status_code == 409
    office.post(f"/catalog/import/{row.pk}/decide/", {"on_conflict": "stop"})
    assert "1 行新增的删除" in office.get(undo).content.decode()
    assert office.post(undo).status_code == 302
    row.refresh_from_db()
    assert row.status == ImportStatus.UNDONE
    assert not ServiceItem.objects.filter(code="N-001").exists()
    assert "已撤销" in office.get(f"/catalog/import/{row.pk}/result/").content.decode()
    assert office.post(undo).status_code == 409


def test_not_taken_back_once_it_was_edited(office: Client) -> None:
    row = sent(office, HALF, [*ROW, ""])
    office.post(f"/catalog/import/{row.pk}/decide/", {"on_conflict": "stop"})
    item = ServiceItem.objects.get(code="N-001")
    item.note = "后来写的"
    item.save()
    undo = f"/catalog/import/{row.pk}/undo/"
    assert "之后又有改动" in office.get(undo).content.decode()
    assert office.post(undo).status_code == 409
    row.refresh_from_db()
    assert row.status == ImportStatus.DONE
