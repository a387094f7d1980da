"""One row of a table while it is read: values by field, with what is wrong collected instead of raised."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from catalog.importing import cleaning, standard
from catalog.importing.cleaning import CellError
from catalog.importing.headers import Table
from catalog.importing.report import REJECTED, Entry

T = TypeVar("T")


@dataclass(slots=True)
class Row:
    """A data row. `problems` hold (code, message) and reject the row; `entry.messages` also takes warnings."""

    table: Table
    cells: Mapping[str, str]
    entry: Entry
    problems: list[tuple[str, str]] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """The table has a column for this field."""
        return name in self.table.columns

    def raw(self, name: str) -> str:
        """The cell as it stands in the file."""
        return self.cells.get(name, "")

    def given(self, name: str) -> bool:
        """The cell says something."""
        return self._try(name, lambda value: not cleaning.is_nothing(value), False)

    def name(self, name: str) -> str:
        return self._try(name, cleaning.name, "")

    def text(self, name: str) -> str:
        return self._try(name, cleaning.tidy, "")

    def code(self, name: str) -> str:
        return self._try(name, cleaning.code, "")

    def required(self, name: str, read: Callable[[str], str] = cleaning.name) -> str:
        """A text that must be there."""
        value = self._try(name, read, "")
        if not value or not self.given(name):
            self.reject("missing", _("“%(column)s” is empty; fill it in") % {"column": self.heading(name)})
        return value

    def days(self, name: str) -> Decimal | None:
        """Working days; None for a blank cell."""
        if not self.given(name):
            return None
        if cleaning.counts_calendar_days(self.raw(name)):
            self.warn(name, _("says calendar days; kept as the same number of working days"))
        self._warn_of_aside(name)
        value = self._try(name, cleaning.days, None)
        if value is not None and value != round(value, 2):
            self.refuse(name, CellError("not_a_number", _("has more than two decimals; round it")))
        return value

    def _warn_of_aside(self, name: str) -> None:
        if self._try(name, cleaning.has_aside, False):
            self.warn(name, _("the words in brackets were left out"))

    def number(self, name: str, default: Decimal) -> Decimal:
        self._warn_of_aside(name)
        return self._try(name, cleaning.number, default) if self.given(name) else default

    def whole(self, name: str, default: int) -> int:
        """A whole number up to 32767, which is what the tables keep."""
        self._warn_of_aside(name)
        value = self._try(name, cleaning.whole, default) if self.given(name) else default
        if value > 32767:
            self.refuse(name, CellError("too_large", _("is too large")))
        return value

    def yes(self, name: str, default: bool = False) -> bool:
        return self._try(name, lambda value: cleaning.yes(value, default), default)

    def choice(self, name: str, words: Mapping[str, str], default: str) -> str:
        if not self.given(name):
            return default
        return self._sure(name, *self._try(name, lambda value: cleaning.choice(value, words), (default, "")))

    def _sure(self, name: str, value: str, word: str) -> str:
        if word:
            self.warn(name, _("was taken as “%(word)s”") % {"word": word})
        return value

    def soft_choice(self, name: str, words: Mapping[str, str], default: str) -> str:
        """A descriptive kind: an unknown word is kept out with a warning, not a reason to lose the row."""
        if not self.given(name):
            return default
        try:
            return self._sure(name, *cleaning.choice(self.raw(name), words))
        except CellError as error:
            self.warn(name, f"{error}")
            return default

    def several(self, name: str) -> list[str]:
        return self._try(name, cleaning.several, []) if self.given(name) else []

    def parts(self, name: str) -> list[str]:
        return self._try(name, cleaning.parts, [])

    def key(self, name: str) -> str:
        """What the cell has in common with other spellings of it; "" for a cell that cannot be read."""
        return self._try(name, cleaning.key, "")

    def heading(self, name: str) -> str:
        """What the file calls this column; for a column that is not there, the heading of our own form."""
        return self.table.headings.get(name) or standard.headings().get(self.table.kind.name, {}).get(name, name)

    def warn(self, name: str, message: str) -> None:
        """A doubt that does not keep the row out."""
        self.entry.messages.append(self._sentence(name, message))

    def refuse(self, name: str, error: CellError) -> None:
        """This cell keeps the row out."""
        self.reject(error.code, self._sentence(name, str(error)))

    def reject(self, code: str, message: str) -> None:
        self.problems.append((code, message))

    def _sentence(self, name: str, message: str) -> str:
        facts = {"column": self.heading(name), "value": self.raw(name).strip()[:80], "message": message}
        return _("“%(column)s”: “%(value)s” %(message)s") % facts

    def _try(self, name: str, read: Callable[[str], T], default: T) -> T:
        try:
            return read(self.cells.get(name, ""))
        except CellError as error:
            self.refuse(name, error)
            return default

    def settle(self) -> bool:
        """Write a rejection into the report; True when the row may go on."""
        if not self.problems:
            return True
        self.entry.status, self.entry.code = REJECTED, self.problems[0][0]
        # Doubts about a row that stays out would only hide why it does.
        self.entry.messages[:] = dict.fromkeys(message for _code, message in self.problems)
        return False

    def check_lengths(self, model: type[models.Model], values: Mapping[str, Any]) -> None:
        """Reject what the table cannot hold whole: text is never cut off."""
        for name, value in values.items():
            column = model._meta.get_field(name)
            limit = getattr(column, "max_length", None)
            if isinstance(value, str) and limit and len(value) > limit:
                facts = {"column": self.heading(name), "length": len(value), "limit": limit}
                self.reject(
                    "too_long", _("“%(column)s” has %(length)d characters, at most %(limit)d fit; shorten it") % facts
                )
            if isinstance(column, models.DecimalField) and isinstance(value, Decimal):
                self._check_size(name, column, value)

    def _check_size(self, name: str, column: "models.DecimalField[Any, Any]", value: Decimal) -> None:
        if abs(value) >= Decimal(10) ** ((column.max_digits or 0) - (column.decimal_places or 0)):
            self.refuse(name, CellError("too_large", _("is too large")))
