"""The page of a conflict leads back, but only to our own pages."""

import pytest
from django.test import RequestFactory

from accounts.models import User
from core.doors import Conflict
from core.errors import conflict


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
