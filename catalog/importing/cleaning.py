"""Cells into values. Cleaning takes off what nobody meant (odd spaces, zero-width marks, full-width digits, units);
what cannot be understood raises CellError instead of being guessed.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

_ZERO_WIDTH = re.compile("[\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060\ufeff\u00ad]")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ODD_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]")
_HAN = "[\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef“”‘’]"
_BETWEEN_HAN = re.compile(f"(?<={_HAN})[ \n]+(?={_HAN})")
_NOTHING = {"", "-", "--", "—", "——", "－", "/", "\\", "无", "不适用", "n/a", "na", "none", "null", "暂无", "空"}
_YES = re.compile(
    "是|有|y|yes|true|t|ok|1|√|✓|✔|☑|●|可|可以|能|支持|需|需要|对|启用|在用|已纳入|参加|纳入|必要|正常|开放"
)
_NO = re.compile(
    "否|无|n|no|false|f|0|×|✗|✘|x|☐|不|不可|不可以|不能|不支持|不需|不需要|错|停用|未启用|未纳入|不参加|不纳入|停止|关闭|没有"
)
_UNITS = re.compile(
    r"(?:个|的)?(?:工作日|自然日|日历日|天|日|份|次|人|人次|个|公里|千米|km|套|张|枚|处|项)?(?:内|以内|之内|内办结|内办理)?$"
)
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_ON_THE_SPOT = re.compile("(即办|即时|当场|立等|随到随办|马上)(件|办结|办理|办|可取)?")
_SEPARATORS = re.compile(r"[;；,，、|\n/]+")


class CellError(Exception):
    """A cell that cannot be taken; `code` is for programs, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def tidy(value: str) -> str:
    """Text without what cannot be seen or was not meant; line breaks inside stay, everything else is untouched."""
    if _ILLEGAL.search(value.replace("\r", "")):
        raise CellError("illegal", _("holds characters that cannot be stored; type the cell again"))
    shown = _ZERO_WIDTH.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [re.sub(" {2,}", " ", line).strip() for line in _ODD_SPACES.sub(" ", shown).split("\n")]
    return "\n".join(line for line in lines if line)


def name(value: str) -> str:
    """A name on one line: spaces and line breaks between Chinese characters are layout, not part of the name."""
    return _BETWEEN_HAN.sub("", tidy(value)).replace("\n", " ").strip()


def code(value: str) -> str:
    """A code in narrow characters without any space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", tidy(value)))


def key(value: str) -> str:
    """What two spellings of one name have in common, for looking it up."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", tidy(value))).casefold()


def is_nothing(value: str) -> bool:
    """Blank, or one of the marks that people put where nothing applies."""
    return key(value) in _NOTHING


def number(value: str) -> Decimal:
    """`20个工作日`, `２０`, `1,200`, `二十`, `半天` and plain numbers. Raises CellError."""
    given = key(value)
    bare = re.sub("^(≤|<=|不超过|最多|最多跑|约|共)", "", given)
    bare = bare.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", bare) else bare
    if re.fullmatch("半(个)?(天|日|工作日)", bare):
        return Decimal("0.5")
    match = re.match(r"-?\d+(\.\d+)?|[零〇一二两三四五六七八九十百]+", bare)
    if match is None or not _UNITS.fullmatch(bare[match.end() :]):
        raise CellError("not_a_number", _("is not a number; write digits, such as 5"))
    try:
        result = Decimal(match.group()) if match.group()[0] in "-0123456789" else Decimal(_chinese(match.group()))
    except InvalidOperation as error:  # pragma: no cover - the pattern lets only numbers through
        raise CellError("not_a_number", _("is not a number; write digits, such as 5")) from error
    if result < 0:
        raise CellError("negative", _("is below zero; write 0 or more"))
    return result


def _chinese(digits: str) -> int:
    total, current = 0, 0
    for char in digits:
        if char == "百":
            total, current = total + (current or 1) * 100, 0
        elif char == "十":
            total, current = total + (current or 1) * 10, 0
        else:
            current = _DIGITS[char]
    return total + current


def days(value: str) -> Decimal:
    """A limit in working days; `即办` and its like are 0. Raises CellError."""
    if _ON_THE_SPOT.fullmatch(key(value)):
        return Decimal(0)
    return number(value)


def counts_calendar_days(value: str) -> bool:
    """Says calendar days where working days are kept: taken as the same number, with a warning."""
    return any(word in value for word in ("自然日", "日历日"))


def whole(value: str) -> int:
    """A whole number. Raises CellError."""
    result = number(value)
    if result != int(result):
        raise CellError("not_whole", _("is not a whole number"))
    return int(result)


def yes(value: str) -> bool:
    """是/否 in the spellings people use. Raises CellError."""
    given = key(value)
    if _YES.fullmatch(given):
        return True
    if _NO.fullmatch(given) or given in _NOTHING:
        return False
    raise CellError("not_yes_no", _("is neither yes nor no; write 是 or 否"))


def several(value: str) -> list[str]:
    """The parts of a cell that lists several codes or names."""
    parts = (name(part) for part in _SEPARATORS.split(value))
    return [part for part in dict.fromkeys(parts) if part]


def choice(value: str, words: Mapping[str, str]) -> str:
    """The kept value for what a cell says: the longest known word that the cell contains. Raises CellError.

    `words` maps Chinese words, and the kept values themselves, to kept values.
    """
    given = key(value)
    if given in words:
        return words[given]
    for word in sorted(words, key=len, reverse=True):
        if word in given:
            return words[word]
    known = "、".join(word for word in words if not word.isascii())
    raise CellError("unknown_value", _("is not known; write one of: %(known)s") % {"known": known})


def day(value: str, year: int) -> date:
    """A date in digits, in Chinese or as a workbook's serial number; without a year in `year`. Raises CellError."""
    given = key(value)
    if re.fullmatch(r"[4-6]\d{4}", given):
        return date(1899, 12, 30) + timedelta(days=int(given))
    match = re.match(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})(?:日|号)?(?:\D.*)?$", given)
    compact = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", given)
    found = compact or match
    if found is None:
        raise CellError("not_a_date", _("is not a date; write it as 2026-05-18"))
    try:
        return date(int(found.group(1) or year), int(found.group(2)), int(found.group(3)))
    except ValueError as error:
        raise CellError("not_a_date", _("is not a date; write it as 2026-05-18")) from error
