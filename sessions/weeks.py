"""ISO weeks as addresses name them: 2026-W21."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from core.words import long_date, short_date

WEEK = re.compile(r"^(\d{4})-W(\d{1,2})$")
SEVEN = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """Monday to Sunday."""

    monday: date

    @classmethod
    def of(cls, day: date) -> "Week":
        """The week that holds a day."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def parse(cls, text: str | None, default: date) -> "Week":
        """The week an address names; the one of `default` when it names none that exists."""
        return cls._named(text) or cls.of(default)

    @classmethod
    def exists(cls, text: str | None) -> bool:
        """Whether an address names a week that there is, or none at all."""
        return not text or cls._named(text) is not None

    @classmethod
    def _named(cls, text: str | None) -> "Week | None":
        match = WEEK.match(text or "")
        try:
            return cls(date.fromisocalendar(int(match[1]), int(match[2]), 1)) if match else None
        except ValueError:
            return None

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def year(self) -> int:
        return self.monday.isocalendar().year

    @property
    def key(self) -> str:
        return f"{self.year}-W{self.number:02}"

    @property
    def days(self) -> str:
        """Monday to Friday in words."""
        return _("%(first)s to %(last)s") % {
            "first": long_date(self.monday),
            "last": short_date(self.monday + timedelta(days=4)),
        }

    @property
    def before(self) -> "Week":
        return Week(self.monday - SEVEN)

    @property
    def after(self) -> "Week":
        return Week(self.monday + SEVEN)
