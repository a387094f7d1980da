"""A real Chromium for the tests marked `browser`: Chinese, 1440 px unless a test asks for a phone, and no page error
goes unseen."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from accounts.models import User

# Playwright runs an event loop in the test's thread; without this Django refuses the ORM there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1440, height=900)
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NewPage = Callable[..., Page]


def sign_in(page: Page, live_server: Any, user: User) -> None:
    """Put this person's session into the browser."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium; root may only run it without its sandbox."""
    programs = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": next(programs, None), "args": [*QUIET, *sandbox]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": DESK}


@pytest.fixture
def page_errors() -> Iterator[list[str]]:
    """What the pages complained of; a test that provokes an answer such as 409 clears the list itself."""
    errors: list[str] = []
    yield errors
    assert errors == []


@pytest.fixture
def new_page(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, page_errors: list[str]
) -> Iterator[NewPage]:
    """`new_page()` or `new_page(PHONE)`, with `touch` for a finger: a page of its own person, with own cookies.

    Addresses are like "/issues/".
    """
    contexts: list[BrowserContext] = []

    def make(viewport: ViewportSize = DESK, *, touch: bool = False) -> Page:
        options = {**browser_context_args, "viewport": viewport, "base_url": live_server.url}
        context = browser.new_context(**options, has_touch=touch or viewport is PHONE, is_mobile=viewport is PHONE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: page_errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page_errors.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
