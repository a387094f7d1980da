"""Raising an issue: from scratch, from a blocked step, from a line of a feedback form."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Department, User
from accounts.requests import StaffRequest, staff
from catalog.models import Hall, ServiceItem
from core.doors import WrongState, require
from core.forms import whole_number
from core.idempotency import once
from issues import services, tiles
from issues.evidence_forms import ask_again
from issues.evidence_permissions import may_add_to
from issues.evidence_views import NothingKeptError, keep_all
from issues.models import Issue, IssueCategory
from issues.permissions import may
from issues.register_forms import FeedbackForm, ProblemForm, RegisterForm, StepForm
from issues.similar import similar_issues
from sessions.models import Feedback, StepRun, WindowSession
from sessions.permissions import may as may_in_session


def raise_issue(
    request: StaffRequest, form: ProblemForm, act: Callable[[dict[str, Any]], Issue], back: str = ""
) -> str:
    """Raise the issue once, its pictures in the same transaction; where to go, or nothing when a picture is refused."""

    def register_all() -> str:
        issue = act(form.facts())
        _keep_pictures(form, request.user, issue)
        messages.success(request, _("Registered as %(number)s") % {"number": issue.number})
        return back or reverse("issues:issue_detail", args=[issue.pk])

    try:
        return once(form.cleaned_data["token"], register_all)
    except NothingKeptError:
        sent = len(request.FILES.getlist("pictures"))
        ask_again(form, sent if sent > 1 else 0)
        return ""
    except ValidationError as error:
        form.add_error(None, error)
        ask_again(form, len(request.FILES.getlist("pictures")))
        return ""


def _keep_pictures(form: ProblemForm, user: User, issue: Issue) -> None:
    """All or none: an issue whose picture is refused is not registered, the form says which one and why."""
    if not form.cleaned_data.get("pictures"):
        return
    keep_all(form, user, issue=issue)
    if form.errors:
        raise NothingKeptError


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def register(request: StaffRequest) -> HttpResponseBase:
    """Raise an issue from scratch; `?item=CODE` fills in what an item says, a seam of the catalogue adds more."""
    require(may(request.user, "register"))
    form = RegisterForm(request.POST or None, request.FILES or None, user=request.user, initial=_initial(request))
    if form.is_valid():
        address = raise_issue(request, form, lambda facts: services.register(request.user, **facts))
        if address:
            return redirect(address)
    context = {"form": form, "title": _("Register an issue"), "similar": []}
    return render(request, "issues/issue_register.html", context, status=400 if form.is_bound else 200)


def _initial(request: StaffRequest) -> dict[str, Any]:
    initial: dict[str, Any] = {}
    code = request.GET.get("item", "")
    item = ServiceItem.objects.visible_to(request.user).filter(code=code).first() if code else None
    if item is not None:
        initial |= {"item": item.code, "needing_department": item.department_id, "window": item.window_id}
    # What a seam of the catalogue already knows; the person reads it over before registering.
    for field, name, longest in (("title", "title", 100), ("document_names", "document", 300)):
        if request.GET.get(name):
            initial[field] = request.GET[name][:longest]
    hold = request.GET.get("hold", "")
    if hold and hold.isprintable():
        initial["holding_departments"] = Department.objects.filter(code=hold)
    halls = list(Hall.objects.all()[:2])
    if len(halls) == 1:
        initial["hall"] = halls[0]
    return initial


def _blocked(request: StaffRequest, pk: int) -> StepRun:
    """The step of a visible session, which must be the one that runs now."""
    mine = WindowSession.objects.visible_to(request.user)
    scene = "case__window_session__"
    steps = StepRun.objects.select_related(
        "case__item__department",
        "case__guide_revision",
        f"{scene}window__hall",
        f"{scene}programme",
        f"{scene}director__department",
        f"{scene}home_department",
        f"{scene}host_department",
    )
    step = get_object_or_404(steps.filter(case__window_session__in=mine), pk=pk)
    require(may_add_to(request.user, step))
    return step


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def register_from_step(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Raise an issue from the step of a walk: it is marked blocked in the same transaction, its pictures come along."""
    step = _blocked(request, pk)
    form = StepForm(
        request.POST or None, request.FILES or None, snapshot=step.case.snapshot, initial={"description": step.note}
    )
    back = reverse("window_sessions:case_detail", args=[step.case_id])
    if form.is_valid():
        address = raise_issue(
            request, form, lambda facts: services.register_from_step(step, request.user, **facts), back
        )
        if address:
            return redirect(address)
    if step.result and not form.is_bound:
        raise WrongState(_("This step has its result already. A new issue can be registered by itself."))
    context = {
        "form": form,
        "step": step,
        "case": step.case,
        "tiles": tiles.of_step(step, request.user),
        "similar": similar_issues(request.user, item=step.case.item, step_name=step.name),
        "back_url": back,
    }
    return render(request, "issues/register_from_step.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def register_from_feedback(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Turn a line of a feedback form (`?question=Q13&row=0`) into an issue."""
    mine = WindowSession.objects.visible_to(request.user)
    rows = Feedback.objects.select_related("window_session__window__hall", "window_session__programme")
    found = get_object_or_404(rows.filter(window_session__in=mine), pk=pk)
    # The form is filled in from the answers, so whoever may not read them does not open it.
    require(may_in_session(request.user, "read_feedback", found))
    require(may_in_session(request.user, "read_answers", found))
    require(may(request.user, "register"))
    visit = found.window_session
    initial = {"description": line(found, request.GET), "needing_department": visit.host_department_id}
    form = FeedbackForm(request.POST or None, request.FILES or None, initial=initial)
    back = reverse("window_sessions:feedback", args=[visit.pk])
    if form.is_valid():
        address = raise_issue(
            request, form, lambda facts: services.register_from_feedback(found, request.user, **facts), back
        )
        if address:
            return redirect(address)
    context = {"form": form, "visit": visit, "back_url": back, "similar": []}
    return render(request, "issues/register_from_feedback.html", context, status=400 if form.is_bound else 200)


def line(feedback: Feedback, wanted: Any) -> str:
    """The words of one answer, or of one row of a table, as the person wrote them."""
    answer = feedback.answers.get(wanted.get("question", ""), "")
    if isinstance(answer, list):
        row = whole_number(wanted.get("row"))
        answer = answer[row] if row is not None and row < len(answer) else ""
    if isinstance(answer, dict):
        answer = "\n".join(f"{name}：{value}" for name, value in answer.items() if value)
    return str(answer)


@require_safe
@staff()
def similar(request: StaffRequest) -> HttpResponse:
    """Issues like the one being written, asked for while the form is filled in."""
    words = request.GET.get("item", "").strip()
    items = ServiceItem.objects.visible_to(request.user)
    item = (items.filter(code__iexact=words) or items.filter(name=words)).first() if words else None
    category = IssueCategory.objects.filter(pk=whole_number(request.GET.get("category")) or 0).first()
    department = whole_number(request.GET.get("needing_department")) or (item.department_id if item else None)
    found = similar_issues(
        request.user,
        item=item,
        step_name=request.GET.get("step_name", ""),
        category=category,
        department_id=department,
    )
    return render(request, "issues/_similar.html", {"similar": found})
