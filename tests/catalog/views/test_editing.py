"""Revising a guide in the browser: saved whole, refused when stale, nothing typed lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from catalog.models import ServiceItem
from tests.catalog.views import count_queries
from tests.conftest import District

pytestmark = pytest.mark.django_db


def url(item: ServiceItem) -> str:
    return reverse("catalog:item_edit", args=[item.pk])


def form_data(client: Client, item: ServiceItem, **changes: Any) -> dict[str, Any]:
    """What the browser would send for the untouched page, with `changes`."""
    context = client.get(url(item)).context
    data: dict[str, Any] = {}
    for formset in (context["steps"], context["documents"]):
        data |= {f"{formset.prefix}-{name}": value for name, value in formset.management_form.initial.items()}
    forms = [context["form"], *context["steps"], *context["documents"]]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:
                data[bound.html_name] = value
    return data | {"reason": "少跑一趟"} | changes


def test_save_makes_a_revision(client: Client, district: District, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    item = district.item_b
    changes = {"trips": 1, "steps-0-ORDER": 9, "steps-3-name": "送达", "steps-1-place": "A17", "issue_number": "WT-1"}
    response = client.post(url(item), form_data(client, item, **changes))
    assert (response.status_code, response["Location"]) == (302, reverse("catalog:item_detail", args=[item.pk]))
    revision = item.revisions.get()
    assert (revision.reason, revision.issue_number, revision.snapshot["item"]["trips"]) == ("少跑一趟", "WT-1", 1)
    steps = [(step["name"], step["window"]) for step in revision.snapshot["steps"]]
    assert steps == [("环节2", "A17"), ("环节3", ""), ("环节1", ""), ("送达", "")]


def test_removed_rows_go(client: Client, district: District, reform_officer: User) -> None:
    client.force_login(reform_officer)
    item = district.item_b
    client.post(url(item), form_data(client, item, **{"documents-0-DELETE": "on"}))
    assert [document.name for document in item.documents.all()] == ["示例材料2"]


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": ""},
        {"name": ""},
        {"committed_days": "99"},
        {"committed_days": "x"},
        {"steps-0-name": ""},
        {"documents-0-copies": "-1"},
        {"for_companies": "", "for_persons": ""},
    ],
)
def test_bad_input_comes_back_with_the_text(
    client: Client, district: District, hall_administrator: User, changes: dict[str, str]
) -> None:
    client.force_login(hall_administrator)
    response = client.post(url(district.item_b), form_data(client, district.item_b, note="我写的备注") | changes)
    assert response.status_code == 400
    assert "我写的备注" in response.content.decode()
    assert not district.item_b.revisions.exists()


def test_stale_form_gets_both_texts(client: Client, district: District, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    item = district.item_b
    opened = form_data(client, item, note="后来的人写的")
    client.post(url(item), form_data(client, item, note="先来的人写的"))
    response = client.post(url(item), opened)
    assert response.status_code == 409
    assert "后来的人写的" in response.content.decode()
    assert "先来的人写的" in response.content.decode()
    item.refresh_from_db()
    assert (item.note, item.revisions.count()) == ("先来的人写的", 1)


def test_others_are_refused(client: Client, district: District, request: pytest.FixtureRequest) -> None:
    for name in ("director_b", "liaison", "auditor", "outsider", "guide"):
        client.force_login(request.getfixturevalue(name))
        assert client.get(url(district.item_b)).status_code == 403
        assert client.post(url(district.item_b), {"name": "x"}).status_code == 403
    client.logout()
    assert client.get(url(district.item_b)).status_code == 302


def test_fields_that_the_form_does_not_own_stay(client: Client, district: District, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    item = district.item_b
    client.post(url(item), form_data(client, item, initials="zzz", pk=999, name_source="x"))
    item.refresh_from_db()
    assert (item.name_source, "zzz" in item.initials, item.version) == ("", False, 1)


def test_query_count_of_the_form(
    client: Client,
    district: District,
    hall_administrator: User,
) -> None:
    client.force_login(hall_administrator)
    client.get(url(district.item_b))
    assert count_queries(client, url(district.item_b)) <= 12
