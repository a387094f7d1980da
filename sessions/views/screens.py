"""Hall screens: add one, pair it by a code, see which are alive, take one off."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import Role
from accounts.requests import StaffRequest, staff
from core import clock
from sessions import services
from sessions.models import Screen
from sessions.outlet_forms import ScreenForm

BAD = 400
ALIVE = timedelta(minutes=3)


def _page(request: StaffRequest, form: ScreenForm, **more: Any) -> HttpResponseBase:
    rows = Screen.objects.visible_to(request.user).in_use().select_related("hall")
    context = {
        "screens": list(rows),
        "form": form,
        "alive_since": clock.now() - ALIVE,
        "screen_url": request.build_absolute_uri(reverse("portal:screen")),
    }
    context |= more
    return render(request, "window_sessions/screen_list.html", context, status=BAD if form.errors else 200)


@require_safe
@staff(Role.HALL_ADMINISTRATOR)
def screen_list(request: StaffRequest) -> HttpResponseBase:
    """The screens of my halls, and the form for one more."""
    return _page(request, ScreenForm(actor=request.user))


@require_POST
@staff(Role.HALL_ADMINISTRATOR)
def add_screen(request: StaffRequest) -> HttpResponseBase:
    """One more screen, with its code on this page only."""
    form = ScreenForm(request.POST, actor=request.user)
    if not form.is_valid():
        return _page(request, form)
    row, code = services.add_screen(form.cleaned_data["hall"], form.cleaned_data["name"], request.user)
    return _page(request, ScreenForm(actor=request.user), code=code, coded=row)


@require_POST
@staff()
def renew_screen(request: StaffRequest, pk: int) -> HttpResponseBase:
    """A new code for a screen that is there already."""
    row = get_object_or_404(Screen.objects.visible_to(request.user).select_related("hall"), pk=pk)
    try:
        code = services.renew_screen(row, request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("window_sessions:screen_list")
    return _page(request, ScreenForm(actor=request.user), code=code, coded=row)


@require_POST
@staff()
def revoke_screen(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The screen shows the roster no more."""
    row = get_object_or_404(Screen.objects.visible_to(request.user).select_related("hall"), pk=pk)
    services.revoke_screen(row, request.user)
    messages.success(request, _("The screen “%(name)s” is taken off.") % {"name": row.name})
    return redirect("window_sessions:screen_list")
