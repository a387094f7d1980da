"""Changes that a liaison proposes: decided by somebody else, never half made, never over a newer guide."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from accounts.models import User
from catalog.choices import ItemStatus
from catalog.models import ChangeProposal, Prerequisite, ServiceItem
from core.notice_models import Notice
from tests import factories
from tests.catalog.views import count_queries
from tests.catalog.views.test_editing import form_data
from tests.conftest import District

pytestmark = pytest.mark.django_db


def address(name: str, row: Any) -> str:
    return reverse(f"catalog:{name}", args=[row.pk])


def propose(client: Client, item: ServiceItem, **changes: Any) -> Any:
    url = address("propose_change", item)
    return client.post(url, form_data(client, item, url, trips=1, **changes))


@pytest.fixture
def proposal(client: Client, district: District, liaison: User) -> ChangeProposal:
    """B's liaison wants one trip, one document less and a relation more; nobody has decided."""
    factories.make_item(district.a, code="D01-777", name="消防审查")
    client.force_login(liaison)
    row = {"relations-0-related": "D01-777", "relations-0-relation": "parallel", "documents-0-DELETE": "on"}
    step = {"steps-0-place": "A14", "issue_number": "WT-5", "committed_days": "2.5"}
    assert propose(client, district.item_b, **row, **step).status_code == 302
    made: ChangeProposal = ChangeProposal.objects.get()
    return made


def test_nothing_changes_until_an_office_approves(
    client: Client, district: District, proposal: ChangeProposal, liaison: User, reform_officer: User
) -> None:
    item = district.item_b
    assert (item.revisions.count(), item.documents.count(), item.trips) == (0, 2, 0)
    client.force_login(reform_officer)
    page = client.get(address("proposal_detail", proposal)).content.decode()
    assert all(words in page for words in ("并联 消防审查", "示例材料1", "WT-5", "2.5"))
    assert client.post(address("approve_change", proposal)).status_code == 302
    revision = item.revisions.get()
    assert (revision.proposed_by, revision.created_by, revision.issue_number) == (liaison, reform_officer, "WT-5")
    assert revision.snapshot == ChangeProposal.objects.get().after
    item.refresh_from_db()
    assert (item.trips, str(item.committed_days), item.documents.count()) == (1, "2.50", 1)
    assert (item.steps.get(number=1).window, item.prerequisites.get().relation) == (district.window_a, "parallel")


def test_an_item_that_went_meanwhile_is_said(
    client: Client, district: District, proposal: ChangeProposal, reform_officer: User
) -> None:
    item = ServiceItem.objects.get(code="D01-777")
    item.steps.all().delete()
    item.documents.all().delete()
    item.delete()
    client.force_login(reform_officer)
    assert client.post(address("approve_change", proposal)).status_code == 400
    assert district.item_b.revisions.count() == 0


def test_those_concerned_are_told(
    client: Client, district: District, liaison: User, hall_administrator: User, reform_officer: User, auditor: User
) -> None:
    client.force_login(liaison)
    propose(client, district.item_b)
    assert {notice.recipient for notice in Notice.objects.all()} == {hall_administrator, reform_officer}
    client.force_login(hall_administrator)
    client.post(address("decline_change", ChangeProposal.objects.get()), {"reason": "法规要求到场"})
    answer = Notice.objects.latest("pk")
    assert (answer.recipient, answer.text) == (liaison, "法规要求到场")


