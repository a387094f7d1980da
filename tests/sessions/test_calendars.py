"""Sittings as iCalendar: a client library reads back what was written; states, changes, secrets."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from accounts.models import User
from core import clock
from core.log_masks import SecretPaths
from sessions import calendars, services
from sessions.models import CalendarToken
from tests import factories
from tests.conftest import District
from tests.portal.leaks import SECRET, build
from tests.sessions.planning import BEFORE, MONDAY, ON_MONDAY, put, reads
from tests.sessions.stage import published

HALL = "/portal/calendar/H01.ics"


@pytest.fixture(autouse=True)
def a_week_before() -> Any:
    with clock.at(BEFORE):
        yield


def events(client: Client, address: str) -> list[Any]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def own(user: User) -> str:
    return f"/calendar/{services.give_calendar_address(user)}.ics"


def read(event: Any) -> calendars.Entry:
    """The entry that a client library finds in an event."""
    return calendars.Entry(
        uid=str(event["uid"]),
        sequence=int(event["sequence"]),
        changed=event["last-modified"].dt,
        starts=event["dtstart"].dt,
        ends=event["dtend"].dt,
        summary=str(event["summary"]),
        location=str(event["location"]),
        description=str(event.get("description", "")),
        url=str(event.get("url", "")),
        status=str(event["status"]),
        busy=str(event["transp"]) == "OPAQUE",
    )


def test_a_client_library_reads_it_back_equal() -> None:
    starts = datetime(2026, 5, 18, 0, 30, tzinfo=UTC)
    entry = calendars.Entry(
        uid="sitting-1-H01@huanwei",
        sequence=3,
        changed=starts,
        starts=starts,
        ends=starts + timedelta(hours=3, minutes=30),
        summary="坐班 A17，规划局；“综窗”\\ " + "很长的窗口名称" * 20,
        location="望澜区政务服务中心 一楼, 法人服务区; A17",
        description="第一行\n第二行，𠮷田",
        url="https://example.gov.cn/sessions/1/?a=1&b=2",
    )
    calendar: Any = Calendar.from_ical(calendars.write("望澜区, 坐班", [entry]))
    assert [read(event) for event in calendar.walk("VEVENT")] == [entry]
    assert (calendar["x-wr-calname"], calendar["method"]) == ("望澜区, 坐班", "PUBLISH")
    assert calendar["refresh-interval"].dt == timedelta(minutes=30)


def test_the_own_feed_follows_the_session(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    row = put(district, director_a, hall_administrator)
    address = own(director_a)
    states = [_state(client, address)]
    services.confirm(row, director_a)
    states.append(_state(client, address))
    services.publish_week(district.hall, MONDAY, hall_administrator)
    states.append(_state(client, address))
    services.cancel(row, "停电", hall_administrator)
    states.append(_state(client, address))
    assert [status for _uid, status, _number in states] == ["TENTATIVE", "CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert len({uid for uid, _status, _number in states}) == 1
    numbers = [number for _uid, _status, number in states]
    assert numbers == sorted(set(numbers))


def _state(client: Client, address: str) -> tuple[str, str, int]:
    (event,) = events(client, address)
    return str(event["uid"]), str(event["status"]), int(event["sequence"])


def test_times_are_the_halls_in_utc(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    put(district, director_a, hall_administrator, half="PM")
    (event,) = events(client, own(director_a))
    assert event["dtstart"].to_ical() == b"20260518T060000Z"
    assert event["dtend"].to_ical() == b"20260518T093000Z"


def test_who_gave_it_away_sees_it_cancelled_who_took_it_sees_it(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    substitute = factories.make_director(district.c)
    row = services.confirm(put(district, director_a, hall_administrator), director_a)
    services.substitute(row, substitute, "出差", hall_administrator)
    given, taken = (_state(client, own(user)) for user in (director_a, substitute))
    assert (given[1], taken[1]) == ("CANCELLED", "CONFIRMED")
    assert given[0] == taken[0]


def test_a_cancelled_one_leaves_after_a_month(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    services.cancel(put(district, director_a, hall_administrator), "停电", hall_administrator)
    address = own(director_a)
    for day, number in ((16, 1), (18, 0)):
        with clock.at(datetime(2026, 6, day, 4, tzinfo=UTC)):
            assert len(events(client, address)) == number


def test_only_own_sessions(client: Client, district: District, director_a: User, hall_administrator: User) -> None:
    put(district, director_a, hall_administrator)
    assert events(client, own(factories.make_director(district.c))) == []


def test_the_halls_feed_follows_the_releases(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    row = services.confirm(put(district, director_a, hall_administrator), director_a)
    assert events(client, HALL) == []
    services.publish_week(district.hall, MONDAY, hall_administrator)
    states = [_state(client, HALL)]
    services.substitute(row, factories.make_director(district.c), "出差", hall_administrator)
    assert "住建局局长" in client.get(HALL).content.decode()
    services.publish_week(district.hall, MONDAY, hall_administrator)
    states.append(_state(client, HALL))
    assert "市场监管局局长" in str(events(client, HALL)[0]["summary"])
    services.cancel(row, "因病住院", hall_administrator)
    states.append(_state(client, HALL))
    assert "因病住院" not in client.get(HALL).content.decode()
    services.publish_week(district.hall, MONDAY, hall_administrator)
    states.append(_state(client, HALL))
    assert [status for _uid, status, _n in states] == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CANCELLED"]
    numbers = [number for _uid, _status, number in states]
    assert numbers == sorted(set(numbers))


def test_unannounced_sittings_are_in_no_public_feed(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    week = build(district, director_a, hall_administrator)
    before = client.get(HALL)
    with clock.at(datetime(2026, 5, 19, 2, tzinfo=UTC)):
        services.start(week.secret, week.secret_director)
        after = client.get(HALL)
    assert len(events(client, HALL)) == 1
    assert SECRET not in after.content.decode()
    assert before.content == after.content


def test_nothing_new_is_304(client: Client, district: District, director_a: User, hall_administrator: User) -> None:
    row = put(district, director_a, hall_administrator)
    address = own(director_a)
    first = client.get(address)
    assert first.headers["Cache-Control"] == "private, max-age=300"
    again = {"If-None-Match": first.headers["ETag"]}
    assert client.get(address, headers=again).status_code == 304
    with clock.at(ON_MONDAY):
        assert client.get(address, headers=again).status_code == 304
    services.confirm(row, director_a)
    assert client.get(address, headers=again).status_code == 200


def test_the_address_is_kept_as_a_hash_and_dies(client: Client, director_a: User) -> None:
    first, second = own(director_a), own(director_a)
    kept = CalendarToken.objects.get()
    assert kept.digest not in second
    assert len(second) > 40
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    services.revoke_calendar_address(director_a)
    assert client.get(second).status_code == 404


def test_a_disabled_person_has_no_feed(client: Client, director_a: User) -> None:
    address = own(director_a)
    director_a.is_active = False
    director_a.save()
    assert client.get(address).status_code == 404


def test_no_log_line_holds_an_address(client: Client, director_a: User, caplog: pytest.LogCaptureFixture) -> None:
    address = own(director_a)
    services.revoke_calendar_address(director_a)
    caplog.handler.addFilter(mask := SecretPaths())
    with caplog.at_level(logging.INFO):
        client.get(address)
    caplog.handler.removeFilter(mask)
    assert "/calendar/***" in caplog.text
    assert address[10:40] not in caplog.text


@pytest.mark.parametrize("number", [1, 30])
def test_queries(client: Client, district: District, director_a: User, number: int) -> None:
    for n in range(number):
        published(district, director_a, date=MONDAY + timedelta(days=n), half="PM")
    assert reads(client, own(director_a))[1] <= 3
    assert reads(client, HALL)[1] <= 6
