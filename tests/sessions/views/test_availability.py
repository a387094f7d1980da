"""Leave: who enters it, what it breaks, what a bad form keeps."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import clock
from core.models import Notice
from sessions import services
from sessions.leave import broken_by
from sessions.models import Availability
from tests import factories
from tests.conftest import District
from tests.sessions.planning import BEFORE, MONDAY, TUESDAY, change, put, reads

LIST = "/sessions/availability/"


@pytest.fixture(autouse=True)
def a_week_before() -> Any:
    with clock.at(BEFORE):
        yield


def enter(person: User) -> str:
    return reverse("window_sessions:enter_absence", args=[person.pk])


def own(person: User) -> str:
    return reverse("window_sessions:availability", args=[person.pk])


def away(person: User, **given: Any) -> Availability:
    return Availability.objects.create(user=person, **({"starts_on": MONDAY, "ends_on": MONDAY} | given))


def filled(**given: Any) -> dict[str, Any]:
    return {"starts_on": "2026-05-18", "token": "once"} | given


def test_a_director_enters_own_leave_and_reads_what_it_breaks(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    row = put(district, director_a, hall_administrator)
    client.force_login(director_a)
    text = client.post(enter(director_a), filled(reason="培训"), follow=True).content.decode()
    assert reverse("window_sessions:session_detail", args=[row.pk]) in text
    assert "培训" in text
    absence = Availability.objects.get()
    assert (absence.ends_on, absence.half, absence.entered_by) == (MONDAY, "", director_a)
    told = Notice.objects.get(recipient=hall_administrator)
    assert told.msgid == "%(who)s is on leave on %(day)s: please look at %(window)s again"


def test_the_office_enters_it_and_the_director_is_told(client: Client, director_a: User, reform_officer: User) -> None:
    client.force_login(reform_officer)
    for _ in range(2):
        assert client.post(enter(director_a), filled()).status_code == 302
    assert Availability.objects.count() == 1
    assert Notice.objects.filter(recipient=director_a).count() == 1


@pytest.mark.parametrize(
    ("given", "ends"),
    [({"ends_on": "2026-05-20", "half": "AM"}, date(2026, 5, 20)), ({"weekday": "2"}, date(2026, 12, 31))],
)
def test_ranges_and_weekdays(client: Client, director_a: User, given: dict[str, str], ends: date) -> None:
    client.force_login(director_a)
    client.post(enter(director_a), filled(**given))
    absence = Availability.objects.get()
    assert (absence.ends_on, absence.half) == (ends, given.get("half", ""))
    assert absence.weekday == (2 if "weekday" in given else None)
    assert client.get(own(director_a)).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_on": ""},
        {"starts_on": "五月"},
        {"ends_on": "2026-05-17"},
        {"starts_on": "2026-05-01"},
        {"ends_on": "2062-05-18"},
        {"half": "NIGHT"},
        {"weekday": "9"},
    ],
)
def test_a_bad_form_keeps_what_was_typed(client: Client, director_a: User, wrong: dict[str, str]) -> None:
    client.force_login(director_a)
    answer = client.post(enter(director_a), filled(reason="去省里开会", **wrong))
    assert answer.status_code == 400
    assert "去省里开会" in answer.content.decode()
    assert not Availability.objects.exists()


def test_the_same_leave_twice_is_refused(client: Client, director_a: User) -> None:
    away(director_a)
    client.force_login(director_a)
    assert client.post(enter(director_a), filled()).status_code == 400


def test_a_colleague_finds_nothing(client: Client, director_a: User, director_b: User) -> None:
    absence = away(director_a)
    client.force_login(director_b)
    for name, pk in (("availability", director_a.pk), ("edit_absence", absence.pk)):
        assert client.get(reverse(f"window_sessions:{name}", args=[pk])).status_code == 404
    assert client.post(reverse("window_sessions:remove_absence", args=[absence.pk])).status_code == 404
    assert client.post(enter(director_a), filled()).status_code == 404
    assert client.get(LIST).headers["Location"] == own(director_b)


def test_edit_and_remove(client: Client, director_a: User) -> None:
    absence = away(director_a, version=1, entered_by=director_a)
    client.force_login(director_a)
    address = reverse("window_sessions:edit_absence", args=[absence.pk])
    assert 'value="2026-05-18"' in client.get(address).content.decode()
    assert client.post(address, filled(starts_on="2026-05-19", version=1)).status_code == 302
    assert Availability.objects.get().starts_on == TUESDAY
    stale = client.post(address, filled(starts_on="2026-05-20", version=1, reason="改期"))
    assert stale.status_code == 409
    assert "改期" in stale.content.decode()
    client.post(reverse("window_sessions:remove_absence", args=[absence.pk]), {"version": 2})
    assert not Availability.objects.exists()


@pytest.mark.parametrize(("severity", "blocks"), [("block", True), ("warn", False)])
def test_leave_over_a_published_session_is_judged_as_the_programme_says(
    district: District, director_a: User, hall_administrator: User, severity: str, blocks: bool
) -> None:
    change(district.programme, severities={"availability": severity})
    services.confirm(put(district, director_a, hall_administrator), director_a)
    services.publish_week(district.hall, MONDAY, hall_administrator)
    broken = services.enter_absence(director_a, director_a, starts_on=MONDAY, ends_on=TUESDAY, half="AM")
    assert [(one.row.status, one.finding.blocks) for one in broken] == [("published", blocks)]
    assert broken_by([away(director_a, half="PM")]) == []


@pytest.mark.parametrize("rows", [1, 30])
def test_queries_of_the_list(
    client: Client, district: District, director_a: User, hall_administrator: User, rows: int
) -> None:
    people = [director_a, *(factories.make_director(district.a) for _ in range(rows - 1))]
    for person in people:
        put(district, person, hall_administrator, window=factories.make_window(district.hall, district.b))
        away(person)
    client.force_login(hall_administrator)
    text, queries = reads(client, LIST)
    assert (text.count('class="row-title"'), queries <= 12) == (rows, True)
    assert "exclamation-octagon-fill" in text
    assert client.get(LIST + "?broken=on&q=没有").status_code == 200


def test_a_version_of_thousands_of_digits_is_no_error(client: Client, director_a: User) -> None:
    row = Availability.objects.create(user=director_a, entered_by=director_a, starts_on=TUESDAY, ends_on=TUESDAY)
    client.force_login(director_a)
    answer = client.post(reverse("window_sessions:remove_absence", args=[row.pk]), {"version": "9" * 5000})
    assert answer.status_code == 302


def test_what_breaks_is_mended_from_there_by_who_plans(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    address = reverse("window_sessions:substitute", args=[put(district, director_a, hall_administrator).pk])
    away(director_a)
    for person, offered in ((hall_administrator, True), (director_a, False)):
        client.force_login(person)
        assert (address in client.get(own(director_a)).content.decode()) is offered
