"""Placing and the acts before a session starts: who may, which state, what is written, who is told."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection

from accounts.models import Posting, User
from catalog.models import Window
from core import clock, ledger
from core.doors import Conflict, StaleVersion, WrongState
from core.models import Notice
from sessions import rules, services
from sessions.models import Availability, SessionEvent, WindowSession
from sessions.services import placing
from tests import factories
from tests.conftest import District
from tests.sessions.planning import BEFORE, MONDAY, TUESDAY, change, put
from tests.sessions.stage import published


@pytest.fixture(autouse=True)
def a_week_before() -> Any:
    with clock.at(BEFORE):
        yield


def last(row: WindowSession) -> SessionEvent:
    return SessionEvent.objects.get(window_session=row, number=row.version)


def told(user: User) -> list[str]:
    return [notice.msgid for notice in Notice.objects.filter(recipient=user).order_by("pk")]


def test_place_makes_a_draft_with_snapshots_and_event(
    district: District, director_a: User, hall_administrator: User
) -> None:
    row = put(district, director_a, hall_administrator)
    row.refresh_from_db()
    assert (row.status, row.rank, row.mode) == ("draft", "principal", "clerk")
    assert (row.home_department, row.host_department) == (district.a, district.b)
    assert (last(row).action, last(row).to_state, last(row).actor) == ("place", "draft", hall_administrator)
    assert told(director_a) == ["Please confirm your sitting at %(window)s on %(day)s"]
    assert list(ledger.verify(SessionEvent)) == []


def test_the_reform_office_places_too(district: District, director_a: User, reform_officer: User) -> None:
    assert put(district, director_a, reform_officer).pk


@pytest.mark.parametrize("role", ["director_a", "guide", "liaison", "auditor", "experience_officer", "outsider"])
def test_nobody_else_places(district: District, director_a: User, role: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(PermissionDenied):
        put(district, director_a, request.getfixturevalue(role))
    assert not WindowSession.objects.exists()


def test_an_administrator_of_another_hall_does_not_place(district: District, director_a: User) -> None:
    stranger = factories.grant(factories.make_user(), "hall_administrator", hall=factories.make_hall())
    with pytest.raises(PermissionDenied):
        put(district, director_a, stranger)


def test_a_blocking_finding_refuses(district: District, director_a: User, hall_administrator: User) -> None:
    with pytest.raises(ValidationError):
        put(district, director_a, hall_administrator, window=district.window_a)
    assert not WindowSession.objects.exists()
    assert not Notice.objects.exists()


def test_a_warning_is_allowed_and_written_down(district: District, director_a: User, hall_administrator: User) -> None:
    put(district, director_a, hall_administrator)
    row = put(district, director_a, hall_administrator, date=TUESDAY)
    assert last(row).data["warnings"] == ["repeat_pair"]


def test_a_taken_place_is_a_conflict_that_names_the_holder(
    district: District, director_a: User, hall_administrator: User
) -> None:
    put(district, director_a, hall_administrator)
    with pytest.raises(Conflict, match=director_a.display_name):
        put(district, factories.make_director(district.c), hall_administrator)


def test_who_leads_no_department_cannot_be_placed(district: District, guide: User, hall_administrator: User) -> None:
    with pytest.raises(ValidationError):
        put(district, guide, hall_administrator)


def test_move_asks_to_confirm_anew(district: District, director_a: User, hall_administrator: User) -> None:
    row = services.confirm(put(district, director_a, hall_administrator), director_a)
    row = services.move(row, district.window_b, TUESDAY, "PM", hall_administrator, version=row.version, reason="会议")
    assert (row.status, row.date, row.half) == ("draft", TUESDAY, "PM")
    assert (last(row).note, last(row).data["before"]["half"]) == ("会议", "AM")
    assert len(told(director_a)) == 2


def test_move_judges_again(district: District, director_a: User, hall_administrator: User) -> None:
    Availability.objects.create(user=director_a, starts_on=TUESDAY, ends_on=TUESDAY)
    row = put(district, director_a, hall_administrator)
    with pytest.raises(ValidationError):
        services.move(row, district.window_b, TUESDAY, "AM", hall_administrator)
    row.refresh_from_db()
    assert (row.date, row.version) == (MONDAY, 1)


def test_a_move_beyond_a_change_of_department_asks_the_new_one(
    district: District, director_a: User, hall_administrator: User
) -> None:
    row, stays = put(district, director_a, hall_administrator), published(district, director_a, date=MONDAY, half="PM")
    director_a.postings.update(ends_on=MONDAY)
    Posting.objects.create(user=director_a, department=district.b, rank="principal", title="局长", starts_on=TUESDAY)
    with pytest.raises(ValidationError):
        services.move(row, district.window_b, TUESDAY, "AM", hall_administrator)
    row = services.move(row, district.window_a, TUESDAY, "AM", hall_administrator)
    assert row.home_department == district.b
    stays.refresh_from_db()
    assert stays.home_department == district.a


def test_move_to_a_taken_place_is_a_conflict(district: District, director_a: User, hall_administrator: User) -> None:
    put(district, factories.make_director(district.c), hall_administrator, date=TUESDAY)
    row = put(district, director_a, hall_administrator)
    with pytest.raises(Conflict):
        services.move(row, district.window_b, TUESDAY, "AM", hall_administrator)


def test_a_published_session_does_not_move(district: District, director_a: User, hall_administrator: User) -> None:
    row = published(district, director_a, date=MONDAY)
    with pytest.raises(WrongState):
        services.move(row, district.window_b, TUESDAY, "AM", hall_administrator)


def test_a_stale_page_is_refused(district: District, director_a: User, hall_administrator: User) -> None:
    row = put(district, director_a, hall_administrator)
    services.confirm(row, director_a, version=1)
    with pytest.raises(StaleVersion):
        services.cancel(row, "会议", hall_administrator, version=1)


def test_confirm_and_decline_are_the_directors(
    district: District, director_a: User, director_b: User, hall_administrator: User
) -> None:
    row = put(district, director_a, hall_administrator)
    for stranger in (director_b, hall_administrator):
        with pytest.raises(PermissionDenied):
            services.confirm(row, stranger)
        with pytest.raises(PermissionDenied):
            services.decline(row, "会议", stranger)
    assert services.confirm(row, director_a).status == "confirmed"
    with pytest.raises(WrongState):
        services.confirm(row, director_a)


def test_decline_frees_the_place_and_tells_the_hall(
    district: District, director_a: User, hall_administrator: User
) -> None:
    row = services.decline(put(district, director_a, hall_administrator), "出差", director_a)
    assert (row.status, row.reason, last(row).note) == ("cancelled", "出差", "出差")
    assert told(hall_administrator) == ["%(who)s cannot come to %(window)s on %(day)s"]
    assert put(district, director_a, hall_administrator).pk


@pytest.mark.parametrize("verb", [services.decline, services.cancel])
def test_a_reason_is_required(
    district: District, director_a: User, hall_administrator: User, verb: Callable[..., WindowSession]
) -> None:
    row = put(district, director_a, hall_administrator)
    with pytest.raises(ValidationError):
        verb(row, " ", hall_administrator)


def test_cancel_tells_the_director(district: District, director_a: User, hall_administrator: User) -> None:
    row = services.cancel(put(district, director_a, hall_administrator), "停电", hall_administrator)
    assert row.status == "cancelled"
    assert told(director_a)[-1] == "Your sitting at %(window)s on %(day)s is cancelled"
    with pytest.raises(WrongState):
        services.cancel(row, "停电", hall_administrator)


def test_substitute_names_both_and_keeps_the_state(
    district: District, director_a: User, hall_administrator: User
) -> None:
    row = published(district, director_a, date=MONDAY)
    other = factories.make_director(district.c, "deputy")
    row = services.substitute(row, other, "临时会议", hall_administrator)
    assert (row.status, row.director, row.replaced_director) == ("published", other, director_a)
    assert (row.rank, row.home_department) == ("deputy", district.c)
    assert last(row).data["warnings"] == ["deputy"]
    assert last(row).to_state == ""
    assert told(director_a)
    assert told(other)
    assert list(ledger.verify(SessionEvent)) == []


def test_substitute_checks_the_own_department_again(
    district: District, director_a: User, director_b: User, hall_administrator: User
) -> None:
    row = put(district, director_a, hall_administrator)
    with pytest.raises(ValidationError):
        services.substitute(row, director_b, "临时会议", hall_administrator)
    with pytest.raises(ValidationError):
        services.substitute(row, director_a, "临时会议", hall_administrator)


@pytest.mark.parametrize("mode", ["clerk", "companion"])
def test_a_sitting_programme_keeps_everybody_from_the_own_window(
    district: District, director_a: User, director_b: User, hall_administrator: User, mode: str
) -> None:
    change(district.programme, kind="sitting", modes=["clerk", "companion"])
    with clock.at(BEFORE):
        row = put(district, director_a, hall_administrator, mode=mode)
        with pytest.raises(ValidationError, match="本部门窗口"):
            put(district, director_a, hall_administrator, window=district.window_a, half="PM", mode=mode)
        with pytest.raises(ValidationError, match="本部门窗口"):
            services.move(row, district.window_a, MONDAY, "PM", hall_administrator)
        with pytest.raises(ValidationError, match="本部门窗口"):
            services.substitute(row, director_b, "临时会议", hall_administrator)
    row.refresh_from_db()
    assert (row.director, row.window) == (director_a, district.window_b)


def test_miss_only_what_was_published(district: District, director_a: User, hall_administrator: User) -> None:
    with pytest.raises(WrongState):
        services.miss(put(district, director_a, hall_administrator), hall_administrator)
    row = published(district, director_a, date=TUESDAY)
    assert services.miss(row, hall_administrator, note="没有来").status == "missed"


Booking = tuple[User, Window]


def race(district: District, actor: User, bookings: list[Booking]) -> list[str]:
    """What became of each booking of Monday morning, all begun at one moment: "made", or the words of the refusal."""
    gate = threading.Barrier(len(bookings))
    answers = [""] * len(bookings)

    def book(number: int, director: User, window: Window) -> None:
        gate.wait()
        try:
            with clock.at(BEFORE):
                put(district, director, actor, window=window)
            answers[number] = "made"
        except Conflict as conflict:
            answers[number] = str(conflict)
        finally:
            connection.close()

    threads = [threading.Thread(target=book, args=(number, *one)) for number, one in enumerate(bookings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def rivals(district: District, number: int) -> list[Booking]:
    """Two bookings of which one can be made: by turns two directors at one window, one director at two windows."""
    directors = [factories.make_director(district.c) for _ in range(1 + number % 2)]
    windows = [factories.make_window(district.hall, district.b) for _ in range(2 - number % 2)]
    return [(directors[0], windows[0]), (directors[-1], windows[-1])]


@pytest.mark.django_db(transaction=True)
def test_fifty_pairs_of_bookings_at_one_moment(district: District, hall_administrator: User) -> None:
    pairs = [rivals(district, number) for number in range(50)]
    answers: list[str] = []
    for start in range(0, 50, 10):
        answers += race(district, hall_administrator, [one for pair in pairs[start : start + 10] for one in pair])
    by_pair = [sorted(answers[number : number + 2], key=lambda text: text != "made") for number in range(0, 100, 2)]
    assert [pair[0] for pair in by_pair] == ["made"] * 50
    assert WindowSession.objects.count() == 50
    for (_made, refusal), bookings in zip(by_pair, pairs, strict=True):
        assert any(word in refusal for word in (bookings[0][1].number, bookings[1][1].number, district.c.short_name))


def test_what_is_no_double_booking_stays_an_error(district: District, director_a: User) -> None:
    def write() -> None:
        published(district, director_a, home_department=district.b)

    person = placing.person_on(director_a, MONDAY)
    wanted = rules.Placement(person=person, window=district.window_b, date=MONDAY, half="AM", mode="clerk")
    for placements in ([], [wanted]):
        with pytest.raises(IntegrityError, match="clerk_not_at_own_department"):
            placing._book(placements, write)
