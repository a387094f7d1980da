"""The item list, an item's page and its revisions: who sees what, found how, in how many queries."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from catalog import seam_services, seams, services
from catalog.choices import ItemStatus, Relation
from catalog.models import Prerequisite, ServiceBundle, ServiceItem
from core import clock
from tests import factories
from tests.catalog.views import count_queries
from tests.conftest import District

pytestmark = pytest.mark.django_db
LIST = reverse("catalog:item_list")


def names(client: Client, **query: Any) -> list[str]:
    page = client.get(LIST, query).context["page_obj"]
    return [item.name for item in page]


@pytest.fixture
def bridge(district: District) -> Any:
    item = factories.make_item(district.a, name="桥梁施工许可证核发", initials="qlsgxkzhf", trips=2, for_persons=True)
    factories.make_document(item, 9, name="防洪评价报告")
    return item


def test_every_role_reads_published_items(client: Client, district: District, request: pytest.FixtureRequest) -> None:
    for name in ("hall_administrator", "guide", "director_a", "liaison", "reform_officer", "auditor", "outsider"):
        client.force_login(request.getfixturevalue(name))
        assert client.get(LIST).status_code == 200
        assert client.get(reverse("catalog:item_detail", args=[district.item_b.pk])).status_code == 200


def test_anonymous_goes_to_the_door(client: Client, district: District) -> None:
    for url in (LIST, reverse("catalog:item_detail", args=[district.item_b.pk]), reverse("catalog:hall_list")):
        assert client.get(url).status_code == 302


@pytest.mark.parametrize("words", ["桥梁", "qlsg", "防洪评价", "住建局 核发", "QLSG"])
def test_found_by_name_initials_document_and_department(
    client: Client, hall_administrator: User, bridge: Any, words: str
) -> None:
    client.force_login(hall_administrator)
    assert names(client, q=words) == [bridge.name]


def test_special_characters_are_text(client: Client, hall_administrator: User, bridge: Any) -> None:
    client.force_login(hall_administrator)
    assert names(client, q="%") == names(client, q="_") == names(client, q="' OR 1=1 --") == []


def test_filters_chips_and_nonsense(client: Client, hall_administrator: User, bridge: Any) -> None:
    client.force_login(hall_administrator)
    assert names(client, trips="2", audience="persons", department="D01") == [bridge.name]
    response = client.get(LIST, {"kind": "nonsense", "trips": "2", "sort": "nonsense", "page": "zzz"})
    assert [item.name for item in response.context["page_obj"]] == [bridge.name]
    assert len(response.context["dropped"]) == 1
    (chip,) = response.context["chips"]
    assert "trips" not in chip.remove_url


def test_drafts_only_for_offices_and_own_liaison(
    client: Client, bridge: Any, liaison: User, outsider: User, director_a: User, auditor: User, district: District
) -> None:
    bridge.status = ItemStatus.DRAFT
    bridge.department = district.b
    bridge.save()
    url = reverse("catalog:item_detail", args=[bridge.pk])
    for user, status in ((liaison, 200), (auditor, 200), (outsider, 404), (director_a, 404)):
        client.force_login(user)
        assert client.get(url).status_code == status
        assert (bridge.name in names(client)) is (status == 200)


def test_item_page_shows_the_way_and_the_holders(
    client: Client, hall_administrator: User, bridge: Any, district: District
) -> None:
    Prerequisite.objects.create(item=bridge, related=district.item_b, relation=Relation.BEFORE, note="先办规划")
    document = bridge.documents.first()
    document.source_department = district.c
    document.save()
    bundle = ServiceBundle.objects.create(code="B1", name="修桥一件事", lead_department=district.a)
    bundle.members.create(item=bridge, number=1)
    client.force_login(hall_administrator)
    page = client.get(reverse("catalog:item_detail", args=[bridge.pk]))
    for words in ("先办规划", "市场监管局", "修桥一件事", "环节1", "防洪评价报告", district.item_b.name):
        assert words in page.content.decode()
    assert page.context["figures"]["departments"] == 1


def test_revisions_are_for_those_who_may(
    client: Client, district: District, hall_administrator: User, liaison: User, outsider: User, director_a: User
) -> None:
    revision = services.current_revision(district.item_b)
    for user, status in ((hall_administrator, 200), (liaison, 200), (outsider, 403), (director_a, 403)):
        client.force_login(user)
        assert client.get(reverse("catalog:revision_detail", args=[revision.pk])).status_code == status
        page = client.get(reverse("catalog:item_detail", args=[district.item_b.pk]))
        assert (revision.reason in page.content.decode()) is (status == 200)


@pytest.mark.parametrize("rows", [1, 30])
def test_query_counts(client: Client, district: District, hall_administrator: User, rows: int) -> None:
    for number in range(3, rows + 3):
        factories.make_document(district.item_b, number)
        factories.make_item(district.a, steps=1, documents=1)
    client.force_login(hall_administrator)
    services.current_revision(district.item_b)
    for url in (LIST, reverse("catalog:item_detail", args=[district.item_b.pk])):
        client.get(url)
        assert count_queries(client, url) <= 12


def test_empty_catalogue_says_what_to_do(client: Client, reform_officer: User) -> None:
    client.force_login(reform_officer)
    for url in (LIST, reverse("catalog:hall_list"), reverse("catalog:bundle_list")):
        assert "导入大厅的文件后" in client.get(url).content.decode()


def test_reading_routes_refuse_posts(client: Client, hall_administrator: User, district: District) -> None:
    client.force_login(hall_administrator)
    for url in (LIST, reverse("catalog:item_detail", args=[district.item_b.pk]), reverse("catalog:hall_list")):
        assert client.post(url).status_code == 405


def test_item_page_numbers_its_seams_in_chain_documents_and_list(
    client: Client, reform_officer: User, district: District
) -> None:
    item = district.item_b
    first = factories.make_item(district.a, window=district.window_a)
    Prerequisite.objects.create(item=item, related=first, relation=Relation.BEFORE)
    factories.make_document(item, 9, code="YYZZ", source_department=district.c, shareable=True)
    client.force_login(reform_officer)
    page = client.get(reverse("catalog:item_detail", args=[item.pk]))
    found = page.context["seams"]
    assert [line.number for line in found.lines] == [1, 2]
    assert (found.before, found.documents) == ({first.pk: [1]}, {9: [2]})
    assert next(box.seams for box in page.context["chain"].boxes) == [1]
    assert page.context["documents"][-1].seam_numbers == [2]
    assert 'href="#seam-2"' in page.content.decode()
    assert [line.seam.key for line in found.lines] == sorted(
        (seam.key for seam in seams.of_item(item)), key=lambda key: "HELD" in key
    )


def test_seams_that_no_longer_count_stand_apart(client: Client, reform_officer: User, district: District) -> None:
    item = district.item_b
    factories.make_document(item, 9, code="YYZZ", source_department=district.c, shareable=True)
    (seam,) = seams.of_item(item)
    seam_services.dismiss(seam, reform_officer, reason="规章要求", version=0)
    client.force_login(reform_officer)
    page = client.get(reverse("catalog:item_detail", args=[item.pk]))
    assert (page.context["seams"].lines, len(page.context["seams"].ruled_out)) == ([], 1)
    assert "规章要求" in page.content.decode()


def test_a_bundle_is_drawn_as_one_chain(client: Client, reform_officer: User, district: District) -> None:
    first, second = factories.make_item(district.a), district.item_b
    Prerequisite.objects.create(item=second, related=first, relation=Relation.BEFORE)
    bundle = ServiceBundle.objects.create(code="B1", name="修桥一件事", lead_department=district.a)
    for number, item in enumerate((first, second), 1):
        bundle.members.create(item=item, number=number)
    client.force_login(reform_officer)
    drawn = client.get(reverse("catalog:bundle_detail", args=[bundle.pk])).context["chain"]
    assert [lane.name for lane in drawn.lanes] == [district.a.label, district.b.label]
    assert (len(drawn.boxes), len(drawn.arrows)) == (2, 1)


def test_todays_handling_list_comes_first(client: Client, hall_administrator: User, district: District) -> None:
    first = factories.make_item(district.a, code="A-001", name="按编码在前")
    client.force_login(hall_administrator)
    with clock.at(datetime(2026, 5, 20, 2, tzinfo=UTC)):
        assert names(client) == [district.item_b.name, first.name]
        assert names(client, sort="code") == [first.name, district.item_b.name]
        assert names(client, walked="today") == [district.item_b.name]
    with clock.at(datetime(2027, 5, 20, 2, tzinfo=UTC)):
        assert names(client) == [first.name, district.item_b.name]
        assert names(client, walked="today") == []


@pytest.mark.parametrize(("limit", "found"), [("0", []), ("3", ["快"]), ("5", ["快", "中"]), ("more", ["慢"])])
def test_found_by_promised_limit(
    client: Client, hall_administrator: User, district: District, limit: str, found: list[str]
) -> None:
    for name, days in (("快", 2), ("中", 5), ("慢", 12)):
        factories.make_item(district.a, name=name, committed_days=days, statutory_days=20)
    client.force_login(hall_administrator)
    assert names(client, limit=limit, department="D01") == found


@pytest.mark.parametrize("sort", ["documents", "-documents", "signatures", "-days", "trips", "name"])
def test_every_column_sorts(client: Client, hall_administrator: User, district: District, sort: str) -> None:
    factories.make_item(district.a, documents=5, steps=7, trips=2, committed_days=1, name="甲")
    client.force_login(hall_administrator)
    page = client.get(LIST, {"sort": sort}).context["page_obj"]
    key = {"documents": "document_count", "signatures": "signature_count", "days": "committed_days"}
    values = [getattr(item, key.get(sort.removeprefix("-"), sort)) for item in page]
    assert values == sorted(values, reverse=sort.startswith("-"))


@pytest.fixture
def related(district: District) -> ServiceItem:
    """B's item with one before it, one after it, one beside it, and a draft before the first."""
    item = district.item_b
    first, later, beside = (factories.make_item(district.a, name=name) for name in ("先办的", "等它的", "并联的"))
    draft = factories.make_item(district.a, name="草稿前置", status=ItemStatus.DRAFT)
    for one, other, relation in (
        (item, first, Relation.BEFORE),
        (first, draft, Relation.BEFORE),
        (later, item, Relation.BEFORE),
        (item, beside, Relation.PARALLEL),
    ):
        Prerequisite.objects.create(item=one, related=other, relation=relation)
    return item


