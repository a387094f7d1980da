"""The rotation of a programme: ask for it, watch it, read, compare, lock, accept, discard."""

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import StaffRequest, staff
from core import clock, workdays
from core.doors import require
from core.idempotency import once
from sessions import rotation_page, services
from sessions.choices import RotationStatus
from sessions.models import PlannedPlacement, Programme, RotationPlan
from sessions.permissions import may
from sessions.querysets import PLANNING_ROLES
from sessions.rotation_forms import RotationForm
from sessions.views.board import programme_of
from sessions.weeks import Week

COMPARED = 6
BAD, TAKEN = 400, 409


@require_safe
@staff(*PLANNING_ROLES)
def rotation_list(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The proposals of a programme side by side, and the form for another."""
    programme, _quotas = programme_of(request, pk, "plan_rotation")
    return _list(request, programme, _form(request, programme))


def _form(request: StaffRequest, programme: Programme) -> RotationForm:
    last = RotationPlan.objects.filter(programme=programme).first()
    return RotationForm(request.POST or None, programme=programme, last=last)


def _list(request: StaffRequest, programme: Programme, form: RotationForm) -> HttpResponse:
    rows = RotationPlan.objects.visible_to(request.user).filter(programme=programme).with_programme()
    plans = list(rows.with_placed()[:COMPARED])
    alike = rotation_page.alike(plans)
    context = {
        "programme": programme,
        "form": form,
        "plans": plans,
        "compared": [(plan, rotation_page.wish_words(plan), alike.get(plan.pk)) for plan in plans if plan.is_proposal],
        "others": [plan for plan in plans if not plan.is_proposal],
        "newest": next((plan for plan in plans if plan.status == RotationStatus.DONE), None),
        "over": programme.ends_on < clock.today(),
        "provisional": _provisional(max(programme.starts_on, clock.today()), programme.ends_on),
    }
    return render(request, "window_sessions/rotation_list.html", context, status=BAD if form.errors else 200)


def _provisional(first: date, last: date) -> tuple[int, ...]:
    return workdays.load(first, last).provisional_between(first, last)


@require_POST
@staff(*PLANNING_ROLES)
def request_plan(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Hand the question to the worker."""
    programme, _quotas = programme_of(request, pk, "plan_rotation")
    form = _form(request, programme)
    if form.is_valid():
        ask = partial(services.request_plan, programme, request.user, **form.fields_for_service())
        try:
            return redirect(once(form.cleaned_data["token"], lambda: _address(ask())))
        except ValidationError as error:
            form.add_error(None, error)
    return _list(request, programme, form)


def _address(plan: RotationPlan) -> str:
    return reverse("window_sessions:rotation_detail", args=[plan.pk])


def _found(request: StaffRequest, pk: int) -> RotationPlan:
    rows = RotationPlan.objects.visible_to(request.user).with_programme()
    plan: RotationPlan = get_object_or_404(rows, pk=pk)
    require(may(request.user, "plan_rotation", plan.programme))
    return plan


@require_safe
@staff(*PLANNING_ROLES)
def rotation_detail(request: StaffRequest, pk: int) -> HttpResponseBase:
    """How far it is; then the proposal, or why there is none. The progress bar asks here every second."""
    plan = _found(request, pk)
    if plan.at_work:
        page = "_rotation_progress.html" if request.htmx else "rotation_progress.html"
        return render(request, f"window_sessions/{page}", {"plan": plan})
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return _detail(request, plan)


def _detail(request: StaffRequest, plan: RotationPlan, refused: list[str] | None = None) -> HttpResponse:
    proposal = rotation_page.build(plan)
    context = {
        "plan": plan,
        "proposal": proposal,
        "refused": refused or [],
        "wishes": rotation_page.wish_words(plan),
        "provisional": _provisional(plan.starts_on, plan.ends_on),
    }
    return render(request, "window_sessions/rotation_detail.html", context, status=TAKEN if refused else 200)


@require_POST
@staff(*PLANNING_ROLES)
def cancel_plan(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Stop the planning."""
    plan = services.cancel_plan(_found(request, pk), request.user)
    messages.success(request, _("The planning is stopped."))
    return redirect("window_sessions:rotation_list", plan.programme_id)


@require_POST
@staff(*PLANNING_ROLES)
def discard_plan(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Throw a proposal away."""
    plan = _found(request, pk)
    services.discard_plan(plan, request.user)
    messages.success(request, _("The proposal is discarded; what was placed stays."))
    return redirect("window_sessions:rotation_list", plan.programme_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*PLANNING_ROLES)
def accept_plan(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Put the proposal, or the week that `week` names, into the programme; first the consequences, then the act."""
    plan = _found(request, pk)
    week = _week(request, plan)
    days = (week.monday, week.sunday) if week else None
    if request.method == "POST":
        try:
            placed = services.accept_plan(plan, request.user, days=days)
        except ValidationError as error:
            return _detail(request, plan, error.messages)
        text = ngettext("%(n)s placement of this proposal is in.", "%(n)s placements of this proposal are in.", placed)
        messages.success(request, text % {"n": placed})
        return redirect("window_sessions:rotation_detail", pk)
    rows = plan.placements.filter(window_session=None)
    count = (rows.filter(date__range=days) if days else rows).count()
    return render(request, "components/confirm.html", _consequences(plan, week, count))


def _week(request: StaffRequest, plan: RotationPlan) -> Week | None:
    text = request.GET.get("week")
    return Week.parse(text, plan.starts_on) if text else None


def _consequences(plan: RotationPlan, week: Week | None, count: int) -> dict[str, Any]:
    title = ngettext("Take %(n)s placement into the programme", "Take %(n)s placements into the programme", count)
    lines = [
        _("Each becomes a draft, and its director is asked to confirm."),
        _("Every rule is asked again; if one refuses, nobody is placed."),
    ]
    if week:
        lines.insert(0, week.days)
    return {
        "title": title % {"n": count},
        "verb": _("Accept"),
        "consequences": lines,
        "back_url": _address(plan),
    }


@require_POST
@staff(*PLANNING_ROLES)
def lock_placement(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Hold one placement for the next proposal, or let it go."""
    plans = RotationPlan.objects.visible_to(request.user)
    rows = PlannedPlacement.objects.filter(plan__in=plans).select_related("plan__programme", "window", "director")
    row = get_object_or_404(rows, pk=pk)
    row = services.lock_placement(row, request.user, locked=request.POST.get("locked") == "1")
    if request.htmx:
        return render(request, "window_sessions/_rotation_lock.html", {"row": row})
    return redirect(f"{_address(row.plan)}#placement-{row.pk}")


@require_POST
@staff(*PLANNING_ROLES)
def replan(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Another proposal for the same question with the next seed, around what is locked in this one."""
    base = _found(request, pk)
    asked = {name: getattr(base, name) for name in ("starts_on", "ends_on", "seconds", "firm", "weights")}
    keeps = base if base.status == RotationStatus.DONE else None
    try:
        plan = services.request_plan(base.programme, request.user, base=keeps, seed=base.seed + 1, **asked)
    except ValidationError as error:  # the programme's days have changed since
        messages.error(request, error.messages[0])
        return redirect("window_sessions:rotation_list", base.programme_id)
    return redirect(_address(plan))
