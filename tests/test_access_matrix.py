"""Every route × every role, as real requests, against `tests.access.table`. A route without a row fails."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from core import clock
from tests.access.table import ACCESS, ALL, LETTERS, OPEN, Access
from tests.access.world import NOW, World, build

# pytest-django makes a test database only for marked tests; each then runs in a savepoint of the world's transaction.
pytestmark = pytest.mark.django_db

THROUGH = {200, 204, 302, 303, 400, 409}
"""Past the door: a page, a redirect, a form that says what is missing, or a row in another state."""

OWN = {"choose_mail", "core:read_all_notices", "core:unread_notices", "core:unread_notice"}
"""What concerns nobody but the person: the own e-mail, the own inbox."""

QUERIES = 12
"""For any page (DESIGN section 11). That the number does not grow with the rows is asked by each page's own test."""

LIBRARY = "accounts/"
"""allauth's own pages (sign-in and the person's own password); it tests its doors itself."""


def routes(patterns: Any = None, path: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """Name and path of every route of the site, included ones too."""
    for one in patterns or get_resolver().url_patterns:
        here = f"{path}{one.pattern}"
        if isinstance(one, URLResolver):
            inside = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from routes(one.url_patterns, here, inside)
        elif isinstance(one, URLPattern) and not here.startswith(LIBRARY):
            yield f"{namespace}{one.name}", here


NAMES = sorted(name for name, _path in routes())


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    """A signed-in browser for every role, one that nobody has signed into."""
    found = {"": Client(raise_request_exception=False)}
    for role, letter in LETTERS.items():
        found[letter] = Client(raise_request_exception=False)
        found[letter].force_login(world.people[role])
    return found


@pytest.fixture(autouse=True)
def pictures() -> None:
    """The files of the world's one picture, in the storage of this test."""
    for name in ("x.jpg", "y.jpg"):
        default_storage.save(name, ContentFile(b"x"))


def address(name: str, world: World) -> str:
    on = ACCESS[name].on
    hall, window, item = (world.objects[key] for key in ("hall", "window", "item"))
    public = {"code": [hall.code], "guide": [item.code], "desk": [hall.code, window.number]}
    if on in public:
        return reverse(name, args=public[on])
    key = world.objects[on].pk if on else ()
    return reverse(name, args=key if isinstance(key, tuple) else [key])


def ask(client: Client, method: str, url: str) -> Any:
    """One request at the world's moment, undone afterwards."""
    with clock.at(NOW), transaction.atomic():
        answer = getattr(client, method)(url)
        transaction.set_rollback(True)
    return answer


def queries(client: Client, url: str) -> int:
    """What a page asks of the database, session and sign-in included; savepoints are the test's own."""
    with CaptureQueriesContext(connection) as asked:
        answer = ask(client, "get", url)
    return sum("SAVEPOINT" not in query["sql"] for query in asked) if answer.status_code == 200 else 0


def expected(cell: str | None, letter: str) -> str:
    if cell is None:
        return "405"
    through, _bar, lost = cell.partition("|")
    if cell == OPEN or letter in through:
        return "through"
    return "404" if letter in lost else "403"


def outcome(answer: Any) -> str:
    code: int = answer.status_code
    if code in {302, 303} and "login" in answer.headers["Location"]:
        return "login"
    return "through" if code in THROUGH else str(code)


def cells(row: Access) -> list[tuple[str, str | None]]:
    return [("get", row.get), ("post", row.post)]


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    missing, gone = set(NAMES) - set(ACCESS), set(ACCESS) - set(NAMES)
    assert not missing, f"add to tests/access/table.py: {sorted(missing)}"
    assert not gone, f"no such route any more: {sorted(gone)}"


@pytest.mark.parametrize("name", [name for name in NAMES if name in ACCESS])
def test_roles_at_the_door(name: str, world: World, clients: dict[str, Client]) -> None:
    url, wrong = address(name, world), []
    for method, cell in cells(ACCESS[name]):
        for letter in ALL if cell is not None else ALL[:1]:
            got = outcome(ask(clients[letter], method, url))
            if got != expected(cell, letter):
                wrong.append(f"{letter} {method}: {got}, not {expected(cell, letter)}")
    assert not wrong, f"{name}: {'; '.join(wrong)}"


@pytest.mark.one_engine
@pytest.mark.parametrize("name", [name for name in NAMES if name in ACCESS and ACCESS[name].get is not None])
def test_no_page_asks_more_than_twelve_queries(name: str, world: World, clients: dict[str, Client]) -> None:
    through = [letter for letter in ALL if expected(ACCESS[name].get, letter) == "through"]
    url = address(name, world)
    many = [letter for letter in through if queries(clients[letter], url) > QUERIES]
    # Asked again: the first visitor may have filled a cache.
    assert {letter: n for letter in many if (n := queries(clients[letter], url)) > QUERIES} == {}


@pytest.mark.one_engine
@pytest.mark.parametrize("name", [name for name in NAMES if name in ACCESS])
def test_anonymous_people_are_led_to_the_sign_in(name: str, world: World, clients: dict[str, Client]) -> None:
    for method, cell in cells(ACCESS[name]):
        got = outcome(ask(clients[""], method, address(name, world)))
        wanted = {"through"} if cell == OPEN else {"login"} if cell is not None else {"405", "login"}
        assert got in wanted, f"{name} {method}: {got}"


def test_an_auditor_changes_no_row(world: World, clients: dict[str, Client]) -> None:
    models = [model for model in apps.get_models() if model._meta.label not in {"sessions.Session"}]
    before = {model: list(model._default_manager.order_by("pk").values()) for model in models}
    for name in (name for name, row in ACCESS.items() if row.post is not None and name in set(NAMES) - OWN):
        with clock.at(NOW):
            clients["U"].post(address(name, world), {"version": 1, "note": "x", "title": "x"})
    after = {model: list(model._default_manager.order_by("pk").values()) for model in models}
    assert [model._meta.label for model in models if before[model] != after[model]] == []