def test_a_decision_is_final(client: Client, proposal: ChangeProposal, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    decline = address("decline_change", proposal)
    assert client.post(decline, {"reason": ""}).status_code == 400
    assert client.post(decline, {"reason": "法规要求到场"}).status_code == 302
    assert client.post(decline, {"reason": "再说一遍"}).status_code == 409
    assert client.post(address("approve_change", proposal)).status_code == 409
    assert "法规要求到场" in client.get(address("proposal_detail", proposal)).content.decode()
    assert not proposal.item.revisions.exists()


def test_a_guide_that_moved_on_is_not_overwritten(
    client: Client, district: District, proposal: ChangeProposal, reform_officer: User
) -> None:
    client.force_login(reform_officer)
    item = district.item_b
    client.post(address("item_edit", item), form_data(client, item, note="别人先改的"))
    answer = client.post(address("approve_change", proposal))
    assert answer.status_code == 409
    assert all(words in answer.content.decode() for words in ("别人先改的", "消防审查"))
    assert (item.revisions.count(), ChangeProposal.objects.get().status) == (1, "open")


def test_a_stale_proposal_form_keeps_the_text(
    client: Client, district: District, liaison: User, reform_officer: User
) -> None:
    item = district.item_b
    client.force_login(liaison)
    opened = form_data(client, item, address("propose_change", item), note="我想这样改")
    item.version = 4
    item.save()
    answer = client.post(address("propose_change", item), opened)
    assert (answer.status_code, "我想这样改" in answer.content.decode()) == (409, True)


def test_one_open_proposal_and_none_without_a_difference(client: Client, district: District, liaison: User) -> None:
    client.force_login(liaison)
    url = address("propose_change", district.item_b)
    same = client.post(url, form_data(client, district.item_b, url))
    assert same.status_code == 400
    assert propose(client, district.item_b).status_code == 302
    assert propose(client, district.item_b).status_code == 409
    assert client.post(address("withdraw_change", ChangeProposal.objects.get())).status_code == 302
    assert propose(client, district.item_b).status_code == 302


def test_nobody_decides_about_an_own_proposal(
    client: Client, district: District, proposal: ChangeProposal, liaison: User
) -> None:
    factories.grant(liaison, Role.HALL_ADMINISTRATOR, hall=district.hall)
    client.force_login(liaison)
    assert client.post(address("approve_change", proposal)).status_code == 403
    assert not proposal.item.revisions.exists()


def test_other_departments_neither_propose_nor_see(
    client: Client, district: District, proposal: ChangeProposal, outsider: User, director_b: User
) -> None:
    for user in (outsider, director_b):
        client.force_login(user)
        assert client.get(address("propose_change", district.item_b)).status_code == 403
        assert client.get(address("proposal_detail", proposal)).status_code == 404
        for act in ("approve_change", "decline_change", "withdraw_change"):
            assert client.post(address(act, proposal)).status_code == 404
        assert proposal.reason not in client.get(reverse("catalog:proposal_list")).content.decode()
    draft = factories.make_item(district.b, status=ItemStatus.DRAFT)
    assert client.get(address("propose_change", draft)).status_code == 404


def test_relations_that_the_liaison_cannot_see_stay(
    client: Client, district: District, liaison: User, reform_officer: User
) -> None:
    secret = factories.make_item(district.a, status=ItemStatus.DRAFT, name="未公开事项")
    Prerequisite.objects.create(item=district.item_b, related=secret, relation="before", note="内部")
    client.force_login(liaison)
    page = client.get(address("propose_change", district.item_b)).content.decode()
    assert secret.name not in page
    assert secret.code not in page
    propose(client, district.item_b)
    client.force_login(reform_officer)
    client.post(address("approve_change", ChangeProposal.objects.get()))
    assert district.item_b.prerequisites.get().related == secret
    district.item_b.refresh_from_db()
    data = form_data(client, district.item_b, **{"relations-0-DELETE": "on"})
    client.post(address("item_edit", district.item_b), data)
    diff = address("revision_diff", district.item_b)
    assert secret.name in client.get(diff).content.decode()
    client.force_login(liaison)
    assert secret.name not in client.get(diff).content.decode()


def test_a_code_taken_meanwhile_is_said(
    client: Client, district: District, liaison: User, reform_officer: User
) -> None:
    client.force_login(liaison)
    propose(client, district.item_b, code="D02-NEW")
    factories.make_item(district.a, code="D02-NEW")
    client.force_login(reform_officer)
    answer = client.post(address("approve_change", ChangeProposal.objects.get()))
    assert (answer.status_code, ChangeProposal.objects.get().status) == (400, "open")


@pytest.mark.parametrize("rows", [1, 30])
def test_queries_of_list_and_page(
    client: Client, district: District, liaison: User, reform_officer: User, rows: int
) -> None:
    made = [factories.make_proposal(factories.make_item(district.b), liaison) for _n in range(rows)]
    client.force_login(reform_officer)
    for url in (
        reverse("catalog:proposal_list"),
        address("proposal_detail", made[0]),
        address("item_detail", made[0].item),
    ):
        client.get(url)
        assert count_queries(client, url) <= 12
