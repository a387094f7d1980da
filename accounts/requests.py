"""A request whose user is known: views behind the door need no Optional."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class StaffRequest(HttpRequest):
    """A request by a signed-in person."""

    user: User
    htmx: HtmxDetails


StaffView = Callable[..., HttpResponseBase]


def staff(*roles: str) -> Callable[[StaffView], Callable[..., HttpResponseBase]]:
    """Only signed-in people, and with `roles` only those who hold one of them (403 otherwise)."""

    def decorate(view: StaffView) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            person = cast(User, request.user)
            if roles and not person.grants.has(*roles):
                raise PermissionDenied(_("This page is for another role. Your own work is under Today."))
            return view(cast(StaffRequest, request), *args, **kwargs)

        return login_required(guarded)

    return decorate
