"""A case from its opening to its end: the page that a director holds in one hand."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import StaffRequest, staff
from catalog.models import SimulationPack
from core import clock
from core.doors import require
from core.forms import whole_number
from core.idempotency import once
from sessions import services
from sessions.choices import CaseSource, Consent
from sessions.figures import figures
from sessions.models import Draw, HandledCase, StepRun, WindowSession
from sessions.permissions import may
from sessions.reading import items_to_walk, search_items
from sessions.run_forms import CaseForm, CloseCaseForm, StepForm
from sessions.views.run import open_draw, the_session
from sessions.walk import may_record, step_views

SHOWN_ITEMS = 30


def _the_case(request: StaffRequest, pk: int) -> HandledCase:
    visible = HandledCase.objects.filter(window_session__in=WindowSession.objects.visible_to(request.user))
    related = ("item", "window_session__window__hall", "window_session__director", "guide_revision")
    return get_object_or_404(visible.select_related(*related).prefetch_related("steps"), pk=pk)


def _the_step(request: StaffRequest, pk: int) -> StepRun:
    visible = WindowSession.objects.visible_to(request.user)
    steps = StepRun.objects.filter(case__window_session__in=visible).select_related("case__window_session__window")
    return get_object_or_404(steps, pk=pk)


def is_autosave(request: StaffRequest) -> bool:
    """Whether the page's script saves a draft and waits for the new version, not for a page."""
    return request.headers.get("X-Requested-With") == "autosave"


