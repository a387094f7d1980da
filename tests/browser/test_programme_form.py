"""The long form of a programme in a browser: whole lists are ticked at once, and the save bar stays in sight."""

from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.choices import Role
from tests import factories
from tests.browser.conftest import DESK, NewPage, sign_in
from tests.conftest import make_district

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_whole_lists_are_ticked_and_saving_stays_in_sight(new_page: NewPage, live_server: Any) -> None:
    district = make_district()
    user = factories.grant(factories.make_user(), Role.HALL_ADMINISTRATOR, hall=district.hall)
    page = new_page(DESK)
    sign_in(page, live_server, user)
    page.goto("/sessions/programmes/create/")
    expect(page.locator(".save-bar .btn-primary")).to_be_in_viewport()
    page.locator("#where [data-tick='1']").last.click()
    departments = page.locator("input[name=departments]")
    expect(page.locator("input[name=departments]:checked")).to_have_count(departments.count())
    expect(page.locator("input[name=halls]:checked")).to_have_count(0)
    page.locator("#items > div > [data-ticks] [data-tick='1']").click()
    expect(page.locator("[data-ticked]").first).to_have_text("1")
    page.locator(".item-group summary").first.click()
    page.locator(".item-group [data-tick='0']").first.click()
    expect(page.locator("[data-ticked]").first).to_have_text("0")
