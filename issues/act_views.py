"""One page per act: GET shows the form with its consequences, POST acts. All share `act_page`."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.requests import StaffRequest, StaffView, staff
from core import clock
from core.doors import StaleVersion
from core.forms import told, whole_number
from core.workdays import Calendar
from issues import act_forms as forms
from issues import services, work_forms
from issues.act_words import consequences, done
from issues.conditions import unmet
from issues.evidence_forms import ask_again
from issues.lights import issue_light
from issues.models import Issue
from issues.reading import open_dossier
from issues.services.acting import check_start
from issues.workflow import WORKFLOW

Service = Callable[..., Issue]


def act_view(view: StaffView) -> StaffView:
    """GET for the form, POST for the act, signed-in people only."""
    guarded: StaffView = require_http_methods(["GET", "HEAD", "POST"])(staff()(view))
    return guarded


def act_page(request: StaffRequest, pk: int, form_class: type[forms.ActForm], service: Service) -> HttpResponse:
    """Show the form of an act, or carry it out: 404 for strangers, 409, 403, 400 with the text kept, else on."""
    action = service.__name__
    dossier = open_dossier(request.user, pk)
    issue = dossier.issue
    try:
        check_start(issue, action, request.user, _version(request))
    except StaleVersion as error:
        error.typed = told(form_class(request.POST, issue=issue, user=request.user))
        raise
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = form_class(*sent, issue=issue, user=request.user)
    if form.is_valid():
        try:
            changed = service(issue, request.user, **form.cleaned_data)
        except ValidationError as error:
            _refuse(form, error)
            if "pictures" in form.fields and "pictures" not in form.errors:
                ask_again(form, len(request.FILES.getlist("pictures")))
        else:
            messages.success(request, done(action, changed))
            return _onward(request, changed)
    context = _context(form, action, dossier.calendar)
    return render(request, f"issues/issue_{action}.html", context, status=400 if form.is_bound else 200)


def _version(request: StaffRequest) -> int | None:
    return whole_number(request.POST.get("version"))


def _refuse(form: forms.ActForm, error: ValidationError) -> None:
    """Put what the service says beside the field it speaks of, or on top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _onward(request: StaffRequest, issue: Issue) -> HttpResponse:
    """To the issue, or to the register when the act has taken it out of the person's sight."""
    still_seen = Issue.objects.visible_to(request.user).filter(pk=issue.pk).exists()
    url = reverse("issues:issue_detail", args=[issue.pk]) if still_seen else reverse("issues:issue_list")
    return HttpResponse(status=204, headers={"HX-Redirect": url}) if request.htmx else redirect(url)


def _context(form: forms.ActForm, action: str, calendar: Calendar) -> dict[str, Any]:
    verb = WORKFLOW[action].label
    return {
        "issue": form.issue,
        "form": form,
        "verb": verb,
        "title": f"{verb} {form.issue.number}",
        "consequences": consequences(action, form.issue),
        "now": issue_light(form.issue, calendar, clock.today()),
        "missing": "" if form.is_bound else unmet(form.issue, action, form.user),
        "back_url": reverse("issues:issue_detail", args=[form.issue.pk]),
    }


@act_view
def assign(request: StaffRequest, pk: int) -> HttpResponse:
    """The reform office hands the issue to a lead department."""
    return act_page(request, pk, forms.AssignForm, services.assign)


@act_view
def reject(request: StaffRequest, pk: int) -> HttpResponse:
    """The reform office does not accept the issue."""
    return act_page(request, pk, forms.RejectForm, services.reject)


@act_view
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """The reform office counts the issue with another one."""
    return act_page(request, pk, forms.MergeForm, services.merge)


@act_view
def acknowledge(request: StaffRequest, pk: int) -> HttpResponse:
    """The lead department takes the issue on."""
    return act_page(request, pk, forms.NoteForm, services.acknowledge)


@act_view
def transfer(request: StaffRequest, pk: int) -> HttpResponse:
    """The lead department passes the issue on."""
    return act_page(request, pk, forms.TransferForm, services.transfer)


