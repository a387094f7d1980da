"""Halls, windows and bundles."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from catalog.models import ServiceBundle
from tests import factories
from tests.conftest import District

pytestmark = pytest.mark.django_db


def test_hall_and_its_windows(client: Client, district: District, hall_administrator: User, auditor: User) -> None:
    other = factories.make_hall(code="H02", name="公积金服务分厅", km_from_main=2.4)
    factories.make_window(other, None, number="B01", name="公积金综窗")
    for user, edits in ((hall_administrator, True), (auditor, False)):
        client.force_login(user)
        main = client.get(reverse("catalog:hall_list")).content.decode()
        assert "A17" in main
        assert (reverse("catalog:window_edit", args=[district.window_b.pk]) in main) is edits
        assert "公积金综窗" in client.get(reverse("catalog:hall_list"), {"hall": "H02"}).content.decode()


def test_window_is_changed_by_its_own_administrator(
    client: Client, district: District, hall_administrator: User, reform_officer: User
) -> None:
    url = reverse("catalog:window_edit", args=[district.window_b.pk])
    data: dict[str, Any] = {"name": "规划窗口", "kind": "department", "is_desk": "on", "desk_pm": "on", "active": "on"}
    data |= {"department": district.b.pk, "serves": [district.a.pk], "reason": "下午开放", "version": "0"}
    data["zone"] = district.window_b.zone_id
    client.force_login(reform_officer)
    assert client.post(url, data).status_code == 403
    client.force_login(hall_administrator)
    assert client.post(url, data).status_code == 302
    assert client.post(url, data | {"name": "别的名字"}).status_code == 409
    district.window_b.refresh_from_db()
    assert (district.window_b.name, district.window_b.desk_am, district.window_b.desk_pm) == ("规划窗口", False, True)
    kept = district.window_b.history.order_by("-history_id")[0]
    assert (kept.history_change_reason, kept.history_user) == ("下午开放", hall_administrator)


def test_an_experience_window_needs_a_half_day(client: Client, district: District, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    url = reverse("catalog:window_edit", args=[district.window_b.pk])
    response = client.post(url, {"name": "新名字", "kind": "department", "is_desk": "on"})
    assert response.status_code == 400
    assert "新名字" in response.content.decode()


def test_bundle_pages(client: Client, district: District, director_a: User, django_assert_max_num_queries: Any) -> None:
    figures = {"days": 25, "materials": 28, "trips": 6, "windows": None}
    bundle = ServiceBundle.objects.create(
        code="B1", name="开办餐饮店", lead_department=district.b, before=figures, after={"days": 8}
    )
    bundle.members.create(item=district.item_b, number=1)
    client.force_login(director_a)
    assert "开办餐饮店" in client.get(reverse("catalog:bundle_list")).content.decode()
    with django_assert_max_num_queries(12):
        page = client.get(reverse("catalog:bundle_detail", args=[bundle.pk])).content.decode()
    assert district.item_b.name in page
    assert client.get(reverse("catalog:bundle_detail", args=[999_999])).status_code == 404


def test_a_window_opens_once_per_number(client: Client, district: District, hall_administrator: User) -> None:
    url = reverse("catalog:window_create", args=[district.hall.pk])
    data: dict[str, Any] = {"number": "B09", "name": "新窗口", "kind": "integrated", "active": "on", "version": "0"}
    data |= {"zone": district.window_a.zone_id, "serves": [district.a.pk], "reason": "扩建"}
    client.force_login(hall_administrator)
    assert client.post(url, data).status_code == 302
    made = district.hall.windows.get(number="B09")
    assert (made.name, list(made.serves.all()), made.history.get().history_user) == (
        "新窗口",
        [district.a],
        hall_administrator,
    )
    again = client.post(url, data | {"name": "又一个"})
    assert (again.status_code, "又一个" in again.content.decode()) == (400, True)
    elsewhere = factories.make_window(factories.make_hall()).zone_id
    assert client.post(url, data | {"number": "B10", "zone": elsewhere}).status_code == 400
