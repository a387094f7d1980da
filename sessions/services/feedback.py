"""The feedback of a session: drafts, handing in, returning."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.doors import StaleVersion, WrongState, lock
from sessions.choices import Purpose, SessionStatus
from sessions.models import Feedback, FeedbackQuestion, FeedbackTemplate, WindowSession
from sessions.prefill import prefill
from sessions.questionnaire import asked_after_re_walk, asked_of, problems
from sessions.services.acting import hold, record


def new_feedback(window_session: WindowSession) -> Feedback | None:
    """An unsaved form of the version in use, prefilled from the run; None when no version has been imported."""
    template = FeedbackTemplate.objects.filter(active=True).first()
    if template is None:
        return None
    answers = prefill(window_session, list(template.questions.all()))
    return Feedback(window_session=window_session, template=template, answers=answers)


def ensure_feedback(window_session: WindowSession) -> Feedback | None:
    """The form of this session, made and prefilled if it has none yet."""
    existing = Feedback.objects.filter(window_session=window_session).first()
    if existing is not None:
        return existing
    feedback = new_feedback(window_session)
    if feedback is not None:
        feedback.save()
    return feedback


def questions_of(feedback: Feedback) -> list[FeedbackQuestion]:
    """The questions this session's director is asked."""
    window_session, questions = feedback.window_session, feedback.template.questions.all()
    if window_session.purpose == Purpose.VERIFICATION:
        return asked_after_re_walk(questions)
    return asked_of(questions, window_session.rank)


def _hold(window_session: WindowSession, action: str, actor: User) -> tuple[WindowSession, Feedback]:
    row = hold(window_session, action, actor)
    feedback = ensure_feedback(row)
    if feedback is None:
        raise WrongState(_("No feedback form has been imported yet. Please tell the hall's administrator."))
    return row, lock(feedback)


def readable(feedback: Feedback, codes: Mapping[str, Any]) -> dict[str, str]:
    """Question → answer in words, for the page that shows two versions side by side."""
    labels = {question.code: question.label for question in feedback.template.questions.all()}
    return {f"{code} {labels.get(code, '')}": words(value) for code, value in codes.items()}


def words(value: Any) -> str:
    """An answer as plain text."""
    if isinstance(value, list):
        return "\n".join(words(part) for part in value)
    if isinstance(value, dict):
        return "，".join(str(part) for part in value.values() if part not in ("", None, True))
    return "" if value is None else str(value)


@transaction.atomic
def save_feedback(
    window_session: WindowSession, actor: User, answers: Mapping[str, Any], *, version: int | None = None
) -> Feedback:
    """Keep these answers as a draft; None takes an answer back. Other questions stay as they are. Writes no event.

    Raises StaleVersion with both texts when another tab has saved other answers to these questions.
    """
    _row, feedback = _hold(window_session, "save_feedback", actor)
    known = {question.code for question in questions_of(feedback)}
    changed = {code: value for code, value in answers.items() if code in known}
    stored = {code: feedback.answers.get(code) for code in changed}
    if stored == changed:
        return feedback
    if version is not None and version != feedback.version:
        raise StaleVersion(
            _("This form was saved in another window since you opened it."),
            current=readable(feedback, stored),
            typed=readable(feedback, changed),
        )
    merged = feedback.answers | changed
    feedback.answers = {code: value for code, value in merged.items() if value is not None}
    feedback.saved_at = clock.now()
    feedback.version += 1
    feedback.save(update_fields=["answers", "saved_at", "version"])
    return feedback


@transaction.atomic
def submit_feedback(window_session: WindowSession, actor: User) -> Feedback:
    """Hand the form in; the session is completed. A repeat changes nothing.

    Raises ValidationError ({question code: what to do}) while something required is missing or too short.
    """
    done = Feedback.objects.filter(
        window_session=window_session,
        window_session__status=SessionStatus.COMPLETED,
        window_session__director=actor,
    ).first()
    if done is not None:
        return done
    row, feedback = _hold(window_session, "submit_feedback", actor)
    questions = questions_of(feedback)
    if missing := problems(questions, feedback.answers):
        raise ValidationError(missing)
    feedback.submitted_at = clock.now()
    feedback.returned_reason = ""
    feedback.version += 1
    feedback.save(update_fields=["submitted_at", "returned_reason", "version"])
    record(row, "submit_feedback", actor, data={"template": feedback.template.version, "questions": len(questions)})
    return feedback


@transaction.atomic
def return_feedback(window_session: WindowSession, actor: User, reason: str) -> Feedback:
    """Give the form back to the director with a reason; it counts as not handed in until it comes again."""
    row, feedback = _hold(window_session, "return_feedback", actor)
    if not reason.strip():
        raise ValidationError({"reason": _("Please say what the director should change.")})
    feedback.returned_reason = reason.strip()
    feedback.submitted_at = None
    feedback.version += 1
    feedback.save(update_fields=["returned_reason", "submitted_at", "version"])
    record(row, "return_feedback", actor, note=feedback.returned_reason)
    return feedback
