"""The page of a conflict leads back, but only to our own pages."""

import logging

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from core.doors import Conflict
from core.errors import conflict
from core.log_masks import SecretPaths


@pytest.mark.parametrize(
    ("came_from", "link"),
    [
        ("http://testserver/issues/", True),
        ("http://elsewhere.example/issues/", False),
        ("//elsewhere.example/", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_the_way_back_is_ours(came_from: str, link: bool, auditor: User, rf: RequestFactory) -> None:
    request = rf.post("/issues/1/assign/", headers={"referer": came_from})
    request.user = auditor
    page = conflict(request, Conflict("moved on"))
    assert page.status_code == 409
    assert (f'href="{came_from}"' in page.content.decode()) == link


def test_a_refusal_stands_in_the_log_with_who_was_refused(
    client: Client, outsider: User, caplog: pytest.LogCaptureFixture
) -> None:
    client.force_login(outsider)
    page = reverse("people")
    assert client.get(page).status_code == 403
    assert any(line.endswith(f": 403 GET {page} user={outsider.pk}") for line in caplog.messages)


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\x1b[2K", "\u2028", "\x85"])
def test_an_address_begins_no_line_of_the_log(sign: str) -> None:
    """ASVS 16.4.1: whoever reads the log can trust that a line is ours."""
    record = logging.LogRecord("x", logging.WARNING, "", 0, "404 %s user=%s", (f"/g/{sign}signed in: user=1", 7), None)
    assert SecretPaths().filter(record)
    text = record.getMessage()
    assert len(text.splitlines()) == 1
    assert text.isprintable()
    assert text.endswith("signed in: user=1 user=7")
