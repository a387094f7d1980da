"""Small guards around every request."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from core import errors, images
from core.doors import Conflict
from core.forms import has_illegal

BY_ITSELF = "asked_by_the_page"
SLID = "slid_at"

GetResponse = Callable[[HttpRequest], HttpResponse]
METHODS = ("GET", "HEAD", "POST", "OPTIONS")


class MethodsMiddleware:
    """Refuses TRACE and every method that no page of ours uses (Django's function views would answer them)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponse(status=405, headers={"Allow": ", ".join(METHODS)})
        return self.get_response(request)


class SlidingSessionMiddleware(SessionMiddleware):
    """Puts the end of a sitting off while somebody works, so that it ends only when nobody does.

    Once in SESSION_SLIDES_AFTER seconds at most: pages that only read then write nothing. What a page asks for by
    itself (`asked_by_the_page`) puts nothing off, for nobody may be sitting there.

    Measured by the machine's clock, like the longest sign-in.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = request.session
        by_itself = getattr(request, BY_ITSELF, False)
        if (
            not by_itself
            and not session.is_empty()
            and time.time() - session.get(SLID, 0) >= settings.SESSION_SLIDES_AFTER
        ):
            session[SLID] = int(time.time())
        return super().process_response(request, response)


def asked_by_the_page(request: HttpRequest) -> None:
    """Mark a request that a page makes on its own, such as asking every few seconds whether something has changed."""
    setattr(request, BY_ITSELF, True)


class ReadableAddressMiddleware:
    """Leaves out conditions with characters that no text keeps: no filter, key or search ever meets them.

    PostgreSQL refuses NUL in any comparison, and such an address comes from no page of ours. A path with them is 400.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if has_illegal(request.path):
            return errors.bad_request(request)
        given = request.GET.lists()
        bad = [name for name, texts in given if any(has_illegal(text) for text in (name, *texts))]
        if bad:
            query = request.GET.copy()
            for name in bad:
                del query[name]
            request.GET = query  # type: ignore[assignment]
        return self.get_response(request)


class PrivatePagesMiddleware:
    """No page of a signed-in person is kept by any cache: Back after sign-out shows the door."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        return response


class StoredPicturesMiddleware:
    """Pictures written in a transaction that was rolled back go at the end of the request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with images.without_orphans():
            return self.get_response(request)


class ConflictMiddleware:
    """Turns a Conflict raised by a service into the 409 page with both texts, and a bare 405 into our page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            return errors.method_not_allowed(request, response["Allow"])
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Conflict):
            return errors.conflict(request, exception)
        return None
