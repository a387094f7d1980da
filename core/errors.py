"""Our own error pages: what happened, what to do, and a number that stands in the log beside the cause."""

import logging
import re
import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from core.doors import Conflict

logger = logging.getLogger("huanwei.errors")
_HAN = re.compile("[\u3400-\u9fff]")


def _page(request: HttpRequest, status: int, reason: str = "", **context: object) -> HttpResponse:
    number = secrets.token_hex(4).upper()
    person = getattr(getattr(request, "user", None), "pk", None)
    logger.warning("error %s: %s %s %s user=%s", number, status, request.method, request.path, person)
    return render(
        request, f"errors/{status}.html", {"reason": reason, "error_number": number, **context}, status=status
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 with the reason that `core.doors.require` gave."""
    return _page(request, 403, str(exception or ""))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """405: most often the address of an act opened as a page, for instance from the history."""
    response = _page(request, 405)
    response["Allow"] = allowed
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500 without context processors or database: they may be what broke."""
    number = secrets.token_hex(4).upper()
    logger.error("error %s: 500 %s %s", number, request.method, request.path)
    return HttpResponse(render_to_string("errors/500.html", {"error_number": number}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: most often a page left open over a sign-out."""
    return _page(request, 403, csrf=True, typed=_typed(request))


def conflict(request: HttpRequest, exception: Conflict) -> HttpResponse:
    """409: what stands now beside what was typed."""
    return _page(
        request,
        409,
        str(exception.message),
        current=exception.current,
        typed=exception.typed or _typed(request),
        back_url=exception.back_url or _came_from(request),
    )


def _came_from(request: HttpRequest) -> str:
    """The page before, if it is one of ours: a link on our page never leads away."""
    address = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours else ""


def _typed(request: HttpRequest) -> dict[str, str]:
    """The free text of a refused form, so that it can be shown again; never secrets, choices or machine fields."""
    hidden = {"csrfmiddlewaretoken", "version", "token", "login", "next"}
    return {
        name: value
        for name, value in request.POST.items()
        if isinstance(value, str) and name not in hidden and "password" not in name and _is_prose(value)
    }


def _is_prose(value: str) -> bool:
    """Words that somebody wrote: not a number, a date, a code or the key of a choice."""
    return bool(_HAN.search(value)) or len(value.split()) > 1
