"""Export pages: who may, which forms, and the line in the log."""

import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import District

pytestmark = pytest.mark.django_db
URL = "/catalog/export/"


def test_the_offices_take_it_out_and_the_log_says_so(
    client: Client, district: District, hall_administrator: User, reform_officer: User, caplog: Any
) -> None:
    caplog.set_level(logging.INFO, "huanwei.audit")
    for user in (hall_administrator, reform_officer):
        client.force_login(user)
        assert "事项清单" in client.get(URL).content.decode()
        for asked in ({"form": "xlsx"}, {"form": "zip"}, {"form": "csv", "kind": "window"}):
            response = client.get(URL, asked)
            assert response.status_code == 200
            assert response["Content-Disposition"].startswith("attachment")
            assert b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert sum(record.name == "huanwei.audit" for record in caplog.records) == 6
    assert f"user={reform_officer.pk} form=csv kind=window" in caplog.text


def test_nobody_else(
    client: Client, district: District, director_a: User, guide: User, liaison: User, auditor: User
) -> None:
    assert client.get(URL).status_code == 302
    for user in (director_a, guide, liaison, auditor):
        client.force_login(user)
        assert client.get(URL, {"form": "xlsx"}).status_code == 403
        assert URL not in client.get(reverse("catalog:item_list")).content.decode()


def test_unknown_forms_and_posts(client: Client, reform_officer: User) -> None:
    client.force_login(reform_officer)
    assert client.get(URL, {"form": "pdf"}).status_code == 400
    assert client.get(URL, {"form": "csv", "kind": "user"}).status_code == 400
    assert client.post(URL).status_code == 405