def saved(version: int, lacking: dict[str, str] | None = None) -> JsonResponse:
    """The answer to an autosave: the version for the next save, the time, and by field what the text still lacks."""
    moment = timezone.localtime(clock.now()).strftime("%H:%M")
    return JsonResponse({"version": version, "saved_at": moment, "lacking": lacking or {}})


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def open_case(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose whose matter and which item, then open the case; `?q=` searches, `?item=` proposes one."""
    window_session = the_session(request, pk)
    require(may(request.user, "open_case", window_session))
    draw = open_draw(window_session)
    words = request.GET.get("q", "")
    allowed = items_to_walk(window_session).select_related("department", "window")
    proposed = {"item": request.GET.get("item") or window_session.item_id}
    form = CaseForm(request.POST or None, items=allowed, draw=draw, initial=proposed)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(once(form.cleaned_data["token"], lambda: _open(request, window_session, form.cleaned_data)))
        except ValidationError as error:
            form.add_error(None, error)
    chosen = form["item"].value()
    found = search_items(allowed, words)
    number = whole_number(chosen)
    shown = [*allowed.filter(pk=number)] if number else []
    shown += [item for item in found[:SHOWN_ITEMS] if item not in shown]
    context = {"window_session": window_session, "form": form, "draw": draw, "items": shown, "words": words}
    context |= {"no_material": lacks_material(window_session, draw), "total": found.count()}
    context |= {"chosen": str(chosen or ""), "source": form["source"].value()}
    return render(request, "window_sessions/open_case.html", context, status=400 if form.is_bound else 200)


def lacks_material(window_session: WindowSession, draw: Draw | None) -> bool:
    """Whether a re-walk's item can be walked with a citizen only, and none has agreed yet."""
    if window_session.item_id is None or (draw is not None and draw.agreed):
        return False
    return not SimulationPack.objects.filter(item=window_session.item_id, active=True).exists()


def _open(request: StaffRequest, window_session: WindowSession, data: dict[str, Any]) -> str:
    """Open the case and give its address. The newest active pack of the item serves a simulated walk."""
    simulated = data["source"] == CaseSource.SIMULATED
    packs = SimulationPack.objects.filter(item=data["item"], active=True)
    case = services.open_case(
        window_session,
        request.user,
        item=data["item"],
        source=data["source"],
        draw=None if simulated else open_draw(window_session),
        surname=data.get("surname", ""),
        simulation_pack=packs.first() if simulated else None,
    )
    return reverse("window_sessions:case_detail", args=[case.pk])


def _page(request: StaffRequest, case: HandledCase, form: StepForm | None = None) -> HttpResponse:
    """The walk of a case: progress, step cards, the running step with its form."""
    steps = step_views(case)
    current = next((step for step in steps if step.state == "now"), None)
    if current is not None and form is None:
        run = current.run
        form = StepForm(initial={name: getattr(run, name) for name in StepForm.base_fields})
    context = {
        "case": case,
        "window_session": case.window_session,
        "steps": steps,
        "current": current,
        "form": form,
        "recording": may_record(request.user, case.window_session),
        "withdrawn": case.consent == Consent.WITHDRAWN,
        "figures": figures(case),
        "now": clock.now(),
        "sees_citizen": may(request.user, "see_citizen", case),
        "may_withdraw": may(request.user, "withdraw_consent", case),
    }
    return render(request, "window_sessions/case_detail.html", context, status=400 if form and form.errors else 200)


@require_safe
@staff()
def case_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One case, step by step."""
    return _page(request, _the_case(request, pk))


@require_POST
@staff()
def save_step(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep the draft of the running step; `go=block` then leads to the issue form."""
    step = _the_step(request, pk)
    require(may(request.user, "save_step", step))
    form = StepForm(request.POST)
    if not form.is_valid():
        return _page(request, _the_case(request, step.case_id), form)
    kept = services.save_step(step, request.user, **form.cleaned_data)
    if is_autosave(request):
        return saved(kept.version)
    if request.POST.get("go") == "block":
        return redirect("issues:register_from_step", step.pk)
    return redirect("window_sessions:case_detail", step.case_id)


@require_POST
@staff()
def complete_step(request: StaffRequest, pk: int) -> HttpResponse:
    """The running step is passed; the page shows the next one."""
    step = _the_step(request, pk)
    require(may(request.user, "complete_step", step))
    form = StepForm(request.POST)
    if not form.is_valid():
        return _page(request, _the_case(request, step.case_id), form)
    services.complete_step(step, request.user, **form.cleaned_data)
    return redirect("window_sessions:case_detail", step.case_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def close_case(request: StaffRequest, pk: int) -> HttpResponse:
    """Waiting, trips, days and a note, when every step has its result."""
    case = _the_case(request, pk)
    require(may(request.user, "close_case", case))
    form = CloseCaseForm(request.POST or None, initial={"version": case.version, "note": case.note})
    if request.method == "POST" and form.is_valid():
        services.close_case(case, request.user, **form.cleaned_data)
        messages.success(request, _("Case %(number)s is closed.") % {"number": case.number})
        return redirect("window_sessions:run", case.window_session_id)
    context = {"case": case, "form": form, "window_session": case.window_session, "figures": figures(case)}
    context["sees_citizen"] = may(request.user, "see_citizen", case)
    return render(request, "window_sessions/close_case.html", context, status=400 if form.is_bound else 200)


@require_POST
@staff()
def save_note(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep the case's note while the closing form is filled in; the other fields wait for the closing."""
    case = _the_case(request, pk)
    require(may(request.user, "save_note", case))
    form = CloseCaseForm(request.POST)
    form.is_valid()
    if {"note", "version"} & form.errors.keys():
        return JsonResponse({"errors": form.errors}, status=400)
    kept = services.save_note(case, request.user, note=form.cleaned_data["note"], version=form.cleaned_data["version"])
    return saved(kept.version) if is_autosave(request) else redirect("window_sessions:close_case", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def withdraw_consent(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask once, then erase ticket and surname of this case."""
    case = _the_case(request, pk)
    require(may(request.user, "withdraw_consent", case))
    if request.method == "POST":
        services.withdraw_consent(case, request.user)
        messages.success(request, _("Ticket and surname are erased; the case is closed."))
        return redirect("window_sessions:case_detail", pk)
    return render(request, "window_sessions/withdraw_consent.html", {"case": case})
