"""Revising a guide in the browser: saved whole, refused when stale, nothing typed lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from catalog.choices import Relation
from catalog.models import Prerequisite, ServiceItem
from tests import factories
from tests.catalog.views import count_queries
from tests.conftest import District

pytestmark = pytest.mark.django_db


def url(item: ServiceItem) -> str:
    return reverse("catalog:item_edit", args=[item.pk])


def form_data(client: Client, item: ServiceItem, page: str = "", **changes: Any) -> dict[str, Any]:
    """What the browser would send for the untouched page (the one that revises, unless named), with `changes`."""
    context = client.get(page or url(item)).context
    data: dict[str, Any] = {}
    guide = context["guide"]
    for formset in guide.parts:
        data |= {f"{formset.prefix}-{name}": value for name, value in formset.management_form.initial.items()}
    forms = [guide.form, *guide.steps, *guide.documents, *guide.relations]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:
                data[bound.html_name] = value
    return data | {"reason": "少跑一趟"} | changes


def test_save_makes_a_revision(client: Client, district: District, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    item = district.item_b
    changes: dict[str, Any] = {
        "trips": 1,
        "steps-0-ORDER": 9,
        "steps-3-name": "送达",
        "steps-1-place": "A17",
        "issue_number": "WT-1",
    }
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


def test_a_stale_form_keeps_all_that_was_typed_and_can_be_saved_on_top(
    client: Client, district: District, hall_administrator: User
) -> None:
    client.force_login(hall_administrator)
    item = district.item_b
    client.post(url(item), form_data(client, item, note="起初"))
    opened = form_data(client, item, note="后来的人写的", **{"documents-0-copies": "7"})
    client.post(url(item), form_data(client, item, note="先来的人写的"))
    response = client.post(url(item), opened)
    assert response.status_code == 409
    page = response.content.decode()
    assert ("先来的人写的" in page, "后来的人写的" in page, 'name="documents-0-copies" value="7"' in page) == (
        True,
        True,
        True,
    )
    item.refresh_from_db()
    assert (item.note, item.revisions.count()) == ("先来的人写的", 2)
    again = opened | {"version": response.context["guide"].form["version"].value()}
    assert client.post(url(item), again).status_code == 302
    item.refresh_from_db()
    assert (item.note, item.documents.get(number=1).copies) == ("后来的人写的", 7)


def test_a_stale_form_of_a_first_revision_says_what_stands(
    client: Client, district: District, hall_administrator: User
) -> None:
    client.force_login(hall_administrator)
    opened = form_data(client, district.item_b, note="后来的人写的")
    client.post(url(district.item_b), form_data(client, district.item_b, note="先来的人写的"))
    page = client.post(url(district.item_b), opened).content.decode()
    assert ("先来的人写的" in page, "后来的人写的" in page) == (True, True)


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


def test_relations_are_part_of_the_guide(client: Client, district: District, reform_officer: User) -> None:
    client.force_login(reform_officer)
    item, first = district.item_b, factories.make_item(district.a, name="消防审查")
    row = {"relations-0-related": "消防审查", "relations-0-relation": "before", "relations-0-note": "先审"}
    assert client.post(url(item), form_data(client, item, **row)).status_code == 302
    assert [(r.related, r.relation, r.note) for r in item.prerequisites.all()] == [(first, "before", "先审")]
    client.post(url(item), form_data(client, item, **{"relations-0-relation": "parallel"}))
    client.post(url(item), form_data(client, item, **{"relations-0-DELETE": "on"}))
    kept = [[row["key"] for row in r.snapshot["relations"]] for r in item.revisions.order_by("number")]
    assert kept == [[f"before {first.code}"], [f"parallel {first.code}"], []]
    page = client.get(reverse("catalog:revision_diff", args=[item.pk])).content.decode()
    assert "并联 消防审查" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"relations-0-related": "没有的事项"}, "没有的事项"),
        ({"relations-0-related": "{own}"}, "自己"),
        ({"relations-0-related": "{first}", "relations-1-related": "{first}", "relations-TOTAL_FORMS": 2}, "两次"),
        ({"relations-0-related": "同名"}, "编码"),
        ({"relations-0-related": "{waits}"}, "互相等"),
    ],
)
def test_relations_that_cannot_be(
    client: Client, district: District, reform_officer: User, changes: dict[str, Any], words: str
) -> None:
    item, first = district.item_b, factories.make_item(district.a)
    waits = factories.make_item(district.a, name="同名")
    factories.make_item(district.c, name="同名")
    Prerequisite.objects.create(item=waits, related=first, relation=Relation.BEFORE)
    Prerequisite.objects.create(item=first, related=item, relation=Relation.BEFORE)
    codes = {"own": item.code, "first": first.code, "waits": waits.code}
    rows = {"relations-0-relation": "before", "relations-1-relation": "before"}
    rows |= {name: str(value).format(**codes) for name, value in changes.items()}
    client.force_login(reform_officer)
    answer = client.post(url(item), form_data(client, item, **rows))
    assert (answer.status_code, words in answer.content.decode()) == (400, True)
    assert (item.prerequisites.count(), item.revisions.count()) == (0, 0)


def test_rows_move_and_come_without_saving(client: Client, district: District, reform_officer: User) -> None:
    client.force_login(reform_officer)
    item = district.item_b
    moved = client.post(url(item), form_data(client, item, arrange="steps:down:0", reason="", note="没写完"))
    assert (moved.status_code, "没写完" in moved.content.decode(), "field-error" in moved.content.decode()) == (
        200,
        True,
        False,
    )
    assert [form.heading for form in moved.context["guide"].steps] == ["环节2", "环节1", "环节3", ""]
    more = client.post(url(item), form_data(client, item, arrange="documents:add"))
    assert len(more.context["guide"].documents) == 4
    assert not item.revisions.exists()


def test_a_new_item_begins_with_revision_one(client: Client, district: District, reform_officer: User) -> None:
    client.force_login(reform_officer)
    create = reverse("catalog:item_create")
    new: dict[str, Any] = {"code": "D02-900", "name": "新办事项", "steps-0-name": "受理", "steps-0-signatures": 0}
    sizes = {f"{p}-TOTAL_FORMS": int(p == "steps") for p in ("steps", "documents", "relations")}
    new |= sizes | {f"{p}-INITIAL_FORMS": 0 for p in ("steps", "documents", "relations")}
    new |= {"department": district.b.pk, "item_type": "permit", "handling": "committed", "status": "draft"}
    new |= {"committed_days": 3, "trips": 1, "for_persons": "on", "online_depth": "precheck", "steps-0-days": "1"}
    new |= {"version": 0, "reason": "新增"}
    assert client.post(create, new | {"name": ""}).status_code == 400
    assert client.post(create, new).status_code == 302
    made = ServiceItem.objects.get(code="D02-900")
    assert (made.initials, made.steps.get().name, made.revisions.get().reason) == ("xbsx", "受理", "新增")
    assert client.post(create, new).status_code == 400
    client.force_login(factories.make_user())
    assert client.post(create, new | {"code": "D02-901"}).status_code == 403


def test_a_retired_item_leaves_public_pages_and_stays_in_walks(
    client: Client, district: District, reform_officer: User, director_a: User
) -> None:
    item = district.item_b
    retire = reverse("catalog:item_retire", args=[item.pk])
    client.force_login(reform_officer)
    assert client.post(retire, {"version": 0, "reason": ""}).status_code == 400
    assert client.post(retire, {"version": 5, "reason": "并入一件事"}).status_code == 409
    assert client.post(retire, {"version": 0, "reason": "并入一件事", "issue_number": "WT-9"}).status_code == 302
    assert client.post(retire, {"version": 1, "reason": "再来一次"}).status_code == 409
    assert item.revisions.get().snapshot["item"]["status"] == "retired"
    assert Client().get(reverse("portal:guide", args=[item.code])).status_code == 404
    assert item in district.programme.handling_list.all()


def test_naming_an_item_proposes_only_what_the_reader_sees(
    client: Client, district: District, reform_officer: User, outsider: User
) -> None:
    factories.make_item(district.b, name="桥梁草稿", status="draft")
    options = reverse("catalog:item_options")
    for user, seen in ((reform_officer, True), (outsider, False)):
        client.force_login(user)
        assert ("桥梁草稿" in client.get(options, {"relations-0-related": "桥梁"}).content.decode()) is seen
    assert client.get(options, {"q": ""}).content.decode().strip() == ""
