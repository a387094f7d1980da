"""The hall screen's own door: pair it by a code, then show the roster of its hall and nothing else."""

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.forms import TextField
from portal import screens
from portal.answers import spoken
from sessions import services

BAD, TOO_MANY = 400, 429
YEAR = 365 * 24 * 60 * 60


class PairForm(forms.Form):
    """The code from the administrator's page; upper or lower case, with or without the gap."""

    code = TextField(
        label=gettext_lazy("Code from the hall's administrator"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    """The roster of the hall that this device is paired with; for any other device the form for a code."""
    found = services.screen_of(request.COOKIES.get(settings.SCREEN_COOKIE_NAME, ""))
    if found is None:
        return redirect("portal:pair_screen")
    with spoken(request):
        context = {"screen": screens.screen(found.hall), "worker": True, "english": request.GET.get("lang") == "en"}
        response = render(request, "portal/display.html", context)
    response.headers["X-Screen"] = "roster"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def pair_screen(request: HttpRequest) -> HttpResponse:
    """A code makes this device a screen of the hall that gave it."""
    form = PairForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            if not ratelimit.consume(request, action="pair_screen"):
                status = TOO_MANY
                raise ValidationError(_("Too many tries. Please wait a minute."))
            _row, token = services.pair_screen(form.cleaned_data["code"])
        except ValidationError as error:
            form.add_error("code", error)
        else:
            return _paired(token)
    status = BAD if form.errors and status == 200 else status
    return render(request, "portal/screen_pair.html", {"form": form}, status=status)


def _paired(token: str) -> HttpResponse:
    response = redirect("portal:screen")
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(settings.SCREEN_COOKIE_NAME, token, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


@require_safe
def screen_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the screen's last page, so that it starts without a network. It lies here for its scope."""
    response = render(request, "portal/screen_worker.js", content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
