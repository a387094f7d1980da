"""Pictures: upload, the guarded files themselves, and the page on which one is covered, checked and described."""

import logging
from itertools import chain, repeat
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Role
from accounts.models import User
from accounts.requests import StaffRequest, staff
from core.doors import require
from core.idempotency import new_token, once
from core.image_responses import picture_response
from issues import services, tiles
from issues.choices import EvidenceKind, IssueStatus
from issues.evidence_forms import BoxesForm, DescribeForm, PicturesForm, described
from issues.evidence_permissions import may_add_to, may_check, may_describe
from issues.models import Issue, Screenshot
from issues.services.acting import wrong_state
from issues.workflow import WORKFLOW
from sessions.choices import Purpose
from sessions.models import StepRun, WindowSession

audit = logging.getLogger("huanwei.audit")


class NothingKeptError(Exception):
    """None of the pictures could be kept; the form says why for each."""


def _opened(request: StaffRequest, pk: int) -> Screenshot:
    """The picture, or 404. What an auditor opens is written to the audit log (SECURITY: Y logged)."""
    picture = get_object_or_404(Screenshot.objects.visible_to(request.user).select_related("issue"), pk=pk)
    if request.user.grants.has(Role.AUDITOR):
        audit.info("picture opened: user=%s picture=%s issue=%s", request.user.pk, pk, picture.issue_id)
    return picture


