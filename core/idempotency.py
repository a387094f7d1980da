"""One form, one effect: a double click, Back and resend, or a lost answer leads to the first result."""

import secrets
from collections.abc import Callable

from django import forms
from django.db import IntegrityError, transaction

from core.forms import TextField
from core.models import UsedToken


def new_token() -> str:
    """A fresh token for one opening of a form (192 bits)."""
    return secrets.token_urlsafe(24)


class OnceForm(forms.Form):
    """A form that carries a one-time token; hand `cleaned_data["token"]` to `once`."""

    token = TextField(widget=forms.HiddenInput, max_length=64, initial=new_token)


def once(token: str, act: Callable[[], str]) -> str:
    """Run `act` in a transaction, at most once per token, and give the address it returned.

    A repeat gives the first address without running `act`. Two at the same moment: the unique index lets one win,
    the other waits and then reads the winner's address.
    """
    try:
        with transaction.atomic():
            used = UsedToken.objects.create(token=token)
            used.url = act()
            used.save(update_fields=["url"])
            return used.url
    except IntegrityError:
        earlier = UsedToken.objects.filter(token=token).first()
        if earlier is None:
            raise
        return earlier.url
