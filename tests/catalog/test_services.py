"""Saving an item: one revision a save, stale saves refused, rows in their order."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from catalog import hall_services, services
from catalog.models import ServiceItem
from core import doors
from core.doors import StaleVersion
from tests.conftest import District

pytestmark = pytest.mark.django_db


def rows(manager: Any, *names: str) -> list[dict[str, Any]]:
    return [{"pk": row.pk} | {name: getattr(row, name) for name in names} for row in manager.order_by("number")]


def save(item: ServiceItem, actor: User, **given: Any) -> Any:
    call: dict[str, Any] = {
        "version": item.version,
        "fields": {"trips": 1},
        "steps": rows(item.steps, "name"),
        "documents": rows(item.documents, "name"),
        "reason": "少跑一趟",
    }
    return services.save_item(item, actor, **(call | given))


def test_initials() -> None:
    assert services.initials("建筑工程施工许可证核发") == "jzgcsgxkzhf"
    assert services.initials("企业（变更）A1") == "qybga1"


def test_current_revision_makes_the_first_once(district: District) -> None:
    first = services.current_revision(district.item_b)
    assert (first.number, services.current_revision(district.item_b).pk) == (1, first.pk)
    assert first.snapshot["item"]["department"] == "自然资源和规划局"
    assert [step["number"] for step in first.snapshot["steps"]] == [1, 2, 3]
    assert first.snapshot["documents"][0]["code"] == "DOC1"


def test_each_save_is_a_revision(district: District, hall_administrator: User) -> None:
    services.current_revision(district.item_b)
    made = save(district.item_b, hall_administrator, issue_number="WT-2026-001")
    district.item_b.refresh_from_db()
    assert (made.number, made.reason, made.issue_number) == (2, "少跑一趟", "WT-2026-001")
    assert (district.item_b.version, district.item_b.trips, made.snapshot["item"]["trips"]) == (1, 1, 1)
    assert made.created_by == hall_administrator


def test_rows_change_places_go_and_come(district: District, hall_administrator: User) -> None:
    first, second, third = rows(district.item_b.steps, "name")
    new = {"name": "新环节", "days": 1}
    made = save(district.item_b, hall_administrator, steps=[third, first, new])
    assert [step["name"] for step in made.snapshot["steps"]] == ["环节3", "环节1", "新环节"]
    assert [step["number"] for step in made.snapshot["steps"]] == [1, 2, 3]
    assert not district.item_b.steps.filter(pk=second["pk"]).exists()


def test_unchanged_rows_are_not_written(district: District, hall_administrator: User) -> None:
    step = district.item_b.steps.get(number=1)
    save(district.item_b, hall_administrator)
    assert step.history.count() == 1


def test_stale_save_is_refused_with_what_stands_now(district: District, hall_administrator: User) -> None:
    save(district.item_b, hall_administrator)
    with pytest.raises(StaleVersion) as refusal:
        save(ServiceItem.objects.get(pk=district.item_b.pk), hall_administrator, version=0)
    assert "环节1 → 环节2 → 环节3" in refusal.value.current.values()
    assert district.item_b.revisions.count() == 1


def test_others_do_not_save(district: District, liaison: User, reform_officer: User) -> None:
    with pytest.raises(PermissionDenied):
        save(district.item_b, liaison)
    assert save(district.item_b, reform_officer).number == 1


def test_window_of_own_hall_only(district: District, hall_administrator: User, reform_officer: User) -> None:
    fields = {"name": "综合窗口", "is_desk": False, "desk_am": True}
    saved = hall_services.save_window(
        district.window_b, hall_administrator, version=0, fields=fields, serves=[district.a]
    )
    assert (saved.name, saved.desk_am, list(saved.serves.all())) == ("综合窗口", False, [district.a])
    with pytest.raises(PermissionDenied):
        hall_services.save_window(district.window_b, reform_officer, version=1, fields=fields, serves=[])


def test_of_two_first_uses_one_makes_the_revision(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one is done between the look and the lock."""
    item = district.item_b
    locked = doors.lock

    def late(row: ServiceItem) -> ServiceItem:
        services.revise(row, None, "别人先用")
        return locked(row)

    monkeypatch.setattr("catalog.services.lock", late)
    assert services.current_revision(item).reason == "别人先用"
    assert item.revisions.count() == 1