@require_safe
@staff()
def screenshot(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The picture itself."""
    picture = _opened(request, pk)
    return picture_response(picture.path, picture.content_type, picture.caption)


@require_safe
@staff()
def screenshot_thumb(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The small picture of lists and strips."""
    picture = _opened(request, pk)
    return picture_response(picture.thumbnail_path, "image/jpeg", picture.caption)


def keep_all(form: Form, actor: User, **parent: Any) -> list[Screenshot]:
    """Keep each picture by itself; what was refused stands on the form. Those that are in.

    Raises NothingKeptError when none is, so that the caller's transaction leaves nothing behind.
    """
    given, kept = form.cleaned_data, []
    uploads: list[Any] = given["pictures"]
    for upload, boxes in zip(uploads, chain(given["boxes"], repeat([])), strict=False):
        facts = {name: given[name] for name in ("kind", "caption", "taken_on", "no_personal_data") if name in given}
        try:
            kept.append(services.add_screenshot(actor, upload, boxes=boxes, **parent, **facts))
        except ValidationError as error:
            form.add_error("pictures", f"{upload.name}: {' '.join(error.messages)}")
    if not kept:
        raise NothingKeptError
    return kept


def _added(request: StaffRequest, form: PicturesForm, address: str, **parent: Any) -> bool:
    """Carry out a valid upload once. False when the form has something to say."""

    def act() -> str:
        kept = keep_all(form, request.user, **parent)
        messages.success(request, _("Pictures added: %(n)d") % {"n": len(kept)})
        return address

    try:
        once(form.cleaned_data["token"], act)
    except NothingKeptError:
        return False
    if form.errors:
        # Some are in already: the form that comes back sends the others as a new act.
        form.data = {**form.data, "token": new_token()}
    return not form.errors


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def add_screenshot(request: StaffRequest, pk: int) -> HttpResponse:
    """Add pictures to an issue."""
    issue = get_object_or_404(Issue.objects.visible_to(request.user).prefetch_related("tasks"), pk=pk)
    WORKFLOW.check("add_screenshot", issue.status, wrong_state("add_screenshot", issue))
    require(may_add_to(request.user, issue))
    address = reverse("issues:issue_detail", args=[pk]) + "#pictures"
    early = issue.status in (IssueStatus.REGISTERED, IssueStatus.ASSIGNED)
    kind = EvidenceKind.BEFORE if early else EvidenceKind.AFTER
    form = PicturesForm(request.POST or None, request.FILES or None, initial={"kind": kind})
    if form.is_valid() and _added(request, form, address, issue=issue):
        return redirect(address)
    context = {"issue": issue, "form": form, "tiles": tiles.of_issue(issue, request.user), "back_url": address}
    return render(request, "issues/screenshot_add.html", context, status=400 if form.is_bound else 200)


def _step_run(request: StaffRequest, pk: int) -> StepRun:
    mine = WindowSession.objects.visible_to(request.user)
    steps = StepRun.objects.select_related("case__window_session__window", "case__item")
    return get_object_or_404(steps.filter(case__window_session__in=mine), pk=pk)


def _fresh(step_run: StepRun) -> PicturesForm:
    """A walk that verifies shows how it is afterwards."""
    again = step_run.case.purpose == Purpose.VERIFICATION
    return PicturesForm(initial={"kind": EvidenceKind.AFTER if again else EvidenceKind.BEFORE})


def _step_page(request: StaffRequest, step_run: StepRun, form: PicturesForm, status: int = 200) -> HttpResponse:
    context = {
        "step_run": step_run,
        "form": form,
        "tiles": tiles.of_step(step_run, request.user),
        "may_add": may_add_to(request.user, step_run),
    }
    name = "issues/_step_panel.html" if request.htmx else "issues/step_panel.html"
    return render(request, name, context, status=status)


@require_safe
@staff()
def step_panel(request: StaffRequest, pk: int) -> HttpResponse:
    """The pictures of one step of a run, with the upload form: a part of the run page, or a page of its own."""
    step_run = _step_run(request, pk)
    return _step_page(request, step_run, _fresh(step_run))


@require_POST
@staff()
def add_step_screenshot(request: StaffRequest, pk: int) -> HttpResponse:
    """Add pictures to a step of a run; the panel comes back."""
    step_run = _step_run(request, pk)
    require(may_add_to(request.user, step_run))
    form = PicturesForm(request.POST, request.FILES)
    address = reverse("issues:step_panel", args=[pk])
    if not form.is_valid() or not _added(request, form, address, step_run=step_run):
        return _step_page(request, step_run, form, status=400)
    return _step_page(request, step_run, _fresh(step_run)) if request.htmx else redirect(address)


def _picture_page(
    request: StaffRequest, picture: Screenshot, boxes: BoxesForm, words: DescribeForm, status: int = 200
) -> HttpResponse:
    context = {
        "picture": picture,
        "boxes": boxes,
        "words": words,
        "may_check": may_check(request.user, picture),
        "may_describe": may_describe(request.user, picture),
        "back_url": _back(picture),
    }
    return render(request, "issues/screenshot_check.html", context, status=status)


def _back(picture: Screenshot) -> str:
    if picture.issue_id:
        return reverse("issues:issue_detail", args=[picture.issue_id]) + "#pictures"
    return reverse("issues:step_panel", args=[picture.step_run_id])


@require_safe
@staff()
def check_screenshot(request: StaffRequest, pk: int) -> HttpResponse:
    """One picture in full, with what may be done about it."""
    picture = _opened(request, pk)
    return _picture_page(request, picture, BoxesForm(), DescribeForm(initial=described(picture)))


@require_POST
@staff()
def redact(request: StaffRequest, pk: int) -> HttpResponse:
    """Burn the drawn boxes into the picture."""
    picture = _opened(request, pk)
    require(may_check(request.user, picture))
    form = BoxesForm(request.POST)
    if form.is_valid():
        try:
            services.redact(picture, request.user, form.cleaned_data["boxes"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Covered: %(n)d") % {"n": len(form.cleaned_data["boxes"])})
            return redirect(_back(picture))
    return _picture_page(request, picture, form, DescribeForm(initial=described(picture)), status=400)


@require_POST
@staff()
def mark_clean(request: StaffRequest, pk: int) -> HttpResponse:
    """Say that the picture shows no personal data."""
    picture = _opened(request, pk)
    services.mark_clean(picture, request.user)
    messages.success(request, _("Checked: no personal data"))
    return redirect(_back(picture))


@require_POST
@staff()
def describe(request: StaffRequest, pk: int) -> HttpResponse:
    """Change what is said of the picture."""
    picture = _opened(request, pk)
    require(may_describe(request.user, picture))
    form = DescribeForm(request.POST)
    if form.is_valid():
        try:
            services.describe(picture, request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("taken_on", error)
        else:
            messages.success(request, _("Description saved"))
            return redirect(_back(picture))
    return _picture_page(request, picture, BoxesForm(), form, status=400)
