"""Decisions about seams, and what a guide revision does to them."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from catalog import seam_services, seams, services
from catalog.choices import DocumentForm
from catalog.models import SeamRuling, ServiceItem
from catalog.seams import Seam
from core.doors import StaleVersion, WrongState
from tests import factories
from tests.conftest import District

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(district: District) -> ServiceItem:
    factories.make_document(
        district.item_b, 9, code="YYZZ", name="营业执照", source_department=district.c, shareable=True
    )
    return district.item_b


@pytest.fixture
def seam(item: ServiceItem) -> Seam:
    (found,) = seams.of_item(item)
    return found


def test_dismissed_with_reason_and_taken_back(seam: Seam, reform_officer: User) -> None:
    row = seam_services.dismiss(seam, reform_officer, reason="规章要求原件", version=0)
    assert (row.dismissed_reason, row.dismissed_by, row.version) == ("规章要求原件", reform_officer, 1)
    assert row.dismissed_at
    row = seam_services.restore(seam, reform_officer, version=1)
    assert (row.dismissed_reason, row.dismissed_by, row.dismissed_at) == ("", None, None)
    assert [past.dismissed_reason for past in row.history.all()] == ["", "规章要求原件", ""]
    with pytest.raises(WrongState):
        seam_services.restore(seam, reform_officer, version=2)


def test_confirmed_by_an_issue_it_cannot_be_dismissed(seam: Seam, hall_administrator: User) -> None:
    seam_services.dismiss(seam, hall_administrator, reason="x", version=0)
    row = seam_services.confirm(seam, hall_administrator, issue_number="WT-2026-001", version=1)
    assert (row.issue_number, row.confirmed_by, row.dismissed_reason) == ("WT-2026-001", hall_administrator, "")
    with pytest.raises(WrongState):
        seam_services.dismiss(seam, hall_administrator, reason="x", version=2)


def test_only_the_offices_decide(seam: Seam, liaison: User, director_a: User, guide: User, auditor: User) -> None:
    for user in (liaison, director_a, guide, auditor):
        with pytest.raises(PermissionDenied):
            seam_services.dismiss(seam, user, reason="x", version=0)
        with pytest.raises(PermissionDenied):
            seam_services.confirm(seam, user, issue_number="1", version=0)
        with pytest.raises(PermissionDenied):
            seam_services.restore(seam, user, version=0)
    assert not SeamRuling.objects.exists()


def test_a_decision_taken_meanwhile_is_not_overwritten(seam: Seam, reform_officer: User) -> None:
    seam_services.dismiss(seam, reform_officer, reason="第一", version=0)
    with pytest.raises(StaleVersion) as error:
        seam_services.confirm(seam, reform_officer, issue_number="WT-1", version=0)
    assert "第一" in error.value.current.values()


def save(item: ServiceItem, actor: User, form: str) -> Any:
    """One guide revision that asks for the licence in `form`."""
    item.refresh_from_db()
    steps = [
        {"pk": row.pk, "name": row.name, "days": row.days, "signatures": row.signatures} for row in item.steps.all()
    ]
    names = ("pk", "code", "name", "source_kind", "source_department", "necessity", "shareable")
    documents = [{name: getattr(row, name) for name in names} | {"form": row.form} for row in item.documents.all()]
    documents[-1]["form"] = form
    return services.save_item(
        item, actor, version=item.version, fields={}, steps=steps, documents=documents, reason="改为系统调取"
    )


def test_a_guide_revision_mends_and_a_later_one_brings_back(
    item: ServiceItem, seam: Seam, hall_administrator: User
) -> None:
    revision = save(item, hall_administrator, DocumentForm.NOT_SUBMITTED)
    assert seams.of_item(item) == []
    row = SeamRuling.objects.mended().get()
    assert (row.key, row.mended_revision, row.need, row.hold_id) == (seam.key, revision, item.department, seam.hold)
    assert row.mended_at
    save(item, hall_administrator, DocumentForm.COPY)
    assert not SeamRuling.objects.mended().exists()
    assert [one.key for one in seams.of_item(item)] == [seam.key]


def test_a_save_that_mends_nothing_records_nothing(item: ServiceItem, seam: Seam, hall_administrator: User) -> None:
    save(item, hall_administrator, DocumentForm.ORIGINAL)
    assert not SeamRuling.objects.exists()
