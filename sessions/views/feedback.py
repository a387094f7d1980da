"""The feedback form: part by part on a phone, read page for those who may."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import StaffRequest, staff
from core.doors import require
from core.forms import whole_number
from sessions import services
from sessions.choices import Requirement, SessionStatus
from sessions.feedback_form import Asked, changes, read_part, show_part
from sessions.models import Feedback, FeedbackQuestion, StepRun, WindowSession
from sessions.permissions import may
from sessions.questionnaire import Part, is_required, parts, problems, too_short
from sessions.run_forms import ReturnForm
from sessions.services.feedback import new_feedback, questions_of
from sessions.views.cases import is_autosave, saved
from sessions.views.run import the_session

# The questions of version 1 whose answers may each become an issue: problems, suggestions, the own department.
SUGGESTIONS = frozenset({"Q12", "Q13", "Q14", "Q16", "Q17"})


@dataclass
class Sheet:
    """The form of one session as the page needs it."""

    window_session: WindowSession
    feedback: Feedback
    questions: list[FeedbackQuestion]
    parts: list[Part]

    def part(self, number: str) -> Part:
        """The part of this number, the first one for anything else."""
        return self.parts[min(max(whole_number(number) or 1, 1), len(self.parts)) - 1]

    def part_of(self, code: str) -> int:
        """The number of the part that holds this question."""
        return next(part.number for part in self.parts if any(q.code == code for q in part.questions))


def _sheet(window_session: WindowSession) -> Sheet | None:
    """The stored form, or a prefilled one that is stored with the first save; None without any template."""
    stored = Feedback.objects.filter(window_session=window_session).select_related("template").first()
    form = stored or new_feedback(window_session)
    if form is None:
        return None
    form.window_session = window_session
    questions = questions_of(form)
    return Sheet(window_session, form, questions, parts(questions))


@require_safe
@staff()
def feedback(request: StaffRequest, pk: int) -> HttpResponse:
    """For the director while it is due: the form. For others who may read, once handed in: questions and answers."""
    window_session = the_session(request, pk)
    sheet = _sheet(window_session)
    due = window_session.status == SessionStatus.AWAITING_FEEDBACK
    writing = due and bool(may(request.user, "save_feedback", window_session))
    if not writing:
        require(may(request.user, "read_feedback", window_session))
    readable = sheet is not None and sheet.feedback.pk is not None and may(request.user, "read_answers", window_session)
    if sheet is None or not (writing or readable):
        context = {"window_session": window_session, "due": due}
        return render(request, "window_sessions/no_feedback.html", context)
    if not writing:
        return _read(request, sheet)
    part = sheet.part(request.GET.get("part", ""))
    return _form(request, sheet, part, show_part(part.questions, sheet.feedback.answers, request.GET.get("more", "")))


def _read(request: StaffRequest, sheet: Sheet) -> HttpResponse:
    asked = {one.code: one for one in show_part(sheet.questions, sheet.feedback.answers)}
    registered = _registered(_steps(sheet.window_session))
    for one in asked.values():
        one.registered = registered
    context = {
        "window_session": sheet.window_session,
        "feedback": sheet.feedback,
        "sections": [
            (title, [asked[question.code] for question in questions])
            for part in sheet.parts
            for title, questions in part.sections
        ],
        "suggestions": SUGGESTIONS,
        "may_return": may(request.user, "return_feedback", sheet.window_session),
        "may_raise": may(request.user, "save_feedback", sheet.window_session),
    }
    return render(request, "window_sessions/feedback_read.html", context)


def _form(
    request: StaffRequest, sheet: Sheet, part: Part, asked: list[Asked], missing: dict[str, str] | None = None
) -> HttpResponse:
    """The page of one part. `missing` (question → what to do) comes from a refused handing-in."""
    answers, missing = sheet.feedback.answers, missing or {}
    by_code = {one.code: one for one in asked}
    steps = _steps(sheet.window_session)
    for one in asked:
        one.registered = _registered(steps)
        one.required = is_required(one.question, sheet.questions, answers)
        one.errors = one.errors or [missing[code] for code in missing if code == one.code]
    wrong = bool(missing) or any(one.errors for one in asked)
    context: dict[str, Any] = {
        "window_session": sheet.window_session,
        "feedback": sheet.feedback,
        "part": part,
        "states": [_part_state(other, part, sheet) for other in sheet.parts],
        "sections": [(title, [by_code[q.code] for q in questions]) for title, questions in part.sections],
        "suggestions": SUGGESTIONS,
        "missing": [(code, sheet.part_of(code), text) for code, text in missing.items()],
        "conditional": Requirement.CONDITIONAL,
        "run": _run_figures(steps),
        "signer": request.user.display_name,
    }
    return render(request, "window_sessions/feedback_form.html", context, status=400 if wrong else 200)


def _part_state(other: Part, part: Part, sheet: Sheet) -> str:
    if other.number == part.number:
        return "now"
    return "waiting" if problems(other.questions, sheet.feedback.answers) else "done"


def _steps(window_session: WindowSession) -> list[StepRun]:
    return list(StepRun.objects.filter(case__window_session=window_session))


def _registered(steps: list[StepRun]) -> list[str]:
    """The numbers of the issues that blocked steps have raised."""
    return [step.issue_number for step in steps if step.issue_number]


def _run_figures(steps: list[StepRun]) -> dict[str, int]:
    """The strip that says what was taken over from the run."""
    return {
        "cases": len({step.case_id for step in steps}),
        "steps": sum(bool(step.result) for step in steps),
        "documents": sum(step.documents_asked for step in steps),
        "signatures": sum(step.signatures for step in steps),
    }


def _posted(request: StaffRequest, sheet: Sheet) -> tuple[Part, list[Asked]]:
    part = sheet.part(request.POST.get("part", ""))
    return part, read_part(part.questions, request.POST)


def _save(request: StaffRequest, sheet: Sheet, asked: list[Asked]) -> None:
    """Store what was posted of one part, as far as it can be stored; the sheet holds the outcome."""
    version = whole_number(request.POST.get("version"))
    sheet.feedback = services.save_feedback(sheet.window_session, request.user, changes(asked), version=version)


@require_POST
@staff()
def save_feedback(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep the posted part as a draft; `go` is next, previous or a further row."""
    window_session = the_session(request, pk)
    sheet = _sheet(window_session)
    if sheet is None:
        require(may(request.user, "save_feedback", window_session))
        return redirect("window_sessions:feedback", pk)
    part, asked = _posted(request, sheet)
    wrong = any(one.errors for one in asked)
    if wrong and is_autosave(request):
        # Nothing is stored: the bar must not say "saved" while one field is not.
        return JsonResponse({"errors": {one.code: one.errors for one in asked if one.errors}}, status=400)
    _save(request, sheet, asked)
    if is_autosave(request):
        return saved(sheet.feedback.version, {one.code: too_short(one.question, one.value) for one in asked})
    if wrong:
        return _form(request, sheet, part, asked)
    go = request.POST.get("go", "")
    number = part.number + {"next": 1, "previous": -1}.get(go, 0)
    table = next((q.code for q in part.questions if go == f"row-{q.code}"), "")
    further = f"&more={table}#q-{table}" if table else ""
    return redirect(f"{reverse('window_sessions:feedback', args=[pk])}?part={number}{further}")


