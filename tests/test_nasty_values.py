"""What no page of ours sends: every address and every form answers it with words, never with an error of the server."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from core import clock
from tests.access.table import ACCESS, LETTERS
from tests.access.world import NOW, World, build
from tests.test_access_matrix import address

pytestmark = [pytest.mark.django_db, pytest.mark.whole]

VALUES = [
    "NaN",
    "-1",
    "1e400",
    "²",
    "1" + "0" * 30,
    "0001-01-01",
    "9999-12-31",
    "9999-W53",
    "%'\"><",
    "1|9999-12-31|AM",
]
FILTERS = (
    "page q sort state tab week hall date item hold need window department status first last on month person pick lead "
    "category registered_from registered_to closed_from closed_to due_from due_to round clock waiting windows items "
    "size span copy part list kind form lang period light outcome"
)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def client_for(world: World, cell: str) -> Client:
    """Somebody who gets through this cell."""
    allowed = cell.partition("|")[0]
    role = next(role for role, letter in LETTERS.items() if letter in allowed or allowed == "open")
    client = Client(raise_request_exception=False)
    client.force_login(world.people[role])
    return client


def rows(method: str) -> list[str]:
    return sorted(name for name, row in ACCESS.items() if (getattr(row, method) or "").partition("|")[0])


def mixed(names: Iterable[str], turn: int) -> dict[str, str]:
    """Every name with another of the values; each turn deals them anew."""
    return {name: VALUES[(place + turn) % len(VALUES)] for place, name in enumerate(names)}


@pytest.mark.parametrize("turn", [0, 5])
def test_pages_read_whatever_stands_in_their_address(world: World, turn: int) -> None:
    with clock.at(NOW):
        for name in rows("get"):
            answer = client_for(world, str(ACCESS[name].get)).get(address(name, world), mixed(FILTERS.split(), turn))
            assert answer.status_code < 500, name


def test_a_key_of_no_database_is_nobodys(world: World) -> None:
    for name in rows("get"):
        try:
            page = reverse(name, args=[10**30])
        except NoReverseMatch:
            continue
        answer = client_for(world, str(ACCESS[name].get)).get(page)
        assert answer.status_code in {302, 400, 403, 404}, name


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb"])
def test_a_condition_with_control_characters_is_left_out(world: World, text: str) -> None:
    for page in ("/issues/", "/catalog/", "/sessions/"):
        assert client_for(world, "R").get(page, {"q": text}).status_code == 200
    assert client_for(world, "R").get("/g/a%00b/").status_code == 400


def opened(client: Client, page: str) -> forms.BaseForm | None:
    """The form that a page shows."""
    context = client.get(page).context
    form = context.get("form") if context is not None else None
    return form if isinstance(form, forms.BaseForm) else None


def valid(form: forms.BaseForm) -> dict[str, Any]:
    """What the form starts with, the first choice where it starts with nothing."""
    found: dict[str, Any] = {}
    for name, field in form.fields.items():
        choices = [str(key) for key, _label in getattr(field, "choices", []) if str(key)]
        value = form[name].value()
        found[name] = value if value not in (None, "") else next(iter(choices), "1")
    return found


FORMS = [name for name in rows("post") if ACCESS[name].get]


def test_forms_refuse_what_cannot_be_stored(world: World) -> None:
    with clock.at(NOW):
        for name in FORMS:
            client, page = client_for(world, str(ACCESS[name].post)), address(name, world)
            form = opened(client, page)
            texts = [key for key, field in form.fields.items() if isinstance(field, forms.CharField)] if form else []
            if form is None or not texts:
                continue
            answer = client.post(page, valid(form) | dict.fromkeys(texts, "好\x85的\x1b"))
            assert answer.status_code == 400, name
            assert set(texts) <= set(answer.context["form"].errors), name


@pytest.mark.parametrize("turn", [0, 5])
def test_forms_read_whatever_is_sent(world: World, turn: int) -> None:
    with clock.at(NOW):
        for name in FORMS:
            client, page = client_for(world, str(ACCESS[name].post)), address(name, world)
            form = opened(client, page)
            mark = transaction.savepoint()
            answer = client.post(page, mixed(form.fields if form else FILTERS.split(), turn))
            transaction.savepoint_rollback(mark)
            assert answer.status_code < 500, name
