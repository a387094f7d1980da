"""Any two revisions side by side, in plain words, with the issue that each came from."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from catalog.models import ServiceItem
from catalog.services import current_revision, save_item
from tests.catalog.views import count_queries
from tests.conftest import District

pytestmark = pytest.mark.django_db


def revise(item: ServiceItem, actor: User, *, days: str, keep: int, step: str, issue: str = "") -> None:
    """One more revision: another promise, the first `keep` documents, one more step."""
    item.refresh_from_db()
    steps = [{"pk": row.pk, "name": row.name} for row in item.steps.order_by("number")]
    documents = [{"pk": row.pk, "name": row.name} for row in item.documents.order_by("number")[:keep]]
    save_item(
        item, actor, version=item.version, fields={"committed_days": Decimal(days)},
        steps=[*steps, {"name": step}], documents=documents, reason=f"改为 {days} 天", issue_number=issue,
    )  # fmt: skip


@pytest.fixture
def item(district: District, hall_administrator: User) -> ServiceItem:
    current_revision(district.item_b)
    revise(district.item_b, hall_administrator, days="4", keep=2, step="勘验")
    revise(district.item_b, hall_administrator, days="3", keep=1, step="公示", issue="WT-2026-0007")
    return district.item_b


def url(item: ServiceItem) -> str:
    return reverse("catalog:revision_diff", args=[item.pk])


def sentences(client: Client, item: ServiceItem, **query: str) -> list[str]:
    return [change.sentence for change in client.get(url(item), query).context["differences"]]


@pytest.fixture
def office(client: Client, reform_officer: User) -> Client:
    client.force_login(reform_officer)
    return client


def test_the_last_two_come_first(office: Client, item: ServiceItem) -> None:
    assert sentences(office, item) == [
        "承诺时限（工作日）：由“4”改为“3”", "新增环节 公示", "去掉材料 示例材料2",
    ]  # fmt: skip


@pytest.mark.parametrize("pair", [("1", "3"), ("3", "1")])
def test_any_two_in_either_order(office: Client, item: ServiceItem, pair: tuple[str, str]) -> None:
    found = sentences(office, item, old=pair[0], new=pair[1])
    assert found[0] == "承诺时限（工作日）：由“5”改为“3”"
    assert {"新增环节 勘验", "新增环节 公示"} <= set(found)


def test_a_revision_against_itself_is_the_same(office: Client, item: ServiceItem) -> None:
    assert sentences(office, item, old="2", new="2") == []


@pytest.mark.parametrize("query", [{"old": "x"}, {"old": "99"}, {"new": "²"}])
def test_a_broken_choice_falls_back(office: Client, item: ServiceItem, query: dict[str, str]) -> None:
    assert office.get(url(item), query).status_code == 200


def test_nothing_to_compare_is_said(office: Client, district: District) -> None:
    assert "还不能比较" in office.get(url(district.item_b)).content.decode()


def test_the_item_tells_which_issue_changed_it(office: Client, item: ServiceItem) -> None:
    page = office.get(reverse("catalog:item_detail", args=[item.pk])).content.decode()
    assert f"{reverse('issues:issue_list')}?q=WT-2026-0007" in page


@pytest.mark.parametrize(("person", "code"), [("liaison", 200), ("auditor", 200), ("outsider", 403), ("guide", 403)])
def test_who_reads_the_history(
    client: Client, item: ServiceItem, person: str, code: int, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(person))
    assert client.get(url(item)).status_code == code


def test_queries_do_not_grow(office: Client, item: ServiceItem, hall_administrator: User) -> None:
    office.get(url(item))
    few = count_queries(office, url(item))
    for number in range(20):
        revise(item, hall_administrator, days="2", keep=1, step=f"环节 {number}")
    assert count_queries(office, url(item)) == few <= 12


def test_who_only_moves_up_because_another_is_gone_is_not_told(
    office: Client, item: ServiceItem, reform_officer: User
) -> None:
    first, *rest = item.steps.order_by("number")
    steps = [{"pk": row.pk, "name": row.name} for row in rest]
    item.refresh_from_db()
    save_item(item, reform_officer, version=item.version, fields={}, steps=steps, documents=[], reason="去掉第一个环节")
    told = sentences(office, item)
    assert [line for line in told if first.name in line] != []
    assert [line for line in told if "顺序" in line] == []
