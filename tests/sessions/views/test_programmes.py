"""Programmes: list, new, read, change."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from accounts.models import User
from core import clock
from sessions.choices import RuleName
from sessions.models import Programme, WindowSession
from sessions.programme_forms import copy_of, following
from sessions.programme_models import default_severities
from tests import factories
from tests.conftest import District
from tests.sessions.planning import BEFORE, change, put, quota, reads

LIST = "/sessions/programmes/"
CREATE = "/sessions/programmes/create/"


@pytest.fixture(autouse=True)
def a_week_before() -> Any:
    with clock.at(BEFORE):
        yield


def filled(district: District, **given: Any) -> dict[str, Any]:
    values = {
        "token": "once",
        "name": "交叉互办体验周",
        "code": "P-NEW",
        "kind": "cross",
        "modes": ["clerk", "companion"],
        "starts_on": "2026-05-18",
        "ends_on": "2026-05-22",
        "halls": [district.hall.pk],
        "departments": [district.a.pk, district.b.pk],
        "handling_list": [district.item_b.pk],
        "half_days_per_visit": 1,
        "announced": "on",
        "notice_days": 3,
        "quota_principal_minimum": 1,
        "quota_principal_period": "programme",
        "quota_deputy_period": "month",
    }
    return values | {f"rule_{rule}": default_severities()[rule] for rule in RuleName} | given


def edit(programme: Programme) -> str:
    return reverse("window_sessions:programme_edit", args=[programme.pk])


def test_create(client: Client, district: District, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    assert client.get(CREATE).status_code == 200
    first = client.post(CREATE, filled(district))
    second = client.post(CREATE, filled(district))
    programme = Programme.objects.get(code="P-NEW")
    assert first.headers["Location"] == second.headers["Location"]
    assert programme.modes == ["clerk", "companion"]
    assert list(programme.departments.all()) == [district.a, district.b]
    assert programme.quotas.get(rank="principal").minimum == 1


def test_the_form_reaches_every_section_and_ticks_whole_lists(
    client: Client, district: District, hall_administrator: User
) -> None:
    client.force_login(hall_administrator)
    text = client.get(CREATE).content.decode()
    reached = re.findall(r'<li><a href="#([a-z]+)">', text)
    assert reached == re.findall(r'<section class="card" id="([a-z]+)">', text)
    assert len(reached) == 5
    assert text.count("data-ticks hidden") >= 3


@pytest.mark.parametrize("role", ["director_a", "guide", "liaison", "auditor", "experience_officer"])
def test_only_planners_create_or_change(
    client: Client, district: District, role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    for address in (CREATE, edit(district.programme)):
        assert client.get(address).status_code == 403
        assert client.post(address, filled(district)).status_code == 403
    assert Programme.objects.count() == 1


def test_a_foreign_hall_is_not_the_administrators(client: Client, district: District, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    foreign = factories.make_hall()
    assert client.post(CREATE, filled(district, halls=[foreign.pk])).status_code == 400
    other = factories.make_programme(foreign, district.a)
    assert client.get(edit(other)).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"ends_on": "2026-05-17"},
        {"starts_on": "x"},
        {"quota_principal_minimum": 3, "quota_principal_maximum": 1},
        {"rule_double_booking": "warn"},
        {"halls": []},
        {"notice_days": -1},
    ],
)
def test_a_bad_form_comes_back_with_what_was_typed(
    client: Client, district: District, hall_administrator: User, wrong: dict[str, Any]
) -> None:
    client.force_login(hall_administrator)
    answer = client.post(CREATE, filled(district, note="请大家支持", **wrong))
    assert answer.status_code == 400
    assert "请大家支持" in answer.content.decode()
    assert Programme.objects.count() == 1


def test_a_code_is_used_once(client: Client, district: District, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    assert client.post(CREATE, filled(district, code=district.programme.code)).status_code == 400


def test_edit(client: Client, district: District, reform_officer: User) -> None:
    client.force_login(reform_officer)
    assert 'value="2026-01-01"' in client.get(edit(district.programme)).content.decode()
    client.post(edit(district.programme), filled(district, version=0, rule_quota="block"))
    district.programme.refresh_from_db()
    assert (district.programme.name, district.programme.version) == ("交叉互办体验周", 1)
    assert district.programme.severity("quota") == "block"


def test_a_stale_edit_is_409(client: Client, district: District, reform_officer: User) -> None:
    client.force_login(reform_officer)
    client.post(edit(district.programme), filled(district, version=0))
    answer = client.post(edit(district.programme), filled(district, version=0, note="我的说明"))
    assert answer.status_code == 409
    assert "我的说明" in answer.content.decode()


@pytest.mark.parametrize("wrong", [{"ends_on": "2026-05-17", "starts_on": "2026-05-01"}])
def test_no_session_falls_out_of_the_programme(
    client: Client, district: District, director_a: User, hall_administrator: User, wrong: dict[str, Any]
) -> None:
    put(district, director_a, hall_administrator)
    client.force_login(hall_administrator)
    assert client.post(edit(district.programme), filled(district, version=0, **wrong)).status_code == 400


def test_reading_is_for_all_staff(client: Client, district: District, outsider: User) -> None:
    client.force_login(outsider)
    detail = reverse("window_sessions:programme_detail", args=[district.programme.pk])
    assert detail in client.get(LIST).content.decode()
    text = client.get(detail).content.decode()
    assert district.item_b.name in text
    assert edit(district.programme) not in text


def test_an_empty_list_says_what_to_do(client: Client, reform_officer: User) -> None:
    client.force_login(reform_officer)
    assert CREATE in client.get(LIST).content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_queries_of_the_list(client: Client, district: District, reform_officer: User, rows: int) -> None:
    for _ in range(rows - 1):
        factories.make_programme(district.hall, district.a)
    client.force_login(reform_officer)
    text, queries = reads(client, LIST)
    assert (text.count('class="row-title"'), queries <= 12) == (rows, True)


def test_a_copy_is_filled_with_everything_but_the_code(
    client: Client, district: District, reform_officer: User
) -> None:
    quota(district, floor_per_year=2)
    client.force_login(reform_officer)
    with clock.at(BEFORE):
        form = client.get(CREATE + f"?copy={district.programme.pk}").context["form"]
    assert (form["code"].value(), form["starts_on"].value(), form["ends_on"].value()) == (
        "", date(2027, 1, 1), date(2027, 12, 31),
    )  # fmt: skip
    assert form["quota_principal_floor_per_year"].value() == 2
    assert form["handling_list"].value() == [district.item_b.pk]
    assert [client.get(CREATE + f"?copy={bad}").status_code for bad in ("x", "99999")] == [404, 404]


def test_a_copy_of_what_is_long_over_begins_when_names_can_be_asked_for(district: District) -> None:
    change(district.programme, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 13))
    with clock.at(BEFORE):
        values = copy_of(district.programme)
    assert (values["starts_on"], values["ends_on"]) == (date(2026, 5, 25), date(2026, 6, 5))


@pytest.mark.parametrize(
    ("first", "last", "wanted"),
    [
        (date(2026, 7, 1), date(2026, 9, 30), (date(2026, 10, 1), date(2026, 12, 31))),
        (date(2026, 10, 1), date(2026, 12, 31), (date(2027, 1, 1), date(2027, 3, 31))),
        (date(2026, 11, 1), date(2027, 1, 31), (date(2027, 2, 1), date(2027, 4, 30))),
        (date(2026, 5, 18), date(2026, 5, 22), (date(2026, 5, 25), date(2026, 5, 29))),
        (date(2026, 5, 25), date(2026, 8, 14), (date(2026, 8, 17), date(2026, 11, 6))),
    ],
)
def test_the_copy_begins_where_the_last_one_ended(first: date, last: date, wanted: tuple[date, date]) -> None:
    assert following(first, last) == wanted


def test_the_handling_list_begins_where_departments_chafe(
    client: Client, district: District, reform_officer: User
) -> None:
    seamed = factories.make_item(district.a)
    factories.make_document(seamed, 9, code="YYZZ", source_department=district.b, shareable=True)
    client.force_login(reform_officer)
    text = client.get(CREATE).content.decode()
    assert text.index(seamed.code) < text.index(district.item_b.code)
    assert "strength" in text


def test_an_unannounced_programme_is_for_those_inside_until_it_is_over(
    client: Client, district: District, liaison: User, director_a: User, director_b: User, guide: User, auditor: User
) -> None:
    Programme.objects.filter(pk=district.programme.pk).update(announced=False)
    put(district, director_a, factories.grant(guide, Role.HALL_ADMINISTRATOR, hall=district.hall))
    guide.role_grants.filter(role=Role.HALL_ADMINISTRATOR).delete()
    page = f"/sessions/programmes/{district.programme.pk}/"

    def reads_it(user: User) -> bool:
        client.force_login(user)
        shown = [page in client.get(LIST).content.decode(), client.get(page).status_code == 200]
        shown.append(district.programme.name in client.get("/sessions/").content.decode())
        assert len(set(shown)) == 1, shown
        return shown[0]

    assert [reads_it(user) for user in (director_a, auditor)] == [True] * 2
    assert [reads_it(user) for user in (liaison, director_b, guide)] == [False] * 3
    WindowSession.objects.update(status="in_progress")
    assert [reads_it(user) for user in (guide, liaison)] == [True, False]
    Programme.objects.filter(pk=district.programme.pk).update(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    assert reads_it(director_b)
