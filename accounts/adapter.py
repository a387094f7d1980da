"""How allauth behaves here: nobody signs up; accounts are made by the hall administrator."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignupAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Closes sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
