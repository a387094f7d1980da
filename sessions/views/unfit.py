"""Sittings that no longer fit: a part of the page of today and of those of halls and windows, or a page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.choices import Role
from accounts.requests import StaffRequest, staff
from core.forms import whole_number
from sessions.offers import mending
from sessions.unfit import unfit as found_unfit

SHOWN = 60


@require_safe
@staff(Role.HALL_ADMINISTRATOR, Role.DIRECTOR)
def unfit(request: StaffRequest) -> HttpResponse:
    """What closures and leave stand against: in an administrator's halls, which `hall` and `window` narrow, and of the
    sittings that the person holds."""
    halls = request.user.grants.halls(Role.HALL_ADMINISTRATOR)
    hall, window = (whole_number(request.GET.get(name)) for name in ("hall", "window"))
    own = request.user.pk if hall is None and window is None else None
    broken = found_unfit(halls if hall is None else halls & {hall}, window, own)
    rows = [(one, mending(one.row, request.user)) for one in broken[:SHOWN]]
    name = "window_sessions/_unfit.html" if request.htmx else "window_sessions/unfit.html"
    return render(request, name, {"broken": rows, "more": max(0, len(broken) - SHOWN), "plans": bool(halls)})
