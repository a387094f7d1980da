"""Hours and closures: the own administrator, with a reason that stays; others are refused."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from accounts.models import User
from catalog import weekly
from catalog.models import Hall, HallClosure, Zone
from core import clock
from tests import factories
from tests.conftest import District

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 25)
WEEKS: list[dict[str, Any]] = [{"open_weekly": []}, {"open_weekly": ["5-AM"]}]


@pytest.fixture(autouse=True)
def a_wednesday() -> Any:
    with clock.at(datetime(2026, 5, 20, 2, tzinfo=UTC)):
        yield


@pytest.fixture
def admin(client: Client, hall_administrator: User) -> Client:
    client.force_login(hall_administrator)
    return client


def hours(**changes: Any) -> dict[str, Any]:
    times = {"am_opens": "09:00", "am_closes": "12:00", "pm_opens": "13:30", "pm_closes": "17:00"}
    return (
        {"name": "望澜中心", "km_from_main": "0", "version": "0", "reason": "冬令时"}
        | times
        | {"open_weekly": weekly.CODES}
        | changes
    )


def urls(district: District) -> tuple[str, str]:
    return tuple(reverse(f"catalog:hall_{act}", args=[district.hall.pk]) for act in ("edit", "close"))  # type: ignore[return-value]


def close(client: Client, district: District, **changes: str) -> Any:
    return client.post(urls(district)[1], {"date": "2026-05-25", "half": "", "why": "停电检修"} | changes)


def test_hours_change_with_who_and_why(admin: Client, district: District, hall_administrator: User) -> None:
    assert admin.post(urls(district)[0], hours()).status_code == 302
    district.hall.refresh_from_db()
    kept = district.hall.history.order_by("-history_id")[0]
    assert f"{district.hall.am_opens:%H:%M}" == "09:00"
    assert (kept.history_change_reason, kept.history_user) == ("冬令时", hall_administrator)
    assert "冬令时" in admin.get(urls(district)[0]).content.decode()


@pytest.mark.parametrize(
    "bad",
    [
        {"reason": ""},
        {"am_opens": "12:30"},
        {"pm_closes": "x"},
        {"name": ""},
        {"open_weekly": []},
        {"open_weekly": ["5-AM"]},
    ],
)
def test_bad_hours_come_back_with_the_text(admin: Client, district: District, bad: dict[str, Any]) -> None:
    answer = admin.post(urls(district)[0], hours(address="澜心大道 9 号") | bad)
    assert answer.status_code == 400
    assert "澜心大道 9 号" in answer.content.decode()


def test_a_weekly_closure_is_kept_and_told(admin: Client, district: District) -> None:
    ticked = [code for code in weekly.CODES if code not in {"2-PM", "4-AM", "4-PM"}]
    assert admin.post(urls(district)[0], hours(open_weekly=ticked)).status_code == 302
    district.hall.refresh_from_db()
    assert district.hall.closed_weekly == ["2-PM", "4-AM", "4-PM"]
    assert district.hall.history.order_by("-history_id")[0].closed_weekly == ["2-PM", "4-AM", "4-PM"]
    assert admin.get(urls(district)[0]).content.decode().count(" checked") == 7
    assert "每周三下午、周五不开放" in Client(HTTP_ACCEPT_LANGUAGE="zh-hans").get("/h/H01/").content.decode()


@pytest.mark.parametrize(
    ("changes", "status"), [({}, 302), ({"code": "H01"}, 400), ({"code": "H/2"}, 400), ({"km_from_main": ""}, 400)]
)
def test_the_reform_office_adds_a_hall(
    client: Client, district: District, reform_officer: User, changes: dict[str, str], status: int
) -> None:
    client.force_login(reform_officer)
    data = hours(code="H09", km_from_main="3.2", address="澜心大道 9 号") | changes
    answer = client.post(reverse("catalog:hall_create"), data)
    assert answer.status_code == status
    assert Hall.objects.filter(code="H09").exists() is (status == 302)
    assert status == 302 or "澜心大道 9 号" in answer.content.decode()


def test_a_hall_administrator_adds_no_hall(admin: Client, district: District) -> None:
    assert admin.post(reverse("catalog:hall_create"), hours(code="H09")).status_code == 403


def test_a_closure_shows_and_reaches_the_citizens(admin: Client, district: District) -> None:
    assert close(admin, district, half="AM").status_code == 302
    closure = HallClosure.objects.get()
    assert (closure.date, closure.half, closure.reason) == (DAY, "AM", "停电检修")
    assert "停电检修" in admin.get(urls(district)[0]).content.decode()
    assert "停电检修" in Client().get("/h/H01/").content.decode()


@pytest.mark.parametrize("bad", [{"date": "2026-05-19"}, {"date": "x"}, {"why": ""}, {"half": "XX"}])
def test_a_bad_closure_comes_back(admin: Client, district: District, bad: dict[str, str]) -> None:
    assert close(admin, district, **bad).status_code == 400
    assert not HallClosure.objects.exists()


@pytest.mark.parametrize(("first", "second", "rows"), [("", "AM", 1), ("AM", "AM", 1), ("AM", "PM", 2), ("AM", "", 2)])
def test_nothing_is_closed_twice(admin: Client, district: District, first: str, second: str, rows: int) -> None:
    close(admin, district, half=first)
    assert close(admin, district, half=second).status_code == (302 if rows > 1 else 400)
    assert HallClosure.objects.count() == rows


def test_opening_again_needs_a_reason_that_stays(admin: Client, district: District) -> None:
    close(admin, district)
    url = reverse("catalog:closure_remove", args=[HallClosure.objects.get().pk])
    assert admin.post(url, {"reason": ""}).status_code == 400
    assert admin.post(url, {"reason": "提前修好"}).status_code == 302
    assert not HallClosure.objects.exists()
    assert HallClosure.history.order_by("-history_id")[0].history_change_reason == "提前修好"


def test_another_halls_administrator_changes_nothing(client: Client, district: District) -> None:
    closure = HallClosure.objects.create(hall=district.hall, date=DAY, reason="检修")
    client.force_login(factories.grant(factories.make_user(), Role.HALL_ADMINISTRATOR, hall=factories.make_hall()))
    assert client.post(urls(district)[0], hours()).status_code == 403
    assert close(client, district).status_code == 403
    assert client.post(reverse("catalog:closure_remove", args=[closure.pk]), {"reason": "x"}).status_code == 403
    assert HallClosure.objects.get() == closure


def test_closing_is_posted(admin: Client, district: District) -> None:
    assert admin.get(urls(district)[1]).status_code == 405


def zones(*names: str, **changes: str) -> dict[str, str]:
    """The form with these zones after those that stand (the first row is the fixture's one zone)."""
    pk = Zone.objects.values_list("pk", flat=True)[0]
    rows = {f"zones-{n}-name": name for n, name in enumerate(names)} | {"zones-0-pk": str(pk)}
    sizes = {"zones-TOTAL_FORMS": str(len(names)), "zones-INITIAL_FORMS": "1"}
    return {"version": "0", "reason": "新标识"} | sizes | rows | changes


def zone_url(district: District) -> str:
    return reverse("catalog:zone_edit", args=[district.hall.pk])


def test_zones_are_named_added_and_ordered(admin: Client, district: District, hall_administrator: User) -> None:
    order = {"zones-0-ORDER": "2", "zones-1-ORDER": "1"}
    assert admin.post(zone_url(district), zones("企业服务区", "自助区", **order)).status_code == 302
    assert [zone.name for zone in district.hall.zones.all()] == ["自助区", "企业服务区"]
    kept = district.window_a.zone.history.order_by("-history_id")[0]
    assert (kept.name, kept.history_change_reason, kept.history_user) == ("企业服务区", "新标识", hall_administrator)


@pytest.mark.parametrize(
    ("names", "bad", "status"),
    [
        (("企业服务区", "企业服务区"), {}, 400),
        (("企业服务区",), {"reason": ""}, 400),
        (("企业服务区",), {"zones-0-DELETE": "on"}, 400),
        (("企业服务区",), {"version": "7"}, 409),
        (("",), {}, 400),
    ],
)
def test_bad_zones_change_nothing(
    admin: Client, district: District, names: tuple[str, ...], bad: dict[str, str], status: int
) -> None:
    assert admin.post(zone_url(district), zones(*names, **bad)).status_code == status
    assert [zone.name for zone in district.hall.zones.all()] == ["法人服务区"]


def test_a_row_moves_by_a_button_without_saving(admin: Client, district: District) -> None:
    page = admin.post(zone_url(district), zones("企业服务区", "自助区", arrange="zones:up:1", reason=""))
    assert (page.status_code, "field-error" in page.content.decode()) == (200, False)
    assert [form.heading for form in page.context["zones"]] == ["自助区", "企业服务区"]
    assert Zone.objects.get().name == "法人服务区"


@pytest.mark.parametrize("value", ["zones:up:0", "zones:down:9", "nowhere:up:1", "zones:up:²", ":", "zones:add"])
def test_a_button_with_nonsense_keeps_what_was_typed(admin: Client, district: District, value: str) -> None:
    page = admin.post(zone_url(district), zones("企业服务区", "自助区", arrange=value))
    assert page.status_code == 200
    assert [form.heading for form in page.context["zones"]][:2] == ["企业服务区", "自助区"]


def test_a_stale_hall_form_is_refused(admin: Client, district: District) -> None:
    admin.post(zone_url(district), zones("企业服务区"))
    answer = admin.post(urls(district)[0], hours(address="澜心大道 9 号"))
    assert answer.status_code == 409
    assert "澜心大道 9 号" in answer.content.decode()
