"""The inbox page: unread first, by day, one's own only; marking read and taking it back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from core import clock
from core.models import Notice
from tests.factories import make_user

ADDRESS = reverse("core:notices")
NOW = datetime.fromisoformat("2026-05-20T10:00+08:00")


@pytest.fixture
def reader(db: None, client: Client) -> User:
    person = make_user(username="reader")
    client.force_login(person)
    return person


def notice(person: User, title: str = "Close", **given: Any) -> Notice:
    fields = {"recipient": person, "kind": "issue.assign", "msgid": title, "url": "/issues/", "created_at": NOW}
    return Notice.objects.create(**(fields | given))


def unread(person: User) -> int:
    return Notice.objects.unread_count(person)


def test_unread_stand_first_then_by_day(client: Client, reader: User) -> None:
    notice(reader, "new old", created_at=NOW - timedelta(days=9))
    notice(reader, "read", read_at=NOW)
    notice(reader, "new")
    notice(make_user(), "foreign")
    days = client.get(ADDRESS).context["days"]
    shown = [(day.unread, f"{day.day}", [entry.notice.msgid for entry in day.entries]) for day in days]
    assert shown == [
        (True, "2026-05-20", ["new"]),
        (True, "2026-05-11", ["new old"]),
        (False, "2026-05-20", ["read"]),
    ]


def test_a_notice_opens_what_it_tells_of_and_is_read(client: Client, reader: User) -> None:
    one, strange = notice(reader), notice(reader, url="https://elsewhere.example/")
    assert client.post(reverse("core:read_notice", args=[one.pk])).headers["Location"] == "/issues/"
    assert client.post(reverse("core:read_notice", args=[strange.pk])).headers["Location"] == ADDRESS
    assert unread(reader) == 0
    assert client.post(reverse("core:unread_notice", args=[one.pk])).status_code == 302
    assert unread(reader) == 1


def test_all_are_marked_read_but_what_came_meanwhile_and_it_is_taken_back(client: Client, reader: User) -> None:
    earlier = notice(reader, read_at=NOW)
    newest = max(notice(reader).pk for _n in range(3))
    notice(reader)
    page = client.post(reverse("core:read_all_notices"), {"newest": newest}, follow=True)
    assert unread(reader) == 1
    client.post(reverse("core:unread_notices"), {"undo": page.context["undo"]})
    assert unread(reader) == 4
    earlier.refresh_from_db()
    assert earlier.is_read


STRANGE = ["", "yesterday", "2026-05-20T10:00", "2026-13-45T10:00+08:00", "0001-01-01T00:00:00+14:00"]


@pytest.mark.parametrize("undo", STRANGE)
def test_a_strange_way_back_changes_nothing(client: Client, reader: User, undo: str) -> None:
    notice(reader, read_at=NOW)
    assert client.get(ADDRESS, {"undo": undo}).status_code == 200
    assert client.post(reverse("core:unread_notices"), {"undo": undo}).status_code == 302
    assert unread(reader) == 0


def test_anothers_notice_does_not_exist(client: Client, reader: User) -> None:
    foreign = notice(make_user())
    for name in ("core:read_notice", "core:unread_notice"):
        assert client.post(reverse(name, args=[foreign.pk])).status_code == 404
        assert client.get(reverse(name, args=[foreign.pk])).status_code == 405


def test_an_empty_inbox_says_what_will_come(client: Client, reader: User) -> None:
    with clock.at(NOW):
        assert "这里" in client.get(ADDRESS).text


def test_queries_do_not_grow(client: Client, reader: User) -> None:
    counts = []
    for number in (1, 30):
        for _n in range(number):
            notice(reader)
        with CaptureQueriesContext(connection) as queries:
            client.get(ADDRESS)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9
