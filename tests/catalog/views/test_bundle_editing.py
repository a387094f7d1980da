"""Bundles: what a change means for their items, and who may make it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from catalog.models import ServiceBundle, ServiceItem
from tests import factories
from tests.conftest import District

pytestmark = pytest.mark.django_db
NEW = reverse("catalog:bundle_create")


def form(district: District, *items: ServiceItem, **changes: Any) -> dict[str, Any]:
    """A filled-in form with these items in their order."""
    rows = {f"members-{n}-related": item.code for n, item in enumerate(items)}
    sizes = {"members-TOTAL_FORMS": len(items), "members-INITIAL_FORMS": 0}
    what = {"code": "B9", "name": "修桥一件事", "for_companies": "on", "active": "on", "before_days": "25.5"}
    return {"version": 0, "lead_department": district.a.pk, "reason": "并到一起"} | what | sizes | rows | changes


@pytest.fixture
def items(district: District) -> tuple[ServiceItem, ServiceItem]:
    """Two items of two departments that ask for the same documents."""
    return district.item_b, factories.make_item(district.a)


def edit(bundle: ServiceBundle) -> str:
    return reverse("catalog:bundle_edit", args=[bundle.pk])


def test_a_bundle_is_made_with_its_figures(
    client: Client, district: District, reform_officer: User, items: tuple[ServiceItem, ServiceItem]
) -> None:
    client.force_login(reform_officer)
    assert client.post(NEW, form(district, *items, supporting_departments=[district.b.pk])).status_code == 302
    made = ServiceBundle.objects.get()
    assert (made.before["days"], made.after["days"], list(made.supporting_departments.all())) == (
        25.5,
        None,
        [district.b],
    )
    assert [member.item for member in made.members.order_by("number")] == list(items)
    assert [item.revisions.get().reason for item in items] == ["并到一起", "并到一起"]
    assert items[1].revisions.get().snapshot["bundles"][0]["code"] == "B9"


def test_taking_an_item_out_mends_its_seam_and_says_so(
    client: Client, district: District, reform_officer: User, items: tuple[ServiceItem, ServiceItem]
) -> None:
    client.force_login(reform_officer)
    client.post(NEW, form(district, *items))
    bundle = ServiceBundle.objects.get()
    page = client.get(reverse("catalog:item_detail", args=[items[1].pk]))
    assert {line.kind for line in page.context["seams"].lines} == {"REPEATED_IN_BUNDLE"}
    again = client.get(reverse("catalog:bundle_seams", args=[ServiceBundle.objects.get().pk])).context["again"]
    assert {line.kind for line in again} == {"REPEATED_IN_BUNDLE"}
    client.post(edit(bundle), form(district, items[0], version=1, issue_number="WT-3"))
    page = client.get(reverse("catalog:item_detail", args=[items[1].pk]))
    assert (page.context["seams"].lines, len(page.context["seams"].ruled_out)) == ([], 2)
    latest = items[1].revisions.order_by("-number")[0]
    assert (latest.issue_number, latest.snapshot["bundles"]) == ("WT-3", [])


def test_a_bundle_out_of_use_repeats_nothing(
    client: Client, district: District, reform_officer: User, items: tuple[ServiceItem, ServiceItem]
) -> None:
    client.force_login(reform_officer)
    client.post(NEW, form(district, *items))
    client.post(edit(ServiceBundle.objects.get()), form(district, *items, version=1, active=""))
    page = client.get(reverse("catalog:seam_list"), {"kind": "REPEATED_IN_BUNDLE", "state": "mended"})
    assert page.context["page_obj"].paginator.count == 2
    assert "停用" in client.get(reverse("catalog:bundle_list")).content.decode()


@pytest.mark.parametrize(
    "bad",
    [
        {"name": ""},
        {"reason": ""},
        {"members-0-related": "没有"},
        {"for_companies": ""},
        {"after_trips": "-1"},
        {"code": "B0"},
    ],
)
def test_a_bad_bundle_comes_back_with_the_text(
    client: Client,
    district: District,
    reform_officer: User,
    items: tuple[ServiceItem, ServiceItem],
    bad: dict[str, str],
) -> None:
    ServiceBundle.objects.create(code="B0", name="已有的", lead_department=district.a)
    client.force_login(reform_officer)
    answer = client.post(NEW, form(district, *items, issue_number="WT-77") | bad)
    assert (answer.status_code, "WT-77" in answer.content.decode()) == (400, True)
    assert (ServiceBundle.objects.count(), items[0].revisions.count()) == (1, 0)


def test_a_stale_bundle_and_a_moved_row(
    client: Client, district: District, reform_officer: User, items: tuple[ServiceItem, ServiceItem]
) -> None:
    client.force_login(reform_officer)
    client.post(NEW, form(district, *items))
    bundle = ServiceBundle.objects.get()
    assert client.post(edit(bundle), form(district, items[1], version=0)).status_code == 409
    page = client.post(edit(bundle), form(district, *items, version=1, arrange="members:up:1"))
    assert [row.heading for row in page.context["members"]] == [items[1].code, items[0].code]
    assert bundle.members.count() == 2


def test_others_change_no_bundle(client: Client, district: District, liaison: User, auditor: User) -> None:
    for user in (liaison, auditor):
        client.force_login(user)
        assert client.post(NEW, form(district, district.item_b)).status_code == 403
    assert not ServiceBundle.objects.exists()
