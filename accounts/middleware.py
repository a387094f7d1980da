"""The first sign-in with a password that somebody else chose leads to the password page and nowhere else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

GetResponse = Callable[[HttpRequest], HttpResponse]


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
