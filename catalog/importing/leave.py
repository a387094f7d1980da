"""When a leader cannot come, in the words that halls use: `2026-05-19上午`, `7月6日至10日`, `每周三下午`."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from catalog.choices import Half
from catalog.importing.cleaning import CellError, day, key

_PARTS = re.compile(r"[;；,，、\n]+")
_RANGE = re.compile(r"(.+?)(?:~|～|至|到|—+|–|－－|-(?=\d{1,2}月))(.+)")
_WEEKLY = re.compile(r"(?:每|逢)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])(上午|下午|全天)?")
_HALVES = {"上午": Half.AM.value, "下午": Half.PM.value, "am": Half.AM.value, "pm": Half.PM.value}
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Leave:
    """From one day to another, a half-day or both (""), every day or one weekday (0 Monday)."""

    starts_on: date
    ends_on: date
    half: str = ""
    weekday: int | None = None


def parse(value: str, year: int) -> list[Leave]:
    """All times in a cell; dates without a year are in `year`. Raises CellError for a part that says no time."""
    leaves: list[Leave] = []
    for part in _PARTS.split(value):
        words = key(part)
        if words and words not in ("无", "-", "/"):
            leaves.extend(_part(words, year))
    return leaves


def _part(words: str, year: int) -> list[Leave]:
    weekly = _WEEKLY.fullmatch(words)
    if weekly:
        weekday = _WEEKDAYS.index(weekly.group(1).replace("天", "日"))
        half = _HALVES.get(weekly.group(2) or "", "")
        return [Leave(date(year, 1, 1), date(year + 1, 12, 31), half, weekday)]
    plain, half = _half(words)
    span = _RANGE.fullmatch(words)
    if span is None:
        only = day(plain, year)
        return [Leave(only, only, half)]
    return _span(span.group(1), span.group(2), year)


def _half(words: str) -> tuple[str, str]:
    for word, half in _HALVES.items():
        if words.endswith(word):
            return words[: -len(word)], half
    return words.removesuffix("全天"), ""


def _span(first: str, last: str, year: int) -> list[Leave]:
    """A range; a half-day on either end becomes its own entry."""
    first, first_half = _half(first)
    last, last_half = _half(last)
    starts = day(first, year)
    ends = _end(last, starts)
    if ends < starts:
        raise CellError("not_a_date", _("ends before it begins; write the earlier day first"))
    if starts == ends:
        same = first_half if first_half == last_half else ""
        return [Leave(starts, ends, same)]
    leaves = []
    if first_half == Half.PM:
        leaves.append(Leave(starts, starts, Half.PM.value))
        starts += timedelta(days=1)
    tail = last_half == Half.AM
    whole_end = ends - timedelta(days=1) if tail else ends
    if whole_end >= starts:
        leaves.append(Leave(starts, whole_end))
    if tail:
        leaves.append(Leave(ends, ends, Half.AM.value))
    return leaves


def _end(last: str, starts: date) -> date:
    """The end of a range, which may leave out month and year: `7月6日至10日`."""
    only_day = re.fullmatch(r"(\d{1,2})(?:日|号)?", last)
    if only_day:
        return day(f"{starts.month}-{only_day.group(1)}", starts.year)
    ends = day(last, starts.year)
    if ends < starts and not re.match(r"\d{4}", last):
        return ends.replace(year=ends.year + 1)
    return ends
