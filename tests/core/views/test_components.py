"""Pages that only the frame needs: sheet of components, inbox, door, error pages."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from accounts.models import User
from core.models import Notice


def test_sheet_draws_for_staff(client: Client, reform_officer: User) -> None:
    client.force_login(reform_officer)
    response = client.get("/components/")
    assert response.status_code == 200
    assert " style=" not in response.content.decode()


def test_sheet_is_behind_the_door(client: Client, db: None) -> None:
    assert client.get("/components/").status_code == 302


def test_inbox_shows_only_my_notices(client: Client, reform_officer: User, auditor: User) -> None:
    Notice.objects.create(recipient=reform_officer, kind="k", msgid="For me", url="/")
    Notice.objects.create(recipient=auditor, kind="k", msgid="For somebody else", url="/")
    client.force_login(reform_officer)
    page = client.get("/notices/").content.decode()
    assert "For me" in page
    assert "For somebody else" not in page


def test_door_is_ours_and_keeps_the_name_typed(client: Client, db: None) -> None:
    page = client.post("/accounts/login/", {"login": "nobody", "password": "wrong"})
    assert page.status_code == 200
    assert 'value="nobody"' in page.content.decode()
    assert "form-summary" in page.content.decode()


@pytest.mark.parametrize("status", [400, 403, 404, 409, 429, 500, 503])
def test_error_page_needs_nothing_but_its_number(status: int) -> None:
    with translation.override("en"):
        page = render_to_string(f"errors/{status}.html", {"error_number": "7F3A21"})
    assert "7F3A21" in page
    assert "<h1>" in page


def test_conflict_page_shows_both_texts() -> None:
    context = {"reason": "r", "current": {"a": "as it is"}, "typed": {"a": "as I wrote"}, "back_url": "/issues/1/"}
    page = render_to_string("errors/409.html", context)
    assert "as it is" in page
    assert "as I wrote" in page
