"""One part of the feedback form as a page: reading what was posted, keeping what was typed, saying what is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from core import clock
from core.forms import TextField
from sessions.choices import AnswerKind
from sessions.models import FeedbackQuestion
from sessions.questionnaire import too_short

EMPTY_ROWS = 1
MORE_ROWS = 3
MAX_ROWS = 60
CELL_LENGTH = 500
TEXT_LENGTH = 4000


class TableError(ValidationError):
    """A cell that cannot be stored; carries the rows as typed."""

    def __init__(self, rows: list[dict[str, str]]) -> None:
        super().__init__(
            _("A cell is longer than %(count)s characters or holds characters that cannot be stored.")
            % {"count": CELL_LENGTH}
        )
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number, its cells by column, whether it is filled, the issue it already has."""

    number: int
    cells: list[tuple[str, str]]
    filled: bool
    issue_number: str


@dataclass
class Asked:
    """One question on the page: its value as stored or as typed, whether it is required, what is wrong."""

    question: FeedbackQuestion
    value: Any = None
    required: bool = False
    errors: list[str] = field(default_factory=list)
    empty_rows: int = EMPTY_ROWS
    registered: list[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.question.code

    @property
    def template(self) -> str:
        """The template that draws this kind."""
        return f"window_sessions/answers/{self.question.kind}.html"

    @property
    def answered(self) -> bool:
        return self.value not in (None, "", [], {})

    @property
    def lacking(self) -> str:
        """What a text still lacks to be handed in; it is kept all the same."""
        return too_short(self.question, self.value)

    @property
    def levels(self) -> list[tuple[str, str]]:
        """The boxes of a scale: number and word, split from labels such as 4比较懂."""
        return [(option[:1], option[1:]) for option in self.question.options]

    @property
    def rows(self) -> list[Row]:
        """The rows of a table with their cells, and empty ones to write in."""
        filled = self.filled_rows[:MAX_ROWS]
        empty = [[""] * len(self.question.options) for _n in range(self.empty_rows)]
        return [
            Row(n, list(zip(self.question.options, cells, strict=True)), n < len(filled), self._issue_in(cells))
            for n, cells in enumerate([*filled, *empty])
        ]

    def _issue_in(self, cells: list[str]) -> str:
        """The issue that the run registered for this row, or empty."""
        return next((number for number in self.registered if any(number in cell for cell in cells)), "")

    @property
    def filled_rows(self) -> list[list[str]]:
        """The filled rows, cells in the order of the columns (a database may give a row's keys in any order)."""
        return [[row.get(column, "") for column in self.question.options] for row in self.value or []]


def read_part(questions: list[FeedbackQuestion], data: QueryDict) -> list[Asked]:
    """What was posted for these questions. A wrong value stays as typed, with its error beside it."""
    asked = []
    for question in questions:
        one = Asked(question)
        try:
            one.value = READERS[AnswerKind(question.kind)](question, data)
        except TableError as error:
            one.value, one.errors = error.rows, error.messages
        except ValidationError as error:
            one.value, one.errors = data.get(question.code, ""), error.messages
        asked.append(one)
    return asked


def show_part(questions: list[FeedbackQuestion], answers: Mapping[str, Any], more: str = "") -> list[Asked]:
    """These questions with the answers that are stored; `more` is the table that was asked for further rows."""
    return [
        Asked(question, answers.get(question.code), empty_rows=MORE_ROWS if question.code == more else EMPTY_ROWS)
        for question in questions
    ]


def changes(asked: list[Asked]) -> dict[str, Any]:
    """What can be stored: question → answer, None for one that was left or taken back. Wrong ones are left out."""
    return {one.code: one.value if one.answered else None for one in asked if not one.errors and _stored(one.question)}


def _stored(question: FeedbackQuestion) -> bool:
    return bool(question.kind != AnswerKind.IMAGE)


def _single(question: FeedbackQuestion, data: QueryDict) -> Any:
    value = data.get(question.code, "")
    return value if value in question.options else None


def _multiple(question: FeedbackQuestion, data: QueryDict) -> Any:
    return [option for option in question.options if option in data.getlist(question.code)]


def _number(question: FeedbackQuestion, data: QueryDict) -> Any:
    number = forms.IntegerField(required=False, min_value=question.minimum or 0, max_value=question.maximum)
    return number.clean(data.get(question.code, ""))


def _long_text(question: FeedbackQuestion, data: QueryDict) -> Any:
    # Only the upper bound counts while it is a draft; "too short" is said when the form is handed in.
    return TextField(required=False, max_length=question.maximum or TEXT_LENGTH).clean(data.get(question.code, ""))


def _scale(question: FeedbackQuestion, data: QueryDict) -> Any:
    value = data.get(question.code, "")
    return int(value) if value in {option[:1] for option in question.options} and value.isdigit() else None


def _table(question: FeedbackQuestion, data: QueryDict) -> Any:
    cell = TextField(required=False, max_length=CELL_LENGTH)
    rows, wrong = [], False
    for n in range(MAX_ROWS + MORE_ROWS):
        names = [f"{question.code}-{n}-{column}" for column in range(len(question.options))]
        if not any(name in data for name in names):
            break
        row = {}
        for column, name in zip(question.options, names, strict=True):
            try:
                row[column] = cell.clean(data.get(name, ""))
            except ValidationError:
                row[column], wrong = data.get(name, ""), True
        rows.append(row)
    filled = [row for row in rows if any(row.values())][:MAX_ROWS]
    if wrong:
        raise TableError(filled)
    return filled


def _image(question: FeedbackQuestion, data: QueryDict) -> Any:
    return None


def _signature(question: FeedbackQuestion, data: QueryDict) -> Any:
    name = TextField(required=False, max_length=100).clean(data.get(f"{question.code}-name", ""))
    if not name or data.get(question.code) != "signed":
        return None
    return {"name": name, "date": clock.today().isoformat(), "signed": True}


READERS: dict[AnswerKind, Callable[[FeedbackQuestion, QueryDict], Any]] = {
    AnswerKind.SINGLE: _single,
    AnswerKind.MULTIPLE: _multiple,
    AnswerKind.NUMBER: _number,
    AnswerKind.LONG_TEXT: _long_text,
    AnswerKind.SCALE: _scale,
    AnswerKind.TABLE: _table,
    AnswerKind.IMAGE: _image,
    AnswerKind.SIGNATURE: _signature,
}
