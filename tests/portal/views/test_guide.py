"""The citizens' guide, the window's page and the search: open to all, published items only, no script needed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from catalog.choices import DocumentForm, DocumentSource, ItemStatus
from catalog.models import HallClosure, Prerequisite, ServiceItem, Window
from core import clock
from sessions import services
from tests import factories
from tests.catalog.views import count_queries
from tests.conftest import District
from tests.sessions.planning import BEFORE, MONDAY, ON_MONDAY, put

pytestmark = pytest.mark.django_db


def text(client: Client, url: str, query: dict[str, str] | None = None) -> str:
    answer = client.get(url, query or {})
    assert answer.status_code == 200
    return answer.content.decode()


def change(row: Any, **fields: Any) -> Any:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def branch(district: District, km: int, **given: Any) -> Window:
    window = factories.make_window(factories.make_hall(km_from_main=km), **given)
    window.serves.add(district.b)
    return window


def test_the_guide_says_where_and_how_long(client: Client, district: District) -> None:
    page = text(client, f"/g/{district.item_b.code}/")
    for words in (district.item_b.name, "A17", district.hall.name, "08:30", "环节1", "示例材料1"):
        assert words in page


def test_documents_tell_who_holds_them_and_what_is_spared(client: Client, district: District) -> None:
    held = {"source_kind": DocumentSource.GOVERNMENT, "source_department": district.a, "shareable": True}
    factories.make_document(district.item_b, 3, name="规划许可证", **held)
    factories.make_document(district.item_b, 4, name="营业执照", form=DocumentForm.NOT_SUBMITTED)
    page = text(client, f"/g/{district.item_b.code}/")
    assert "住建局已持有" in page
    assert page.index("规划许可证") < page.index("不用带的材料") < page.index("营业执照")
    assert "免提交" in page


def test_other_halls_come_by_distance(client: Client, district: District) -> None:
    change(district.item_b, in_comprehensive=True)
    far, near = branch(district, 9), branch(district, 2)
    branch(district, 1, active=False)
    page = text(client, f"/g/{district.item_b.code}/")
    assert page.index(near.hall.name) < page.index(far.hall.name)
    assert page.count("距主大厅") == 3


def test_an_item_kept_from_integrated_windows_is_accepted_at_one_place(client: Client, district: District) -> None:
    other = branch(district, 2)
    assert other.hall.name not in text(client, f"/g/{district.item_b.code}/")


def test_a_pick_up_place_apart_is_named_with_its_way(client: Client, district: District) -> None:
    window = factories.make_window(factories.make_hall(km_from_main="6.2", name="规划档案发放点"), district.b)
    page = text(client, f"/g/{change(district.item_b, pickup_window=window).code}/")
    assert "取件地点" in page
    assert "6.2" in page


def test_closures_of_the_next_month_are_told(client: Client, district: District) -> None:
    for days, reason in ((3, "停电检修"), (-1, "昨天的事"), (90, "以后的事")):
        HallClosure.objects.create(hall=district.hall, date=clock.today() + timedelta(days=days), reason=reason)
    page = text(client, f"/g/{district.item_b.code}/")
    assert ("停电检修" in page, "昨天的事" in page, "以后的事" in page) == (True, False, False)


@pytest.mark.parametrize("status", [ItemStatus.DRAFT, ItemStatus.RETIRED])
def test_unpublished_items_do_not_exist(client: Client, district: District, status: str, reform_officer: User) -> None:
    item = change(district.item_b, status=status)
    client.force_login(reform_officer)
    assert client.get(f"/g/{item.code}/").status_code == 404
    assert item.name not in text(client, "/g/") + text(client, "/w/H01/A17/")


def test_a_visitor_of_a_withdrawn_guide_can_search_on(client: Client, district: District, auditor: User) -> None:
    page = client.get("/g/NOPE-1/").content.decode()
    assert ('action="/g/"' in page, "回到今日工作" in page) == (True, False)
    client.force_login(auditor)
    assert "回到今日工作" in client.get("/g/NOPE-1/").content.decode()


def test_what_has_to_be_done_first_is_linked(client: Client, district: District) -> None:
    first = factories.make_item(district.a)
    Prerequisite.objects.create(item=district.item_b, related=first, relation="before")
    address = f"/g/{first.code}/"
    assert address in text(client, f"/g/{district.item_b.code}/")
    change(first, status=ItemStatus.RETIRED)
    assert address not in text(client, f"/g/{district.item_b.code}/")


@pytest.mark.parametrize("url", ["/g/none/", "/w/H01/none/", "/w/H99/A17/", "/h/H99/"])
def test_what_does_not_exist_is_404(client: Client, district: District, url: str) -> None:
    assert client.get(url).status_code == 404


def test_a_window_out_of_use_has_no_page(client: Client, district: District) -> None:
    change(district.window_b, active=False)
    assert client.get("/w/H01/A17/").status_code == 404


@pytest.mark.parametrize("words", ["跨省", "kstb", "DX-77", "住建局", "身份证明"])
def test_the_search_finds_by_every_name(client: Client, district: District, words: str) -> None:
    item = factories.make_item(district.a, name="跨省通办", code="DX-77", initials="kstb")
    factories.make_document(item, 9, name="身份证明")
    page = text(client, "/g/", {"q": words})
    assert "跨省通办" in page
    assert district.item_b.name not in page


@pytest.mark.parametrize("query", [{"q": "\u200b"}, {"q": "x" * 500}, {"page": "x"}, {"page": "999"}])
def test_a_broken_search_still_answers(client: Client, district: District, query: dict[str, str]) -> None:
    assert client.get("/g/", query).status_code == 200


def test_nothing_found_says_what_to_do(client: Client, district: District) -> None:
    assert 'class="empty"' in text(client, "/g/", {"q": "没有这件事"})


def test_the_window_tells_what_it_accepts(client: Client, district: District) -> None:
    counter = factories.make_window(district.hall, number="A07")
    counter.serves.add(district.b)
    assert district.item_b.name in text(client, "/w/H01/A17/")
    assert district.item_b.name not in text(client, "/w/H01/A07/")
    change(district.item_b, in_comprehensive=True)
    assert district.item_b.name in text(client, "/w/H01/A07/")


def test_only_a_released_roster_says_who_sits(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    with clock.at(BEFORE):
        services.confirm(put(district, director_a, hall_administrator), director_a)
        with clock.at(ON_MONDAY):
            assert "住建局局长" not in text(client, "/w/H01/A17/")
        services.publish_week(district.hall, MONDAY, hall_administrator)
    with clock.at(ON_MONDAY):
        assert "住建局局长" in text(client, "/w/H01/A17/")
        assert "住建局局长" not in text(client, "/w/H01/A14/")


def test_the_hall_leads_on(client: Client, district: District) -> None:
    page = text(client, "/h/H01/")
    assert all(link in page for link in ("/w/H01/A14/", "/portal/roster/?hall=H01", 'action="/g/"'))


@pytest.mark.parametrize("url", ["/g/", "/w/H01/A17/", "/h/H01/"])
def test_queries_do_not_grow(client: Client, district: District, url: str) -> None:
    client.get(url)
    few = count_queries(client, url)
    for _ in range(29):
        window = factories.make_window(district.hall, district.b)
        factories.make_item(district.b, window=district.window_b, pickup_window=window)
    assert count_queries(client, url) == few <= 12


def test_queries_of_a_guide_do_not_grow(client: Client, district: District) -> None:
    url = f"/g/{district.item_b.code}/"
    few = count_queries(client, url)
    for number in range(10, 40):
        factories.make_document(district.item_b, number, source_department=factories.make_department())
    assert count_queries(client, url) == few <= 12
    assert ServiceItem.objects.count() == 1


@pytest.mark.parametrize("url", ["/g/", "/g/x/", "/w/H01/A17/", "/h/H01/"])
def test_nothing_is_posted_here(client: Client, district: District, url: str) -> None:
    assert client.post(url).status_code == 405
