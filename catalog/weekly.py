"""The half-days of the week on which a hall is always closed, kept as codes such as "2-PM" (weekday 0 is Monday)."""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalog.choices import Half
from core.words import weekly_word

DAYS = range(5)
CODES = tuple(f"{weekday}-{half}" for weekday in DAYS for half in Half.values)
"""Every half-day of a working week, in its order. Weekends are the calendar's."""


def code(day: date, half: str) -> str:
    """The half-day of the week in which this one lies."""
    return f"{day.weekday()}-{half}"


def choices() -> list[tuple[str, str]]:
    """Each half-day with its words, for check boxes."""
    return [(one, _word(one)) for one in CODES]


def valid(value: object) -> None:
    """A validator: a list of different codes. Raises ValidationError."""
    if not isinstance(value, list) or len(set(map(str, value))) != len(value) or not set(map(str, value)) <= set(CODES):
        raise ValidationError(_("This is no list of half-days of the week."))


def words(closed: Collection[str]) -> list[str]:
    """What is closed, in the order of the week; both halves of a day are the whole day."""
    found = []
    for weekday in DAYS:
        shut = [one for one in CODES if one.startswith(f"{weekday}-") and one in closed]
        found += [weekly_word(weekday)] if len(shut) == len(Half) else [_word(one) for one in shut]
    return found


def _word(one: str) -> str:
    weekday, half = one.split("-")
    return weekly_word(int(weekday), half)
