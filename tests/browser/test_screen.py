"""The hall screen in a browser: eight hours without a network, healing, starting anew, the memory of a day's run."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from accounts.choices import Role
from catalog.choices import Half
from core import clock
from core.calendar_services import seed
from sessions import services
from sessions.models import Roster
from tests import factories
from tests.browser.conftest import NewPage
from tests.conftest import District, make_district

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, TALL = ViewportSize(width=1920, height=1080), ViewportSize(width=1080, height=1920)
REFRESHES = """async (times) => {
  for (let n = 0; n < times; n += 1) {
    const done = new Promise((resolve) => document.addEventListener("huanwei:refreshed", resolve, { once: true }));
    window.dispatchEvent(new Event("online"));
    await done;
  }
}"""


@pytest.fixture
def district(transactional_db: None) -> District:
    seed([timezone.localdate().year, timezone.localdate().year + 1])
    return make_district()


def release(district: District, number: int = 1, who: str = "住建局") -> Roster:
    """A release of this week and today: one line in the morning, one in the afternoon."""
    today = clock.today()
    year, week, _day = today.isocalendar()
    made = {"iso_year": year, "iso_week": week, "number": number, "published_at": clock.now()}
    line = {
        "session": 0, "date": f"{today}", "window": "A17", "window_name": "综窗", "zone": "一区", "floor": "一楼",
        "host": "规划局", "home": who, "title": "局长", "director": 0, "name": who, "rank": "principal",
        "mode": "clerk", "former": "", "cancelled": False,
    }  # fmt: skip
    lines = [line | {"half": half, "session": n} for n, half in enumerate(Half.values)]
    actor = factories.make_user()
    return Roster.objects.create(hall=district.hall, published_by=actor, lines=lines, **made)


def paired(page: Page, district: District) -> Page:
    actor = factories.grant(factories.make_user(), Role.HALL_ADMINISTRATOR, hall=district.hall)
    _row, code = services.add_screen(district.hall, "一楼", actor)
    page.goto("/screen/")
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name="配对本屏").click()
    expect(page.locator(".display")).to_contain_text("望澜区政务服务中心")
    expect(page.locator("[data-fresh]")).to_be_visible()
    return page


def test_eight_hours_without_a_network(new_page: NewPage, district: District, page_errors: list[str]) -> None:
    release(district)
    page = new_page(WIDE)
    page.clock.install(time=timezone.localtime())
    paired(page, district)
    page.evaluate(REFRESHES, 1)
    data_of = page.locator("[data-screen]").get_attribute("data-screen")
    page.context.set_offline(True)
    page.clock.run_for("08:00:00")
    expect(page.locator("[data-lost]")).to_be_visible()
    expect(page.locator("[data-lost]")).to_contain_text("数据时间")
    assert page.locator("[data-screen]").get_attribute("data-screen") == data_of
    release(district, 2, who="水利局")
    page.context.set_offline(False)
    page.clock.run_for(59_000)
    expect(page.locator("[data-fresh]")).to_be_visible()
    expect(page.locator(".display")).to_contain_text("水利局局长")
    page_errors.clear()


def test_it_starts_anew_without_a_network(new_page: NewPage, district: District, page_errors: list[str]) -> None:
    release(district)
    page = paired(new_page(WIDE), district)
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-lost]")).to_be_visible()
    expect(page.locator(".display")).to_contain_text("住建局局长")
    kept = page.evaluate("caches.open('huanwei-screen').then((s) => s.keys()).then((k) => k.map((r) => r.url))")
    assert all("/screen/" in url or "/static/" in url or url.endswith("code.svg") for url in kept)
    page.context.set_offline(False)
    page_errors.clear()


def test_a_days_run_needs_no_more_memory(new_page: NewPage, district: District) -> None:
    release(district)
    page = paired(new_page(WIDE), district)
    page.evaluate("(body) => { window.fetch = async () => new Response(body); }", page.content())
    page.evaluate(REFRESHES, 20)
    before = measured(page)
    page.evaluate(REFRESHES, 480)
    after = measured(page)
    assert after["bytes"] - before["bytes"] < 500_000
    # One page may still wait to be collected; 480 kept ones would be hundreds of times as many.
    assert after["nodes"] < 3 * before["nodes"]


def measured(page: Page) -> dict[str, Any]:
    """Live bytes of scripts and number of nodes, after everything that can go has gone."""
    session = page.context.new_cdp_session(page)
    for _n in range(3):
        session.send("HeapProfiler.collectGarbage")
    used, counted = session.send("Runtime.getHeapUsage"), session.send("Memory.getDOMCounters")
    return {"bytes": used["usedSize"], "nodes": counted["nodes"]}


@pytest.mark.parametrize("viewport", [WIDE, TALL], ids=["wide", "tall"])
def test_it_fits_and_is_large(new_page: NewPage, district: District, viewport: ViewportSize) -> None:
    release(district)
    page = paired(new_page(viewport), district)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    small = page.evaluate(
        "[...document.querySelectorAll('.display *')].filter((e) => e.offsetParent && e.innerText &&"
        " parseFloat(getComputedStyle(e).fontSize) < 30).map((e) => e.outerHTML)"
    )
    assert small == []


def test_taken_off_while_it_runs(new_page: NewPage, district: District) -> None:
    release(district)
    page = paired(new_page(WIDE), district)
    page.evaluate(REFRESHES, 1)
    row = district.hall.screens.get()
    services.revoke_screen(row, row.created_by)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[name=code]")).to_be_visible()
