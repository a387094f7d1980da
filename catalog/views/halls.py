"""Halls with their windows, and a window's basics."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import StaffRequest, staff
from catalog import hall_services
from catalog.hall_forms import NewWindowForm, WindowForm
from catalog.models import Hall, Window
from catalog.permissions import may
from core.doors import require


@require_safe
@staff()
def hall_list(request: StaffRequest) -> HttpResponse:
    """All halls, and the windows of the one chosen by `?hall=`; the main hall when none is."""
    halls = list(Hall.objects.annotate(window_count=Count("windows")).order_by("km_from_main", "code"))
    asked = request.GET.get("hall", "")
    chosen = next((hall for hall in halls if hall.code == asked), halls[0] if halls else None)
    windows = Window.objects.filter(hall=chosen).select_related("zone", "department").prefetch_related("serves")
    context = {
        "halls": halls,
        "chosen": chosen,
        "windows": windows,
        "may_create": may(request.user, "create_hall"),
        "may_edit": chosen and chosen.pk in request.user.grants.halls("hall_administrator"),
    }
    return render(request, "catalog/hall_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def window_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """A window's name, kind, departments and use as experience window."""
    window = get_object_or_404(Window.objects.select_related("hall"), pk=pk)
    require(may(request.user, "edit_window", window))
    initial = {"version": window.version}
    form = WindowForm(request.POST or None, instance=copy(window), initial=initial, hall=window.hall)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        hall_services.save_window(window, request.user, version=version, **_given(form.cleaned_data))
        messages.success(request, _("Window %(number)s is saved.") % {"number": window.number})
        return redirect(f"{reverse('catalog:hall_list')}?hall={window.hall.code}")
    status = 400 if form.is_bound else 200
    return render(request, "catalog/window_edit.html", {"form": form, "window": window}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def window_create(request: StaffRequest, pk: int) -> HttpResponse:
    """A window that opens in this hall."""
    hall = get_object_or_404(Hall, pk=pk)
    require(may(request.user, "edit_hall", hall))
    form = NewWindowForm(request.POST or None, initial={"version": 0}, hall=hall)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        try:
            hall_services.add_window(hall, request.user, number=number, **_given(form.cleaned_data))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Window %(number)s is open.") % {"number": number})
            return redirect(f"{reverse('catalog:hall_list')}?hall={hall.code}")
    status = 400 if form.is_bound else 200
    return render(request, "catalog/window_create.html", {"form": form, "hall": hall}, status=status)


def _given(data: dict[str, Any]) -> dict[str, Any]:
    """What the services take of a window's form."""
    fields = {name: data[name] for name in hall_services.WINDOW_FIELDS}
    return {"fields": fields, "serves": list(data["serves"]), "reason": data["reason"]}
