"""Dates as halls write them: in digits, in Chinese, as a workbook's serial number."""

import re
from datetime import date, timedelta

from django.utils.translation import gettext as _

from catalog.importing.cleaning import CellError, chinese_digits, chinese_number, key, tidy

WEEKDAY = r"(?:\(?(?:周|星期|礼拜)[一二三四五六日天]\)?)?"
DATE = r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})(?:日|号)?"
_DATE = re.compile(DATE + WEEKDAY)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
# Serial numbers of 2009 to 2091; others are too easily something else.
_SERIAL = re.compile(r"([4-6]\d{4})(?:\.0*)?")
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")
_CHINESE = "零〇○一二三四五六七八九十廿卅"
_CHINESE_YEAR = re.compile("([零〇○o一二三四五六七八九]{4})(?=年)")
_CHINESE_PART = re.compile(f"(?<![周期拜])([{_CHINESE}]+)(?=[月日号至到~])")


def narrow(value: str) -> str:
    """A date's text in digits without spaces, midnight left out: `二〇二六年五月十八日` is `2026年5月18日`."""
    given = key(_MIDNIGHT.sub("", tidy(value)))
    given = _CHINESE_YEAR.sub(lambda found: chinese_digits(found.group(1)), given)
    return _CHINESE_PART.sub(lambda found: str(chinese_number(found.group(1))), given)


def day(value: str, year: int) -> date:
    """A date; one without a year is in `year`. Raises CellError for anything that is not one whole day."""
    given = narrow(value)
    serial = _SERIAL.fullmatch(given)
    if serial:
        return date(1899, 12, 30) + timedelta(days=int(serial.group(1)))
    found = _COMPACT.fullmatch(given) or _DATE.fullmatch(given)
    if found is None:
        raise no_date()
    return make(found.group(1) or year, found.group(2), found.group(3))


def make(year: int | str, month: int | str, of_month: int | str) -> date:
    """The date of three numbers. Raises CellError when the calendar has no such day."""
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError as error:
        raise no_date() from error


def no_date() -> CellError:
    return CellError("not_a_date", _("is not a date; write it as 2026-05-18"))