@require_POST
@staff()
def submit_feedback(request: StaffRequest, pk: int) -> HttpResponse:
    """Save the last part, then hand the form in; what is missing is named with a link to its part."""
    window_session = the_session(request, pk)
    sheet = _sheet(window_session)
    if sheet is None or window_session.status != SessionStatus.AWAITING_FEEDBACK:
        services.submit_feedback(window_session, request.user)
        return redirect("window_sessions:feedback", pk)
    part, asked = _posted(request, sheet)
    _save(request, sheet, asked)
    if any(one.errors for one in asked):
        return _form(request, sheet, part, asked)
    try:
        services.submit_feedback(window_session, request.user)
    except ValidationError as error:
        return _form(request, sheet, part, asked, {code: texts[0] for code, texts in error.message_dict.items()})
    messages.success(request, _("The feedback is handed in. Thank you for sitting at the window."))
    return redirect("window_sessions:feedback", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def return_feedback(request: StaffRequest, pk: int) -> HttpResponse:
    """The reform office gives the form back with a reason."""
    window_session = the_session(request, pk)
    require(may(request.user, "return_feedback", window_session))
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.return_feedback(window_session, request.user, form.cleaned_data["reason"])
        messages.success(request, _("The form is back with its director."))
        return redirect("window_sessions:feedback", pk)
    context = {"window_session": window_session, "form": form}
    return render(request, "window_sessions/return_feedback.html", context, status=400 if form.is_bound else 200)
