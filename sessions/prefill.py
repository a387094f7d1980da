"""What the run already knows of the feedback form (codes of template version 1). Ratings are never filled in."""

from typing import Any

from django.utils import timezone

from sessions.choices import CaseSource, Consent, Mode, StepResult
from sessions.models import FeedbackQuestion, HandledCase, StepRun, WindowSession

# How the form's options begin, in the words of the question file.
MODE_WORDS = {Mode.CLERK: "经办", Mode.COMPANION: "陪办", Mode.APPLICANT: "企业群众", Mode.SUPERVISOR: "监督"}
SOURCE_WORDS = {CaseSource.DRAWN: "现场", CaseSource.SIMULATED: "标准化模拟"}


def prefill(window_session: WindowSession, questions: list[FeedbackQuestion]) -> dict[str, Any]:
    """Answers taken over from the run: role, source, items with times and results, counts, problems found."""
    cases = list(window_session.cases.select_related("item").prefetch_related("steps"))
    options = {question.code: question.options for question in questions}
    columns = {code: names for code, names in options.items() if code in {"Q04", "Q13"}}
    found: dict[str, Any] = {"Q01": _option(options.get("Q01"), MODE_WORDS.get(Mode(window_session.mode), ""))}
    if cases:
        sources = {case.source for case in cases}
        word = SOURCE_WORDS[CaseSource(sources.pop())] if len(sources) == 1 else ""
        found |= {
            "Q02": _option(options.get("Q02"), word),
            "Q03": "" if any(case.abandoned for case in cases) else _option(options.get("Q03"), "全部"),
            "Q04": [_row(columns.get("Q04"), _case_row(case)) for case in cases],
            "Q05": sum(case.source == CaseSource.DRAWN for case in cases),
            "Q06": sum(not _blocked(case) and not case.abandoned for case in cases),
            "Q13": [_row(columns.get("Q13"), _problem_row(step)) for case in cases for step in _blocked(case)],
        }
    return {code: value for code, value in found.items() if code in options and value not in ("", [])}


def _option(options: list[str] | None, word: str) -> str:
    """The option that begins with this word, or empty."""
    return next((option for option in options or [] if word and option.startswith(word)), "")


def _row(columns: list[str] | None, values: list[str]) -> dict[str, str]:
    return dict(zip(columns or [], values, strict=False))


def _clock(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%H:%M") if moment else ""


def _blocked(case: HandledCase) -> list[StepRun]:
    return [step for step in case.steps.all() if step.result == StepResult.BLOCKED]


def _case_row(case: HandledCase) -> list[str]:
    """Item, kind, start, end, result: in the order of the form's columns."""
    blocked = "、".join(step.issue_number for step in _blocked(case))
    result = f"{StepResult.BLOCKED.label} {blocked}" if blocked else str(StepResult.OK.label)
    if case.abandoned:
        result = f"{Consent.WITHDRAWN.label} {blocked}".strip()
    return [
        case.item.name,
        str(case.item.get_handling_display()),
        _clock(case.started_at),
        _clock(case.ended_at),
        result,
    ]


def _problem_row(step: StepRun) -> list[str]:
    """Step, category (left to the director), scene with the issue's number."""
    return [step.name, "", f"{step.note} {step.issue_number}".strip()]
