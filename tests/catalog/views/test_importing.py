"""Import in the browser: the whole way, who may, what is refused, and what two people do at once."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from catalog import import_services
from catalog.choices import ImportStatus
from catalog.importing import reading
from catalog.importing.headers import understand
from catalog.models import CatalogImport, ImportFile, ImportRow, ServiceItem
from core import clock
from core.idempotency import new_token
from tests.catalog.sheets import BAD, GOOD, HEADS, upload, workbook
from tests.catalog.views import count_queries
from tests.conftest import District

pytestmark = pytest.mark.django_db
START = "/catalog/import/"


@pytest.fixture
def office(client: Client, district: District, reform_officer: User) -> Client:
    client.force_login(reform_officer)
    return client


def send(client: Client, *contents: bytes, token: str = "") -> Any:
    files = [upload(content, f"表{n}.xlsx") for n, content in enumerate(contents)]
    return client.post(START, {"tables": files, "token": token or new_token()})


def url(name: str, row: CatalogImport) -> str:
    return reverse(f"catalog:import_{name}", args=[row.pk])


def sent(client: Client, *contents: bytes) -> CatalogImport:
    assert send(client, *contents).status_code == 302
    return CatalogImport.objects.latest("pk")


def decide(client: Client, row: CatalogImport, rule: str) -> None:
    assert client.post(url("decide", row), {"on_conflict": rule}).status_code == 302
    row.refresh_from_db()


def test_upload_look_decide_done(office: Client) -> None:
    assert "核对表格" in office.get(START).content.decode()
    row = sent(office, workbook(["目录"], HEADS, GOOD, BAD))
    assert row.status == ImportStatus.READY
    assert not ServiceItem.objects.filter(code="N-001").exists()
    page = office.get(url("preview", row)).content.decode()
    for words in ("没有的局", "第 4 行", "备用列", "承诺时限(工作日)"):
        assert words in page
    assert "N-001" in office.get(url("preview", row), {"status": "created"}).content.decode()
    decide(office, row, "stop")
    assert row.status == ImportStatus.DONE
    item = ServiceItem.objects.get(code="N-001")
    assert item.revisions.get().created_by == row.created_by
    assert "已导入" in office.get(url("preview", row), follow=True).content.decode()


def test_the_report_for_programs(office: Client) -> None:
    row = sent(office, workbook(HEADS, GOOD, BAD))
    rows = json.loads(office.get(url("report", row)).content)["rows"]
    assert [one["status"] for one in rows] == ["ignored", "created", "rejected"]
    assert set(rows[0]) == {"file", "sheet", "row", "kind", "key", "status", "code", "messages"}


@pytest.mark.parametrize(
    ("rule", "name", "status"), [("update", "新名", "done"), ("skip", "旧名", "done"), ("stop", "旧名", "stopped")]
)
def test_rows_that_exist(rule: str, name: str, status: str, office: Client, district: District) -> None:
    ServiceItem.objects.filter(pk=district.item_b.pk).update(code="N-001", name="旧名")
    row = sent(office, workbook(HEADS, ["N-001", "新名", "住建局", "承诺件", "5", "10", "法人", ""]))
    assert "旧名 → 新名" in office.get(url("preview", row), {"status": "updated"}).content.decode()
    decide(office, row, rule)
    assert (ServiceItem.objects.get(code="N-001").name, row.status) == (name, status)
    assert office.get(url("result", row), {"status": "all"}).status_code == 200


def test_the_same_tables_with_remarks_can_be_sent_again(office: Client) -> None:
    row = sent(office, workbook(["目录"], HEADS, ["一、法人事项"], GOOD, BAD), workbook(HEADS, GOOD))
    sheets = reading.read_content("a.xlsx", office.get(url("remarks", row)).getvalue())
    assert sheets[0].rows[1][-1] == "导入结果"
    assert "没有的局" in sheets[0].rows[4][-1]
    assert sheets[0].rows[3][-1] == "新增"
    table = understand(sheets[0])
    assert table is not None
    assert [number for number, _cells in table.rows] == [4, 5]
    assert [drop.code for drop in table.dropped] == ["title", "section"]


def test_the_second_of_two_is_told(office: Client, hall_administrator: User) -> None:
    row = sent(office, workbook(HEADS, GOOD))
    content = row.files.get().stored.read()
    office.force_login(hall_administrator)
    answer = send(office, content)
    assert answer.status_code == 409
    assert row.created_by.display_name in answer.content.decode()
    assert url("preview", row) in answer.content.decode()
    decide(office, row, "stop")
    office.force_login(row.created_by)
    assert office.post(url("decide", row), {"on_conflict": "stop"}).status_code == 409
    assert office.post(url("discard", row)).status_code == 409


def test_only_one_is_taken_in_at_a_time(office: Client) -> None:
    first, second = sent(office, workbook(HEADS, GOOD)), sent(office, workbook(HEADS, GOOD, BAD))
    CatalogImport.objects.filter(pk=first.pk).update(status=ImportStatus.APPLYING)
    assert office.post(url("decide", second), {"on_conflict": "stop"}).status_code == 409
    second.refresh_from_db()
    assert second.status == ImportStatus.READY
    assert office.post(url("decide", second), {}).status_code == 400


def test_a_double_click_is_one_import(office: Client) -> None:
    token, content = new_token(), workbook(HEADS, GOOD)
    assert send(office, content, token=token).url == send(office, content, token=token).url
    assert CatalogImport.objects.count() == 1


def test_progress_can_be_left_and_looks_again(office: Client) -> None:
    row = sent(office, workbook(HEADS, GOOD))
    CatalogImport.objects.filter(pk=row.pk).update(status=ImportStatus.CHECKING, done=0)
    page = office.get(url("preview", row)).content.decode()
    assert "可以离开本页" in page
    assert 'hx-trigger="every 1s"' in page
    part = office.get(url("preview", row), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert "十分钟没有动静" in office.get(url("preview", row)).content.decode()
    CatalogImport.objects.filter(pk=row.pk).update(status=ImportStatus.READY)
    assert office.get(url("preview", row), headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_given_up_and_its_files_gone(office: Client, django_capture_on_commit_callbacks: Any) -> None:
    row = sent(office, workbook(HEADS, GOOD))
    name = str(row.files.get().stored.name)
    with django_capture_on_commit_callbacks(execute=True):
        assert office.post(url("discard", row)).status_code == 302
    assert not default_storage.exists(name)
    assert office.get(url("remarks", row), follow=True).status_code == 200
    import_services.check_import.call(row.pk)
    import_services.apply_import.call(row.pk)
    row.refresh_from_db()
    assert row.status == ImportStatus.DISCARDED
    assert not ServiceItem.objects.filter(code="N-001").exists()


def test_a_day_later_the_files_are_gone(office: Client) -> None:
    waiting, broken = sent(office, workbook(HEADS, GOOD)), sent(office, workbook(HEADS, BAD))
    CatalogImport.objects.filter(pk=broken.pk).update(status=ImportStatus.APPLYING)
    import_services.forget_files.call(broken.pk)
    with clock.at(clock.now() + timedelta(hours=25)):
        import_services.sweep()
    waiting.refresh_from_db()
    broken.refresh_from_db()
    assert (waiting.status, broken.status) == (ImportStatus.DISCARDED, ImportStatus.REFUSED)
    assert "处理中断" in broken.refusal
    import_services.forget_files.call(broken.pk)
    assert not ImportFile.objects.exists()


def test_nobody_else(office: Client, director_a: User, guide: User, liaison: User, auditor: User) -> None:
    row = sent(office, workbook(HEADS, GOOD))
    for user in (director_a, guide, liaison, auditor):
        office.force_login(user)
        assert send(office, workbook(HEADS, GOOD)).status_code == 403
        assert [office.get(url(name, row)).status_code for name in ("preview", "result", "remarks", "report")] == [
            403
        ] * 4
        assert [office.post(url(name, row)).status_code for name in ("decide", "discard")] == [403] * 2
    assert not CatalogImport.objects.visible_to(auditor).exists()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _n in range(310):
                part.write(bytes(1024 * 1024))
    return out.getvalue()


def rows_beyond_count() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "")
        rows = (f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 200_100))
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet>{''.join(rows)}</worksheet>")
    return out.getvalue()


REFUSED = {
    "too many rows": (rows_beyond_count(), "100,000"),
    "empty": (b"", "空"),
    "nul": ("事项编码\0,事项名称".encode(), "不是表格"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "不是表格"),
    "locked": (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "other zip": (b"PK\x03\x04 no archive", "不是能读的工作簿"),
    "bomb": (bomb(), "300 MB"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_table_is_refused_at_the_door(case: str, office: Client) -> None:
    content, words = REFUSED[case]
    answer = send(office, workbook(HEADS, GOOD), content)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not CatalogImport.objects.exists()
    assert not default_storage.exists("imports") or default_storage.listdir("imports")[1] == []


def test_too_large_and_too_many(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.import_forms.MAX_BYTES", 1000)
    answer = send(office, workbook(HEADS, GOOD))
    assert (answer.status_code, "50 MB" in answer.content.decode()) == (413, True)
    monkeypatch.undo()
    assert send(office, *[b"a,b"] * 21).status_code == 400
    assert office.post(START, {"token": new_token()}).status_code == 400


def test_a_workbook_that_breaks_while_it_is_read(office: Client) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<broken")
    row = sent(office, out.getvalue())
    assert row.status == ImportStatus.REFUSED
    assert "不是能读的工作簿" in office.get(url("preview", row), follow=True).content.decode()


def test_queries_do_not_grow_with_rows(office: Client) -> None:
    for number in (1, 30):
        rows = [[f"M-{number}-{n}", f"事项{n}", "住建局", "承诺件", "5", "10", "法人", ""] for n in range(number)]
        row = sent(office, workbook(HEADS, *rows))
        assert count_queries(office, f"{url('preview', row)}?status=all") <= 12
        decide(office, row, "stop")
        assert count_queries(office, f"{url('result', row)}?status=all") <= 12


def test_the_rows_that_ask_for_a_look_come_first(office: Client) -> None:
    first = sent(office, workbook(HEADS, GOOD))
    ImportRow.objects.filter(catalog_import=first).delete()
    facts: dict[str, Any] = {"catalog_import": first, "file": "a", "row": 1}
    for number, (status, messages) in enumerate(
        [("unchanged", []), ("created", []), ("updated", ["改"]), ("unchanged", ["疑"]), ("rejected", ["错"])]
    ):
        ImportRow.objects.create(number=number, status=status, messages=messages, **facts)
    page = office.get(url("preview", first))
    assert [row.status for row in page.context["page_obj"]] == ["rejected", "unchanged", "updated", "created"]
    tabs = {name: number for name, _label, number in page.context["tabs"]}
    assert (tabs["notable"], tabs["warned"], tabs["unchanged"], tabs["all"]) == (4, 1, 2, 5)
