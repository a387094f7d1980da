"""A hall's name, hours, closures and zones, for its own administrator."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import StaffRequest, staff
from catalog import hall_services
from catalog.hall_forms import ClosureForm, HallForm, NewHallForm, OpenAgainForm, ZoneFormSet, ZonesForm
from catalog.models import Hall, HallClosure
from catalog.part_forms import arranged, initial_rows, quiet
from catalog.permissions import may
from core import clock
from core.doors import require
from core.words import long_date

LAST = 10


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def hall_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Name, address and hours; beside them the closures to come and the last changes."""
    hall = get_object_or_404(Hall, pk=pk)
    require(may(request.user, "edit_hall", hall))
    form = HallForm(request.POST or None, instance=copy(hall), initial={"version": hall.version})
    if request.method == "POST" and form.is_valid():
        why = {name: form.cleaned_data[name] for name in ("version", "reason")}
        hall_services.save_hall(hall, request.user, fields=form.cleaned_data, **why)
        messages.success(request, _("%(hall)s is saved.") % {"hall": form.cleaned_data["name"]})
        return redirect("catalog:hall_edit", pk=hall.pk)
    return _page(request, hall, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def hall_create(request: StaffRequest) -> HttpResponse:
    """A hall that opens. Its windows are its administrator's, who is named afterwards."""
    require(may(request.user, "create_hall"))
    form = NewHallForm(request.POST or None, initial={"version": 0})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            hall = hall_services.add_hall(request.user, code=data["code"], fields=data, reason=data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(hall)s is saved.") % {"hall": hall.name})
            return redirect(f"{reverse('catalog:hall_list')}?hall={hall.code}")
    return render(request, "catalog/hall_create.html", {"form": form}, status=400 if form.is_bound else 200)


@require_POST
@staff()
def hall_close(request: StaffRequest, pk: int) -> HttpResponse:
    """Enter a closure. A refused one comes back with what was typed."""
    hall = get_object_or_404(Hall, pk=pk)
    require(may(request.user, "edit_hall", hall))
    form = ClosureForm(request.POST)
    if form.is_valid():
        day, half, why = (form.cleaned_data[name] for name in ("date", "half", "why"))
        try:
            hall_services.close_hall(hall, request.user, day=day, half=half, reason=why)
        except ValidationError as error:
            form.add_error("date", error)
        else:
            messages.success(request, _("%(day)s is closed.") % {"day": long_date(day, half)})
            return redirect("catalog:hall_edit", pk=hall.pk)
    return _page(request, hall, closing=form)


@require_POST
@staff()
def closure_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a closure back, with the reason."""
    closure = get_object_or_404(HallClosure.objects.select_related("hall"), pk=pk)
    require(may(request.user, "edit_hall", closure.hall))
    form = OpenAgainForm(request.POST)
    if not form.is_valid():
        return _page(request, closure.hall, opening=form, opened=closure.pk)
    hall_services.remove_closure(closure, request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("%(day)s is open again.") % {"day": long_date(closure.date, closure.half)})
    return redirect("catalog:hall_edit", pk=closure.hall_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def zone_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """The zones of a hall in their order: named, added, moved, removed while no window stands in them."""
    hall = get_object_or_404(Hall, pk=pk)
    require(may(request.user, "edit_hall", hall))
    moved = arranged(request.POST)
    typed = moved if moved is not None else request.POST or None
    form = ZonesForm(typed, initial={"version": hall.version})
    zones: Any = ZoneFormSet(typed, prefix="zones", initial=initial_rows(hall.zones.all(), ["name"]))
    if moved is not None:
        quiet(form)
        zones.hush()
    elif request.method == "POST" and all([form.is_valid(), zones.is_valid()]):
        try:
            hall_services.save_zones(hall, request.user, rows=zones.rows(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The zones of %(hall)s are saved.") % {"hall": hall.name})
            return redirect(f"{reverse('catalog:hall_list')}?hall={hall.code}")
    status = 400 if request.method == "POST" and moved is None else 200
    return render(request, "catalog/zone_edit.html", {"hall": hall, "form": form, "zones": zones}, status=status)


def _page(request: StaffRequest, hall: Hall, **forms: Any) -> HttpResponse:
    context = {
        "hall": hall,
        "form": HallForm(instance=copy(hall), initial={"version": hall.version}),
        "closing": ClosureForm(),
        "opening": OpenAgainForm(),
        "closures": hall.closures.filter(date__gte=clock.today()).order_by("date", "half"),
        "changes": hall.history.select_related("history_user").order_by("-history_id")[:LAST],
    } | forms
    bad = any(form.is_bound for form in (context["form"], context["closing"], context["opening"]))
    return render(request, "catalog/hall_edit.html", context, status=400 if bad else 200)
