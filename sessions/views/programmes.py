"""Programmes: list, new, read, change."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Role
from accounts.requests import StaffRequest, staff
from core import clock
from core.doors import require
from core.forms import whole_number
from core.idempotency import new_token, once
from sessions import services, strengths
from sessions.choices import Mode, RuleName, SessionStatus, Severity
from sessions.models import Programme, WindowSession
from sessions.permissions import may
from sessions.programme_forms import WEEKDAYS, ProgrammeForm, copy_of

page = require_http_methods(["GET", "HEAD", "POST"])
PLANNERS = (Role.HALL_ADMINISTRATOR, Role.REFORM_OFFICE)
BAD = 400


@require_safe
@staff()
def programme_list(request: StaffRequest) -> HttpResponseBase:
    """All programmes with their days and how many of their sessions this person sees."""
    seen = Q(window_sessions__in=WindowSession.objects.visible_to(request.user))
    programmes = Programme.objects.visible_to(request.user).annotate(
        sessions=Count("window_sessions", filter=seen, distinct=True),
        department_count=Count("departments", distinct=True),
    )
    context = {
        "programmes": programmes.prefetch_related("halls"),
        "today": clock.today(),
        "plans": request.user.grants.has(*PLANNERS),
    }
    return render(request, "window_sessions/programme_list.html", context)


@require_safe
@staff()
def programme_detail(request: StaffRequest, pk: int) -> HttpResponseBase:
    """What a programme says, and where those of its sessions stand that this person sees."""
    visible = Programme.objects.visible_to(request.user)
    rows = visible.prefetch_related("halls", "departments", "handling_list__department", "quotas")
    programme = get_object_or_404(rows, pk=pk)
    seen = WindowSession.objects.visible_to(request.user).filter(programme=programme)
    states = Counter(seen.values_list("status", flat=True))
    context = {
        "programme": programme,
        "modes": [Mode(mode).label for mode in programme.modes],
        "rules": [(rule.label, Severity(programme.severity(rule))) for rule in RuleName],
        "states": [(state, states[state]) for state in SessionStatus.values if states[state]],
        "weekday": dict(WEEKDAYS)["" if programme.publication_weekday is None else str(programme.publication_weekday)],
        "reads_quotas": bool(may(request.user, "see_quotas", programme)),
        "verdict": may(request.user, "update_programme", programme),
        "plans": request.user.grants.has(*PLANNERS),
    }
    return render(request, "window_sessions/programme_detail.html", context)


@page
@staff(*PLANNERS)
def programme_create(request: StaffRequest) -> HttpResponseBase:
    """A new programme, from scratch or after the one that `copy` names."""
    initial = {"token": new_token()} | _copied(request.GET.get("copy"))
    form = ProgrammeForm(request.POST or None, actor=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            url = once(form.cleaned_data["token"] or new_token(), lambda: _create(request, form))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The programme is there. Now place the directors."))
            return redirect(url)
    return _form_page(request, form)


def _copied(number: str | None) -> dict[str, Any]:
    """The form's values of another programme, its days moved on to the period that follows."""
    rows = Programme.objects.prefetch_related("quotas", "halls")
    programme = get_object_or_404(rows, pk=whole_number(number) or 0) if number else None
    return copy_of(programme) if programme else {}


def _create(request: StaffRequest, form: ProgrammeForm) -> str:
    programme = services.create_programme(request.user, **form.fields_for_service())
    return reverse("window_sessions:programme_detail", args=[programme.pk])


@page
@staff(*PLANNERS)
def programme_edit(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Change a programme; a save in between is answered with 409."""
    programme = get_object_or_404(Programme.objects.prefetch_related("quotas"), pk=pk)
    require(may(request.user, "update_programme", programme))
    form = ProgrammeForm(request.POST or None, actor=request.user, programme=programme)
    if request.method == "POST" and form.is_valid():
        values = form.fields_for_service()
        try:
            services.update_programme(programme, request.user, version=form.cleaned_data["version"], **values)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("window_sessions:programme_detail", pk)
    return _form_page(request, form)


def _form_page(request: StaffRequest, form: ProgrammeForm) -> HttpResponseBase:
    context = {"form": form, "programme": form.programme, "item_groups": _item_groups(form)}
    return render(request, "window_sessions/programme_edit.html", context, status=BAD if form.errors else 200)


def _item_groups(form: ProgrammeForm) -> list[tuple[str, int, list[dict[str, Any]]]]:
    """The catalogue by department with what is chosen, where it chafes most first: name, how many chosen, the items."""
    chosen = {str(value) for value in form["handling_list"].value() or []}
    seams = strengths.known().items
    groups: dict[str, list[dict[str, Any]]] = {}
    for item in form.fields["handling_list"].queryset.order_by("department__sort_order", "code"):  # type: ignore[attr-defined]
        row = {"pk": item.pk, "name": item.name, "code": item.code, "on": str(item.pk) in chosen}
        groups.setdefault(item.department.label, []).append(row | {"strength": seams.get(item.pk, 0)})
    found = []
    for name, rows in groups.items():
        rows.sort(key=lambda row: -row["strength"])
        found.append((name, sum(bool(row["on"]) for row in rows), rows))
    return sorted(found, key=lambda group: -group[2][0]["strength"])
