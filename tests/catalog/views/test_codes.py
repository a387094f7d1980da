"""QR sheets: only the own hall's administrator; each code opens the short public address."""

from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse

from accounts.choices import Role
from accounts.models import User
from catalog.choices import ItemStatus
from catalog.codes import Code
from catalog.models import Hall
from tests import factories
from tests.catalog.views import count_queries
from tests.conftest import District

pytestmark = pytest.mark.django_db


def url(hall: Hall) -> str:
    return reverse("catalog:qr_sheets", args=[hall.pk])


def codes(client: Client, district: District, **query: str) -> list[Code]:
    answer = client.get(url(district.hall), {"size": "a4"} | query)
    assert answer.status_code == 200
    found: list[Code] = answer.context["codes"]
    return found


@pytest.fixture
def admin(client: Client, hall_administrator: User) -> Client:
    client.force_login(hall_administrator)
    return client


def test_the_page_offers_windows_and_items_of_the_hall(admin: Client, district: District) -> None:
    elsewhere = factories.make_window(factories.make_hall(), number="Z99")
    page = admin.get(url(district.hall)).content.decode()
    assert "A17" in page
    assert district.item_b.name in page
    assert elsewhere.number not in page


def test_everything_in_bulk(admin: Client, district: District) -> None:
    found = codes(admin, district, hall_code="on", all_windows="on", all_items="on")
    assert [code.url for code in found] == [
        "http://testserver/h/H01/",
        "http://testserver/w/H01/A14/",
        "http://testserver/w/H01/A17/",
        f"http://testserver/g/{district.item_b.code}/",
    ]
    assert all(code.image.startswith("data:image/svg+xml") for code in found)


def test_codes_carry_the_address_that_is_set_for_citizens(admin: Client, district: District, settings: Any) -> None:
    assert "http://testserver" in admin.get(url(district.hall)).content.decode()
    settings.PUBLIC_URL = "https://zhengwu.example/"
    assert [code.url for code in codes(admin, district, hall_code="on")] == ["https://zhengwu.example/h/H01/"]


def test_every_code_opens_an_open_page(admin: Client, district: District) -> None:
    for code in codes(admin, district, hall_code="on", all_windows="on", all_items="on"):
        path = code.url.removeprefix("http://testserver")
        assert resolve(path).namespace == "portal"
        assert Client().get(path).status_code == 200


def test_some_of_them_on_cards(admin: Client, district: District) -> None:
    answer = admin.get(url(district.hall), {"size": "a6", "windows": str(district.window_b.pk)})
    assert [code.number for code in answer.context["codes"]] == ["A17"]
    assert "code-sheet-a6" in answer.content.decode()


@pytest.mark.parametrize(
    "query", [{"size": "a4"}, {"size": "a3", "hall_code": "on"}, {"size": "a4", "windows": "x"}, {"windows": "0"}]
)
def test_a_choice_that_prints_nothing_is_refused(admin: Client, district: District, query: dict[str, str]) -> None:
    answer = admin.get(url(district.hall), query)
    assert answer.status_code == 400
    assert "code-image" not in answer.content.decode()


def test_unpublished_items_get_no_code(admin: Client, district: District) -> None:
    district.item_b.status = ItemStatus.RETIRED
    district.item_b.save()
    assert codes(admin, district, hall_code="on", all_items="on")[1:] == []


@pytest.mark.parametrize(
    "person", ["reform_officer", "auditor", "guide", "liaison", "director_a", "experience_officer"]
)
def test_other_roles_print_nothing(
    client: Client, district: District, person: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(person))
    assert client.get(url(district.hall), {"size": "a4", "hall_code": "on"}).status_code == 403


def test_the_administrator_of_another_hall_prints_nothing(client: Client, district: District) -> None:
    client.force_login(factories.grant(factories.make_user(), Role.HALL_ADMINISTRATOR, hall=factories.make_hall()))
    assert client.get(url(district.hall)).status_code == 403


def test_queries_do_not_grow(admin: Client, district: District) -> None:
    address = f"{url(district.hall)}?size=a6&all_windows=on&all_items=on"
    admin.get(address)
    few = count_queries(admin, address)
    for _ in range(29):
        factories.make_item(district.b, window=factories.make_window(district.hall, district.b))
    assert count_queries(admin, address) == few <= 12
