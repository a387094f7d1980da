"""Everybody decides about the own e-mail."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import make_user


@pytest.mark.parametrize(("sent", "wanted"), [("0", False), ("1", True), ("", False)])
def test_own_mail_is_turned_off_and_on(db: None, client: Client, sent: str, wanted: bool) -> None:
    person, other = make_user(email="a@example.org"), make_user(email="b@example.org")
    client.force_login(person)
    assert client.post(reverse("choose_mail"), {"wanted": sent}, follow=True).status_code == 200
    assert User.objects.get(pk=person.pk).wants_mail is wanted
    assert User.objects.get(pk=other.pk).wants_mail is True