@act_view
def rule_transfer(request: StaffRequest, pk: int) -> HttpResponse:
    """The reform office names the lead."""
    return act_page(request, pk, forms.RuleTransferForm, services.rule_transfer)


@act_view
def send_back(request: StaffRequest, pk: int) -> HttpResponse:
    """The lead department says that it is not theirs."""
    return act_page(request, pk, forms.SendBackForm, services.send_back)


@act_view
def submit_rectification(request: StaffRequest, pk: int) -> HttpResponse:
    """The lead department hands in what it did."""
    return act_page(request, pk, work_forms.SubmitRectificationForm, services.submit_rectification)


@act_view
def suspend(request: StaffRequest, pk: int) -> HttpResponse:
    """The reform office lets the limit rest."""
    return act_page(request, pk, work_forms.SuspendForm, services.suspend)


@act_view
def resume(request: StaffRequest, pk: int) -> HttpResponse:
    """The reform office ends the rest."""
    return act_page(request, pk, forms.NoteForm, services.resume)


@act_view
def return_for_rework(request: StaffRequest, pk: int) -> HttpResponse:
    """The reform office hands the work back."""
    return act_page(request, pk, work_forms.ReturnForReworkForm, services.return_for_rework)


@act_view
def close_out(request: StaffRequest, pk: int) -> HttpResponse:
    """The reform office closes the issue out."""
    return act_page(request, pk, forms.NoteForm, services.close_out)


@act_view
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """The reform office opens a finished issue again."""
    return act_page(request, pk, work_forms.ReopenForm, services.reopen)


@act_view
def verify(request: StaffRequest, pk: int) -> HttpResponse:
    """A neutral person records what was found."""
    return act_page(request, pk, work_forms.VerifyForm, services.verify)


@act_view
def plan_re_walk(request: StaffRequest, pk: int) -> HttpResponse:
    """The reform office plans a re-walk for today."""
    return act_page(request, pk, work_forms.PlanReWalkForm, services.plan_re_walk)


@act_view
def look_back(request: StaffRequest, pk: int) -> HttpResponse:
    """The reform office looks whether it still holds."""
    return act_page(request, pk, work_forms.LookBackForm, services.look_back)


@act_view
def follow_up(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody asked the citizen or company."""
    return act_page(request, pk, work_forms.FollowUpForm, services.follow_up)


@act_view
def supervise(request: StaffRequest, pk: int) -> HttpResponse:
    """The reform office issues a notice."""
    return act_page(request, pk, work_forms.SuperviseForm, services.supervise)


@act_view
def answer_supervision(request: StaffRequest, pk: int) -> HttpResponse:
    """The lead department answers a notice."""
    return act_page(request, pk, work_forms.AnswerSupervisionForm, services.answer_supervision)


@act_view
def remind(request: StaffRequest, pk: int) -> HttpResponse:
    """The reform office reminds the lead."""
    return act_page(request, pk, forms.NoteForm, services.remind)


@act_view
def request_extension(request: StaffRequest, pk: int) -> HttpResponse:
    """The lead department asks for more time."""
    return act_page(request, pk, work_forms.RequestExtensionForm, services.request_extension)


@act_view
def decide_extension(request: StaffRequest, pk: int) -> HttpResponse:
    """The reform office decides on more time."""
    return act_page(request, pk, work_forms.DecideExtensionForm, services.decide_extension)


@act_view
def coordinate(request: StaffRequest, pk: int) -> HttpResponse:
    """The reform office records an on-site meeting."""
    return act_page(request, pk, work_forms.CoordinateForm, services.coordinate)


@act_view
def add_task(request: StaffRequest, pk: int) -> HttpResponse:
    """A supporting department gets a task."""
    return act_page(request, pk, work_forms.AddTaskForm, services.add_task)


@act_view
def finish_task(request: StaffRequest, pk: int) -> HttpResponse:
    """A supporting department reports its task done."""
    return act_page(request, pk, work_forms.FinishTaskForm, services.finish_task)


@act_view
def comment(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody comments."""
    return act_page(request, pk, forms.CommentForm, services.comment)
