"""When a leader cannot come, in the words that halls use: `2026-05-19上午`, `7月6日至10日`, `每周三下午`."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from catalog.choices import Half
from catalog.importing.cleaning import CellError, tidy
from catalog.importing.dates import DATE, WEEKDAY, day, make, narrow, no_date

_PARTS = re.compile(r"[;；,，、\n]+|和|及|与")
# A space between two dates parts them; other spaces are layout.
_NEXT_DATE = re.compile(r"(?<=[\d日号午天])[ \u3000]+(?=\d{4}[-/.年]|\d{1,2}[/.月]\d)")
_ASIDE = re.compile(r"\((?!(?:上午|下午|全天|周.|星期.|礼拜.)\))[^()]*\)$")
_WEEK = "(?:周|星期|礼拜)"
_HALF = r"\(?(上午|下午|全天|上半天|下半天|am|pm)?\)?"
_WEEKLY = re.compile(
    rf"(每|逢)?(?:个)?{_WEEK}([一二三四五六日天])(?:(?:至|到|-|~){_WEEK}?([一二三四五六日天]))?{_HALF}"
)
_WEEKLY_MORE = re.compile(rf"{_WEEK}?([一二三四五六日天])()()?{_HALF}")
_ONE = f"{DATE}{WEEKDAY}{_HALF}"
_SEPARATOR = r"\s*(?:起?至|起?到|~+|-+)\s*"
_RANGE = re.compile(f"(?:自|从)?{_ONE}{_SEPARATOR}(?:{_ONE}|(\\d{{1,2}})(?:日|号)?{WEEKDAY}{_HALF})(?:止|期间)?")
_SINGLE = re.compile(_ONE)
_COMPACT = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}}){_HALF}")
_COMPACT_RANGE = re.compile(r"(\d{8})(?:至|到|~+|-+)(\d{8})")
_DAY_MORE = re.compile(rf"(\d{{1,2}})(?:日|号)?{WEEKDAY}{_HALF}")
_MONTH = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:份|全月|整月)?")
_HALVES = {"上午": Half.AM.value, "上半天": Half.AM.value, "am": Half.AM.value}
_HALVES |= {"下午": Half.PM.value, "下半天": Half.PM.value, "pm": Half.PM.value}
_WEEKDAYS = "一二三四五六日"
_NOTHING = ("", "无", "-", "/", "--", "暂无", "没有", "否")


@dataclass(frozen=True, slots=True)
class Leave:
    """From one day to another, a half-day or both (""), every day or one weekday (0 Monday)."""

    starts_on: date
    ends_on: date
    half: str = ""
    weekday: int | None = None


def parse(value: str, year: int, doubts: list[str] | None = None) -> list[Leave]:
    """All times in a cell; dates without a year are in `year`. Raises CellError for a part that says no time.

    What was understood but could mean something else is told in `doubts`.
    """
    told = doubts if doubts is not None else []
    leaves: list[Leave] = []
    for part in _PARTS.split(_NEXT_DATE.sub(";", tidy(value))):
        words = narrow(part)
        bare = _ASIDE.sub("", words)
        if bare != words:
            told.append(_("the words in brackets were left out"))
        if bare not in _NOTHING:
            _add(leaves, bare, year, told)
    return list(dict.fromkeys(leaves))


def _add(leaves: list[Leave], words: str, year: int, told: list[str]) -> None:
    """One part; a bare weekday or day goes on from the part before it."""
    last = leaves[-1] if leaves else None
    if found := _WEEKLY.fullmatch(words):
        if not found.group(1) and not (last and last.weekday is not None):
            told.append(_("was taken as every week"))
        leaves.extend(_weekly(found, year))
    elif last and last.weekday is not None and (found := _WEEKLY_MORE.fullmatch(words)):
        leaves.extend(_weekly(found, year))
        _share_half(leaves, told)
    elif last and last.weekday is None and (found := _DAY_MORE.fullmatch(words)):
        if found.group(2):
            raise CellError("not_a_date", _("does not say whether the half-day holds for every date; write it at each"))
        leaves.append(_whole(make(last.ends_on.year, last.ends_on.month, found.group(1))))
    else:
        leaves.extend(_dated(words, year, told))


def _share_half(leaves: list[Leave], told: list[str]) -> None:
    """`每周一、三下午` means both afternoons."""
    half = leaves[-1].half
    for index in range(len(leaves) - 2, -1, -1):
        if leaves[index].weekday is None or leaves[index].half or not half:
            return
        leaves[index] = replace(leaves[index], half=half)
        told.append(_("the half-day was taken for every weekday named"))


def _weekly(found: re.Match[str], year: int) -> list[Leave]:
    first = _WEEKDAYS.index(found.group(2 if found.re is _WEEKLY else 1).replace("天", "日"))
    to = (found.group(3) or "").replace("天", "日")
    last = _WEEKDAYS.index(to) if to else first
    half = _HALVES.get(found.group(4) or "", "")
    if last < first:
        raise CellError("not_a_date", _("ends before it begins; write the earlier day first"))
    return [Leave(date(year, 1, 1), date(year + 1, 12, 31), half, weekday) for weekday in range(first, last + 1)]


def _dated(words: str, year: int, told: list[str]) -> list[Leave]:
    if not re.search(r"\d{4}|[4-6]\d{4}", words):
        told.append(_("names no year; %(year)d was taken") % {"year": year})
    if found := _RANGE.fullmatch(words):
        return _span(words, found, year)
    if found := _COMPACT_RANGE.fullmatch(words):
        return _between(day(found.group(1), year), "", day(found.group(2), year), "")
    found = _SINGLE.fullmatch(words) or _COMPACT.fullmatch(words)
    if found:
        only = make(found.group(1) or year, found.group(2), found.group(3))
        return [Leave(only, only, _HALVES.get(found.group(4) or "", ""))]
    if found := _MONTH.fullmatch(words):
        first = make(found.group(1) or year, found.group(2), 1)
        return [Leave(first, first.replace(day=monthrange(first.year, first.month)[1]))]
    return [_whole(day(words, year))]


def _whole(only: date) -> Leave:
    return Leave(only, only)


def _span(words: str, found: re.Match[str], year: int) -> list[Leave]:
    """A range; its end may leave out the year, or year and month: `7月6日至10日`."""
    first_half, last_half = (_HALVES.get(word or "", "") for word in (found[4], found[8] or found[10]))
    starts = make(found[1] or year, found[2], found[3])
    if found[9] is not None:
        if found[1] is None and re.fullmatch(r"\d+-\d+-\d+", words):
            raise no_date()
        ends = make(starts.year, starts.month, found[9])
    else:
        ends = make(found[5] or starts.year, found[6], found[7])
        if ends < starts and not found[5]:
            ends = make(starts.year + 1, found[6], found[7])
    return _between(starts, first_half, ends, last_half)


def _between(starts: date, first_half: str, ends: date, last_half: str) -> list[Leave]:
    """The days between; a half-day on either end becomes its own entry."""
    from_noon, to_noon = first_half == Half.PM, last_half == Half.AM
    if ends < starts or (ends == starts and from_noon and to_noon):
        raise CellError("not_a_date", _("ends before it begins; write the earlier day first"))
    if starts == ends:
        return [Leave(starts, ends, Half.PM.value if from_noon else Half.AM.value if to_noon else "")]
    leaves = [Leave(starts, starts, Half.PM.value)] if from_noon else []
    first, last = starts + timedelta(days=from_noon), ends - timedelta(days=to_noon)
    leaves += [Leave(first, last)] if first <= last else []
    return leaves + ([Leave(ends, ends, Half.AM.value)] if to_noon else [])
