"""The session at the window: its page, start, finish and the draw of a citizen."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import StaffRequest, staff
from core.doors import require
from core.idempotency import once
from sessions import services
from sessions.choices import Consent, SessionStatus
from sessions.figures import figures
from sessions.models import Draw, WindowSession
from sessions.permissions import may
from sessions.run_forms import AnswerForm, DrawForm
from sessions.services.running import open_cases, why_not_start


def the_session(request: StaffRequest, pk: int) -> WindowSession:
    """The session with its people, or 404 for a stranger."""
    found: WindowSession = get_object_or_404(WindowSession.objects.visible_to(request.user).with_people(), pk=pk)
    return found


def open_draw(window_session: WindowSession) -> Draw | None:
    """The last draw if it still matters: somebody is to be asked, or somebody agreed and has no case yet."""
    draw = window_session.draws.prefetch_related("cases").last()
    if draw is None or (not draw.pending and (not draw.agreed or draw.cases.all())):
        return None
    return draw


@require_safe
@staff()
def run(request: StaffRequest, pk: int) -> HttpResponse:
    """The session's own page: what can be done next, the cases walked so far."""
    window_session = the_session(request, pk)
    cases = window_session.cases.select_related("item").prefetch_related("steps")
    context = {
        "window_session": window_session,
        "cases": [(case, figures(case)) for case in cases],
        "may_run": may(request.user, "start", window_session),
        "sees_citizen": may(request.user, "see_citizen", window_session),
        "may_write": may(request.user, "save_feedback", window_session),
        "may_read_feedback": may(request.user, "read_feedback", window_session),
        "why_not_start": why_not_start(window_session),
        "open_cases": open_cases(window_session),
        "draw": open_draw(window_session) if window_session.status == SessionStatus.IN_PROGRESS else None,
        "running": window_session.status == SessionStatus.IN_PROGRESS,
    }
    return render(request, "window_sessions/run.html", context)


@require_POST
@staff()
def start(request: StaffRequest, pk: int) -> HttpResponse:
    """Start the session; a double click lands on the same page."""
    window_session = the_session(request, pk)
    services.start(window_session, request.user)
    messages.success(request, _("The session has started. Open the first case."))
    return redirect("window_sessions:run", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def finish(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask once, then finish: a finished session cannot be taken up again."""
    window_session = the_session(request, pk)
    require(may(request.user, "finish", window_session))
    if request.method == "POST":
        services.finish(window_session, request.user)
        messages.success(request, _("The session is finished. The feedback form is ready."))
        return redirect("window_sessions:run", pk)
    context = {"window_session": window_session, "open_cases": open_cases(window_session)}
    context["case_count"] = window_session.cases.count()
    return render(request, "window_sessions/finish.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def draw_ticket(request: StaffRequest, pk: int) -> HttpResponse:
    """Enter the tickets that wait; one of them is drawn."""
    window_session = the_session(request, pk)
    require(may(request.user, "draw_ticket", window_session))
    form = DrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        back = reverse("window_sessions:run", args=[pk])

        def act() -> str:
            services.draw_ticket(window_session, request.user, form.cleaned_data["tickets"])
            return back

        try:
            return redirect(once(form.cleaned_data["token"], act))
        except ValidationError as error:
            form.add_error("tickets", error)
    status = 400 if form.is_bound else 200
    return render(
        request, "window_sessions/draw_ticket.html", {"window_session": window_session, "form": form}, status=status
    )


@require_POST
@staff()
def answer_draw(request: StaffRequest, pk: int) -> HttpResponse:
    """Note whether the drawn person agrees; after a yes the case is opened, after a no the next one is drawn."""
    visible = Draw.objects.filter(window_session__in=WindowSession.objects.visible_to(request.user))
    draw = get_object_or_404(visible.select_related("window_session__window"), pk=pk)
    require(may(request.user, "answer_draw", draw))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose: agreed or declined."))
        return redirect("window_sessions:run", draw.window_session_id)
    answered = services.answer_draw(draw, request.user, form.cleaned_data["consent"], asked=form.cleaned_data["asked"])
    if cast(str, form.cleaned_data["consent"]) == Consent.YES:
        return redirect("window_sessions:open_case", answered.window_session_id)
    if not answered.pending:
        messages.success(request, _("Nobody is left to be asked. Draw among new tickets or take simulated material."))
    return redirect("window_sessions:run", answered.window_session_id)
