"""Simulated material: prepared, put into use, frozen; a walk keeps the version it began with."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from catalog.choices import ItemStatus
from catalog.models import SamplePicture, SimulationPack
from tests.catalog.views import count_queries
from tests.conftest import District
from tests.sessions.stage import pack as used_pack
from tests.sessions.stage import simulated_case

pytestmark = pytest.mark.django_db


def address(name: str, row: Any) -> str:
    return reverse(f"catalog:{name}", args=[row.pk])


def photo(name: str = "申请表.png") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


def sheets(*names: str, **changes: Any) -> dict[str, Any]:
    """The form with these sheets; the code of each is its name."""
    rows: dict[str, Any] = {"sheets-TOTAL_FORMS": len(names), "sheets-INITIAL_FORMS": 0, "version": 0, "title": "模拟"}
    for n, name in enumerate(names):
        row = {"name": name, "code": name, "form": "copy", "copies": 1, "text": "申请人：赵某（示例）"}
        rows |= {f"sheets-{n}-{field}": value for field, value in row.items()}
    return rows | changes


@pytest.fixture
def office(client: Client, reform_officer: User) -> Client:
    client.force_login(reform_officer)
    return client


@pytest.fixture
def prepared(office: Client, district: District) -> SimulationPack:
    """The next version, begun from what the item asks for."""
    office.post(address("prepare_pack", district.item_b))
    made: SimulationPack = SimulationPack.objects.prepared().get()
    return made


def test_a_version_is_prepared_once_from_the_documents(
    office: Client, prepared: SimulationPack, district: District
) -> None:
    assert [sheet["code"] for sheet in prepared.documents] == ["DOC1", "DOC2"]
    office.post(address("prepare_pack", district.item_b))
    assert SimulationPack.objects.count() == 1


def test_put_into_use_it_is_a_guide_revision_and_frozen(office: Client, prepared: SimulationPack) -> None:
    item = prepared.item
    office.post(address("pack_edit", prepared), sheets("申请表", "承诺书"))
    assert office.post(address("release_pack", prepared), {"reason": ""}).status_code == 400
    assert office.post(address("release_pack", prepared), {"reason": "新表样"}).status_code == 302
    revision = item.revisions.get()
    assert (revision.reason, revision.snapshot["pack"]) == ("新表样", 1)
    assert revision.snapshot["item"]["has_simulation_pack"] is True
    page = office.post(address("pack_edit", prepared), sheets("改不动", version=1))
    assert page.status_code == 409
    assert office.post(address("add_sample", prepared), {"sheet": "申请表", "picture": photo()}).status_code == 409
    prepared.refresh_from_db()
    assert [sheet["name"] for sheet in prepared.documents] == ["申请表", "承诺书"]


def test_a_picture_comes_through_the_image_door(office: Client, prepared: SimulationPack) -> None:
    add = address("add_sample", prepared)
    assert office.post(add, {"sheet": "DOC1", "picture": photo()}).status_code == 302
    picture = prepared.pictures.get()
    answer = office.get(address("sample", picture))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "no-store, private")
    assert (picture.caption, office.get(address("sample_thumb", picture))["Content-Type"]) == ("申请表", "image/jpeg")
    assert address("sample_thumb", picture) in office.get(address("pack_detail", prepared)).content.decode()


@pytest.mark.parametrize(
    "bad",
    [
        {"sheet": "DOC9"},
        {"picture": SimpleUploadedFile("x.png", b"<svg/>")},
        {"picture": SimpleUploadedFile("x.png", b"")},
        {"picture": ""},
    ],
)
def test_a_bad_picture_is_refused_with_the_reason(
    office: Client, prepared: SimulationPack, bad: dict[str, Any]
) -> None:
    sent = {"sheet": "DOC1", "caption": "我写的说明", "picture": photo()} | bad
    answer = office.post(address("add_sample", prepared), sent)
    assert (answer.status_code, "我写的说明" in answer.content.decode()) == (400, True)
    assert not prepared.pictures.exists()


def test_the_next_version_takes_pictures_along_and_may_drop_them(
    office: Client, prepared: SimulationPack, django_capture_on_commit_callbacks: Any
) -> None:
    office.post(address("add_sample", prepared), {"sheet": "DOC1", "picture": photo()})
    office.post(address("release_pack", prepared), {"reason": "第一版"})
    office.post(address("prepare_pack", prepared.item))
    second = SimulationPack.objects.prepared().get()
    (copied,) = second.pictures.all()
    with django_capture_on_commit_callbacks(execute=True):
        office.post(address("remove_sample", copied))
    kept = prepared.pictures.get()
    assert (second.pictures.count(), default_storage.exists(kept.path)) == (0, True)
    assert office.post(address("remove_sample", kept)).status_code == 409


def test_a_walk_keeps_its_version_even_when_the_item_is_retired(
    client: Client, district: District, director_a: User, reform_officer: User
) -> None:
    first = used_pack(district)
    case = simulated_case(district, director_a)
    client.force_login(reform_officer)
    client.post(address("prepare_pack", district.item_b))
    second = SimulationPack.objects.prepared().get()
    client.post(address("pack_edit", second), sheets("新申请表"))
    client.post(address("release_pack", second), {"reason": "换表样"})
    district.item_b.refresh_from_db()
    client.post(address("item_retire", district.item_b), {"version": district.item_b.version, "reason": "取消"})
    case.refresh_from_db()
    assert (case.simulation_pack, SimulationPack.objects.get(pk=first.pk).active) == (first, False)
    client.force_login(director_a)
    page = client.get(reverse("window_sessions:case_pack", args=[case.pk]))
    assert (page.status_code, page.context["pack"]) == (200, first)
    assert client.get(address("pack_detail", first)).status_code == 404


def test_what_is_being_prepared_or_belongs_to_a_draft_stays_inside(
    client: Client, district: District, prepared: SimulationPack, liaison: User, outsider: User, auditor: User
) -> None:
    for user, status in ((liaison, 404), (outsider, 404), (auditor, 200)):
        client.force_login(user)
        assert client.get(address("pack_detail", prepared)).status_code == status
    used = SimulationPack.objects.create(item=district.item_b, version=2, title="在用")
    district.item_b.status = ItemStatus.DRAFT
    district.item_b.save()
    for user, status in ((liaison, 200), (outsider, 404)):
        client.force_login(user)
        assert client.get(address("pack_detail", used)).status_code == status


def test_bad_and_stale_sheets_keep_the_text(office: Client, prepared: SimulationPack) -> None:
    edit = address("pack_edit", prepared)
    twice = office.post(edit, sheets("甲", "甲"))
    assert (twice.status_code, "赵某" in twice.content.decode()) == (400, True)
    office.post(edit, sheets("先来的"))
    late = office.post(edit, sheets("后来的"))
    assert (late.status_code, "后来的" in late.content.decode(), "先来的" in late.content.decode()) == (409, True, True)
    moved = office.post(edit, sheets("甲", "乙", arrange="sheets:up:1"))
    assert [row.heading for row in moved.context["sheets"]] == ["乙", "甲"]


def test_out_of_use_the_item_says_so(office: Client, prepared: SimulationPack) -> None:
    office.post(address("release_pack", prepared), {"reason": "第一版"})
    assert (
        office.post(address("retire_pack", prepared), {"reason": "表样作废", "issue_number": "WT-8"}).status_code == 302
    )
    prepared.item.refresh_from_db()
    latest = prepared.item.revisions.order_by("-number")[0]
    assert (prepared.item.has_simulation_pack, latest.issue_number, latest.snapshot["pack"]) == (False, "WT-8", None)
    assert office.post(address("retire_pack", prepared), {"reason": "再来"}).status_code == 409


@pytest.mark.parametrize("rows", [1, 9])
def test_queries_of_a_pack(office: Client, prepared: SimulationPack, reform_officer: User, rows: int) -> None:
    for n in range(rows):
        SamplePicture.objects.create(
            pack=prepared, sheet="DOC1", number=n, path="x.jpg", thumbnail_path="y.jpg", content_type="image/jpeg",
            width=1, height=1, sha256="0", added_by=reform_officer, added_at=prepared.history.first().history_date,
        )  # fmt: skip
    office.get(address("pack_detail", prepared))
    assert count_queries(office, address("pack_detail", prepared)) <= 12