def test_the_graph_shows_what_the_reader_may_see(
    client: Client, related: ServiceItem, reform_officer: User, outsider: User
) -> None:
    url = reverse("catalog:item_relations", args=[related.pk])
    for user, drawn in ((reform_officer, 5), (outsider, 4)):
        client.force_login(user)
        page = client.get(url)
        graph = page.context["graph"]
        assert (len(graph.boxes), len(graph.ties), "草稿前置" in page.content.decode()) == (drawn, 1, drawn == 5)
        places = {box.title: box.x for box in graph.boxes}
        assert places["先办的"] < places[related.name] == places["并联的"] < places["等它的"]
        assert count_queries(client, url) <= 12
    assert "<html" not in client.get(url, headers={"HX-Request": "true"}).content.decode()


def test_a_result_fetched_elsewhere_is_the_last_box(client: Client, district: District, reform_officer: User) -> None:
    far = factories.make_hall(km_from_main=6)
    district.item_b.pickup_window = factories.make_window(far)
    district.item_b.save()
    client.force_login(reform_officer)
    page = client.get(reverse("catalog:item_detail", args=[district.item_b.pk]))
    last = page.context["chain"].boxes[-1]
    assert ("6" in last.facts, last.seams) == (True, [line.number for line in page.context["seams"].lines])
    bundle = ServiceBundle.objects.create(code="B1", name="一件事", lead_department=district.a)
    bundle.members.create(item=district.item_b, number=1)
    (box,) = client.get(reverse("catalog:bundle_detail", args=[bundle.pk])).context["chain"].boxes
    assert ("2" in box.below, "3" in box.below, "6" in box.below) == (True, True, True)
