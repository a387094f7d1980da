"""The feedback form as facts: which questions a person is asked, in which parts, and what is still missing.

Knows nothing of requests or pages; the page's form, the service and the read page all ask here.
"""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sessions.choices import AnswerKind, Requirement
from sessions.models import FeedbackQuestion

LOW_RATING = 3
Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One page of the form: its number from 1 and its questions, grouped by section."""

    number: int
    title: str
    sections: list[tuple[str, list[FeedbackQuestion]]]

    @property
    def questions(self) -> list[FeedbackQuestion]:
        return [question for _title, questions in self.sections for question in questions]


def asked_of(questions: Iterable[FeedbackQuestion], rank: str) -> list[FeedbackQuestion]:
    """The questions for a person of this rank; a question without an audience is for everybody."""
    return [question for question in questions if not question.audience or rank in question.audience]


def asked_after_re_walk(questions: Iterable[FeedbackQuestion]) -> list[FeedbackQuestion]:
    """The questions after a re-walk: those for everybody, with every long text voluntary and of any length.

    What was seen stands in the verification's record; nobody writes an essay on it, nor on the own department.
    """
    asked = [copy(question) for question in asked_of(questions, "")]
    for question in asked:
        if question.kind == AnswerKind.LONG_TEXT and question.requirement == Requirement.YES:
            question.requirement, question.minimum = Requirement.NO, None
    return asked


def parts(questions: Iterable[FeedbackQuestion]) -> list[Part]:
    """The pages of the form, one a section; a section of one optional question joins the page before it."""
    sections: dict[str, list[FeedbackQuestion]] = {}
    for question in questions:
        sections.setdefault(question.section, []).append(question)
    pages: list[Part] = []
    for title, members in sections.items():
        slight = len(members) == 1 and members[0].requirement == Requirement.NO
        if slight and pages:
            pages[-1].sections.append((title, members))
        else:
            pages.append(Part(len(pages) + 1, title, [(title, members)]))
    return pages


def low_ratings(questions: Iterable[FeedbackQuestion], answers: Answers, section: str) -> bool:
    """Whether a rating of this section is 3 or less, so that its reason is asked for."""
    scales = [q.code for q in questions if q.kind == AnswerKind.SCALE and q.section == section]
    return any(isinstance(answers.get(code), int) and answers[code] <= LOW_RATING for code in scales)


def is_required(question: FeedbackQuestion, questions: Iterable[FeedbackQuestion], answers: Answers) -> bool:
    """Whether the form cannot be handed in without this answer."""
    if question.requirement == Requirement.CONDITIONAL:
        return low_ratings(questions, answers, question.section)
    return bool(question.requirement == Requirement.YES)


def problems(questions: list[FeedbackQuestion], answers: Answers) -> dict[str, str]:
    """What keeps the form from being handed in: question code → what to do."""
    found: dict[str, str] = {}
    for question in questions:
        value = answers.get(question.code)
        if value in (None, "", [], {}):
            if is_required(question, questions, answers):
                found[question.code] = _missing(question)
        elif short := too_short(question, value):
            found[question.code] = short
    return found


def too_short(question: FeedbackQuestion, value: Any) -> str:
    """What a long text still lacks, in words; empty for enough, for nothing written yet and for other kinds."""
    if question.kind != AnswerKind.LONG_TEXT or not value or len(value) >= (question.minimum or 0):
        return ""
    words = _("%(length)s of at least %(minimum)s characters so far. Please write more.")
    return words % {"length": len(value), "minimum": question.minimum}


def _missing(question: FeedbackQuestion) -> str:
    if question.kind == AnswerKind.SCALE:
        return _("Please choose a value; nothing is chosen for you.")
    if question.kind == AnswerKind.SIGNATURE:
        return _("Please sign: tick the box beside your name.")
    if question.requirement == Requirement.CONDITIONAL:
        return _("A rating is 3 or less: please write down the reason.")
    return _("Please answer this question.")
