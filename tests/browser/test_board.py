"""The week board in a browser: a finger drags, nobody loses the place, and two administrators see each other."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from accounts.choices import Role
from accounts.models import User
from core import workdays
from core.calendar_services import seed
from sessions import services
from sessions.models import WindowSession
from sessions.weeks import Week
from tests import factories
from tests.browser.conftest import NewPage, sign_in
from tests.conftest import District, make_district

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TABLET = ViewportSize(width=1194, height=834)


@pytest.fixture
def district(transactional_db: None) -> District:
    """A hall of thirty windows, so that the board is much higher than the screen, and a programme of now."""
    today = timezone.localdate()
    seed([today.year, today.year + 1])
    made = make_district()
    made.programme.starts_on, made.programme.ends_on = today, today + timedelta(days=120)
    made.programme.save()
    for n in range(28):
        factories.make_window(made.hall, made.b, number=f"B{n:02}")
    return made


@pytest.fixture
def monday(district: District) -> date:
    """The Monday of a coming week in which everybody works from Monday to Friday."""
    first = Week.of(timezone.localdate()).monday
    calendar = workdays.load(first, first + timedelta(days=119))
    mondays = (first + timedelta(days=7 * n) for n in range(3, 16))
    return next(day for day in mondays if all(calendar.is_workday(day + timedelta(days=n)) for n in range(5)))


@pytest.fixture
def row(district: District, monday: date, administrator: User) -> WindowSession:
    """A director of A at the last window of the table, on Monday morning."""
    director = factories.make_director(district.a, display_name="住建局局长（示例）")
    window = district.hall.windows.order_by("number").last()
    assert window is not None
    return services.place(district.programme, director, window, monday, "AM", administrator)


@pytest.fixture
def administrator(district: District) -> User:
    return factories.grant(factories.make_user(), Role.HALL_ADMINISTRATOR, hall=district.hall)


def opened(page: Page, live_server: Any, user: User, row: WindowSession, more: str = "") -> Page:
    """The board of the session's week, signed in as `user`."""
    sign_in(page, live_server, user)
    address = reverse("window_sessions:board", args=[row.programme_id])
    page.goto(f"{address}?week={Week.of(row.date).key}{more}")
    return page


def middle(page: Page, cell: str) -> tuple[float, float]:
    box = page.locator(f'[data-cell="{cell}"]').bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def touched(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A finger that rests, moves in steps and lets go."""
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    touch("touchStart", start)
    page.wait_for_timeout(300)  # a finger must rest before it drags, or it would scroll
    for step in range(1, 9):
        touch("touchMove", *[(start[0] + (end[0] - start[0]) * step / 8, start[1] + (end[1] - start[1]) * step / 8)])
        page.wait_for_timeout(30)
    touch("touchEnd")


def test_a_finger_drags_and_the_page_keeps_its_place(
    new_page: NewPage, live_server: Any, administrator: User, row: WindowSession
) -> None:
    page = opened(new_page(TABLET, touch=True), live_server, administrator, row)
    old, new = (f"{row.window_id}|{row.date:%Y-%m-%d}|{half}" for half in ("AM", "PM"))
    page.locator(f'[data-cell="{old}"]').scroll_into_view_if_needed()
    assert page.evaluate("scrollY") > 500
    height = middle(page, old)[1]
    touched(page, middle(page, old), middle(page, new))
    expect(page.locator(f'[data-cell="{new}"]')).to_contain_text("住建局")
    expect(page.locator(f'[data-cell="{new}"]')).to_be_focused()
    assert middle(page, new)[1] == pytest.approx(height, abs=2)
    page.locator(".toast-undo button").click()
    expect(page.locator(f'[data-cell="{old}"]')).to_contain_text("住建局")
    expect(page.locator(f'[data-cell="{old}"]')).to_be_focused()
    assert middle(page, old)[1] == pytest.approx(height, abs=2)


def test_two_administrators_see_each_other_and_keep_what_they_do(
    new_page: NewPage, live_server: Any, district: District, administrator: User, row: WindowSession
) -> None:
    page = opened(new_page(), live_server, administrator, row, f"&pick={row.pk}")
    page.locator(".move-menu-acts a").first.focus()
    services.place(
        district.programme, factories.make_director(district.c), district.window_b, row.date, "PM", administrator
    )
    cell = f"{district.window_b.pk}|{row.date:%Y-%m-%d}|PM"
    expect(page.locator(f'[data-cell="{cell}"]')).to_contain_text("市场监管局", timeout=8000)
    expect(page.locator(".move-menu")).to_be_visible()
    expect(page.locator(".move-menu-acts a").first).to_be_focused()


def test_who_was_slower_is_told_and_sees_the_board_of_now(
    new_page: NewPage, live_server: Any, administrator: User, row: WindowSession, page_errors: list[str]
) -> None:
    page = opened(new_page(), live_server, administrator, row, f"&pick={row.pk}")
    page.route("**/board/state/**", lambda route: route.abort())
    services.move(row, row.window, row.date + timedelta(days=1), "AM", administrator)
    friday = row.date + timedelta(days=4)
    page.locator(f'button.board-target[value="{row.window_id}|{friday:%Y-%m-%d}|PM"]').click()
    expect(page.locator(".toast-error")).to_contain_text("有了改动")
    moved = f"{row.window_id}|{row.date + timedelta(days=1):%Y-%m-%d}|AM"
    expect(page.locator(f'[data-cell="{moved}"]')).to_contain_text("住建局")
    page_errors.clear()
