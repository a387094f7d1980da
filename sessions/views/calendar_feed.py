"""My calendar address: make, replace, revoke. The feed itself is an open page of `portal`."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import StaffRequest, staff
from sessions import services
from sessions.models import CalendarToken


@require_safe
@staff()
def calendar_feed(request: StaffRequest) -> HttpResponseBase:
    """Whether I have an address, since when, and how to use it."""
    held = CalendarToken.objects.filter(user=request.user).first()
    return render(request, "window_sessions/calendar_feed.html", {"held": held})


@require_POST
@staff()
def give_calendar_address(request: StaffRequest) -> HttpResponseBase:
    """A new address, on this page only: it cannot be shown again. The one before stops working."""
    token = services.give_calendar_address(request.user)
    address = request.build_absolute_uri(reverse("portal:personal_calendar", args=[token]))
    _scheme, _sep, rest = address.partition("://")
    held = CalendarToken.objects.get(user=request.user)
    context = {"held": held, "address": address, "subscribe": f"webcal://{rest}"}
    return render(request, "window_sessions/calendar_feed.html", context)


@require_POST
@staff()
def revoke_calendar_address(request: StaffRequest) -> HttpResponseBase:
    """The address stops working at once."""
    services.revoke_calendar_address(request.user)
    messages.success(request, _("The calendar address is revoked."))
    return redirect("window_sessions:calendar_feed")
