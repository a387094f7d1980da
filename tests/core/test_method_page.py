"""A bare 405 of Django's becomes a page of ours."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User


def test_the_address_of_an_act_opened_as_a_page(client: Client, auditor: User) -> None:
    client.force_login(auditor)
    response = client.get(reverse("core:read_notice", args=[1]))
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "按钮" in response.content.decode()


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE"])
def test_methods_that_no_page_uses_are_refused(client: Client, db: None, method: str) -> None:
    assert client.generic(method, reverse("account_login")).status_code == 405
