"""A new item begins as a copy: a draft under its own code, the first one untouched."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from catalog.choices import ItemStatus
from catalog.models import ServiceItem
from tests.conftest import District

pytestmark = pytest.mark.django_db
COPY = {"code": "D02-900", "name": "示例事项变更", "reason": "新增变更事项"}


def url(district: District) -> str:
    return reverse("catalog:item_duplicate", args=[district.item_b.pk])


def test_the_copy_is_a_draft_with_steps_and_documents(
    client: Client, district: District, hall_administrator: User
) -> None:
    client.force_login(hall_administrator)
    answer = client.post(url(district), COPY)
    made = ServiceItem.objects.get(code="D02-900")
    assert answer["Location"] == reverse("catalog:item_edit", args=[made.pk])
    assert (made.status, made.initials, made.has_simulation_pack) == (ItemStatus.DRAFT, "slsxbg", False)
    assert (made.steps.count(), made.documents.count(), made.revisions.get().reason) == (3, 2, "新增变更事项")
    assert (district.item_b.steps.count(), district.item_b.documents.count()) == (3, 2)
    assert Client().get("/g/D02-900/").status_code == 404


@pytest.mark.parametrize("bad", [{"code": ""}, {"reason": ""}, {"name": ""}, {"code": "taken"}])
def test_a_bad_copy_comes_back(client: Client, district: District, reform_officer: User, bad: dict[str, str]) -> None:
    client.force_login(reform_officer)
    taken = {"code": district.item_b.code} if bad.get("code") == "taken" else bad
    assert client.post(url(district), COPY | taken).status_code == 400
    assert ServiceItem.objects.count() == 1


@pytest.mark.parametrize("person", ["liaison", "guide", "auditor", "director_b"])
def test_others_make_no_copy(client: Client, district: District, person: str, request: pytest.FixtureRequest) -> None:
    client.force_login(request.getfixturevalue(person))
    assert client.post(url(district), COPY).status_code == 403
    assert ServiceItem.objects.count() == 1
