import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, NewPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_sign_in_page_is_chinese_and_fits(new_page: NewPage, viewport: dict[str, int]) -> None:
    page = new_page(viewport)
    page.goto("/accounts/login/")
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^zh", re.IGNORECASE))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
