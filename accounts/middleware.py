"""What a sign-in is worth: a few hours, and nothing before the person has chosen an own password."""

import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

GetResponse = Callable[[HttpRequest], HttpResponse]


SINCE: Final = "signed_in_since"


class LongestSignInMiddleware:
    """Ends a sign-in after the longest time, however busy it was (ASVS 7.3.2).

    Measured by the machine's clock: `core.clock` may stand at another day while history is replayed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            since = float(request.session.setdefault(SINCE, time.time()))
            if time.time() - since > settings.LONGEST_SIGN_IN:
                logout(request)
        return self.get_response(request)


class OwnPasswordMiddleware:
    """Sends people who must choose their own password to the page where they do."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.must_change_password and request.path not in self._open():
            return redirect("account_change_password")
        return self.get_response(request)

    def _open(self) -> set[str]:
        return {reverse("account_change_password"), reverse("account_logout"), reverse("core:set_language")}
