"""Cells into values. Cleaning takes off what nobody meant (odd spaces, zero-width marks, full-width digits, units);
what cannot be understood raises CellError instead of being guessed.
"""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

_ZERO_WIDTH = re.compile("[\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060\ufeff\u00ad]")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ODD_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]")
_HAN = "[\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef“”‘’]"
_BETWEEN_HAN = re.compile(f"(?<={_HAN})[ \n]+(?={_HAN})")
_NOTHING = {"", "-", "--", "—", "——", "－", "/", "\\", "无", "不适用", "n/a", "na", "none", "null", "暂无", "空"}
_NO_LIMIT = re.compile(
    "(法律|法定|法规)?(无|未|没有|不)(法定|明确|相关)?(办结|办理)?(时限|期限|规定|设定|限|限制|明确)+"
)
_YES = re.compile(
    "是|是的|有|有的|y|yes|true|t|ok|1|1\\.0+|√|✓|✔|✅|☑|●|可|可以|能|支持|需|需要|对|启用|在用|已启用|已纳入|已进驻"
    "|参加|参与|可共享|可以共享|能共享|已共享|纳入|进驻|必要|正常|开放|收费|计入"
)
_NO = re.compile(
    "否|不是|无|没|没有|n|no|false|f|0|0\\.0+|×|✗|✘|✕|✖|╳|❌|x|☐|不|不可|不可以|不能|不可共享|不能共享|不共享|未共享|不支持|不需|不需要|错|停用|暂停|暂停使用|未启用"
    "|不启用|未纳入|未进驻|不参加|不参与|不纳入|停止|关闭|不开放|未开放|撤销|空置|不收费|免费|不计入|不必要"
)
_MEASURES = "工作日|自然日|日历日|天|日|份|次|人|人次|个|公里|千米|km|套|张|枚|处|项"
_UNIT = f"(?:个|的)?(?:{_MEASURES})?(?:内|以内|之内|内办结|内办理)?"
_UNITS = re.compile(f"{_UNIT}|\\({_UNIT}\\)")
_ASIDE = re.compile(r"\([^()0-9一二三四五六七八九十]*\)$")
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_DIGITS |= {"○": 0, "o": 0}
_TENS = {"十": 10, "廿": 20, "卅": 30}
_ON_THE_SPOT = re.compile(
    "(即办|即时|当场|立等|随到随办|马上|现场|立即|即到即办|即来即办|即申即办|当日|当天)(件|办结|办理|办|可取|受理|取件)*"
)
_SEPARATORS = re.compile(r"[;；,，、|\n/]+")
# Full-width digits and letters only: full-width punctuation belongs to Chinese text.
_WIDE = {
    wide: wide - 0xFEE0
    for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
    for wide in range(first, last + 1)
}
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe63]")
_SPOILT = re.compile(r"\d(\.\d+)?[eE]\+\d+")
_HARMLESS = set(
    "窗口单位部门件类型台区服务反映网办深度级核发机构出具领导干部纸质签章事项办理可能够的为与和及或,、;/+()0123456789份个"
)
_LONGEST_NUMBER = 15
_NEGATIONS = "非不未无免否没"
_BRACKETED = re.compile(r"\([^()]*\)")
# Put by the reader before what a program could not work out; private use, so no file holds them by chance.
UNCOMPUTED, BROKEN = "\ue000", "\ue001"


class CellError(Exception):
    """A cell that cannot be taken; `code` is for programs, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def tidy(value: str) -> str:
    """Text without what cannot be seen or was not meant; line breaks inside stay, everything else is untouched.

    Full-width digits and letters become narrow, full-width punctuation stays. Raises CellError for what cannot be kept.
    """
    if value.isascii() and value.isprintable():
        return value if "  " not in value and value.strip() == value else re.sub(" {2,}", " ", value).strip()
    _refuse_uncomputed(value)
    if _ILLEGAL.search(value.replace("\r", "")):
        raise CellError("illegal", _("holds characters that cannot be stored; type the cell again"))
    shown = _ZERO_WIDTH.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).translate(_WIDE)
    lines = [re.sub(" {2,}", " ", line).strip() for line in _ODD_SPACES.sub(" ", shown).split("\n")]
    return "\n".join(line for line in lines if line)


def _refuse_uncomputed(value: str) -> None:
    if value.startswith(UNCOMPUTED):
        raise CellError(
            "formula", _("is a formula without its result; open the table in Excel or WPS, save it and send it again")
        )
    if value.startswith(BROKEN):
        raise CellError("formula", _("is the error of a formula; correct the formula or type the value"))


def name(value: str) -> str:
    """A name on one line: spaces and line breaks between Chinese characters are layout, not part of the name."""
    return _BETWEEN_HAN.sub("", tidy(value)).replace("\n", " ").strip()


def code(value: str) -> str:
    """A code in narrow characters without any space; a mark for "nothing" is no code. Raises CellError."""
    narrow = re.sub(r"\s+", "", unicodedata.normalize("NFKC", tidy(value)))
    if _SPOILT.fullmatch(narrow):
        raise CellError(
            "spoilt_code", _("is a code that a table program has turned into a number; format the column as text")
        )
    return "" if narrow.casefold() in _NOTHING else _DASHES.sub("-", narrow)


@lru_cache(maxsize=20_000)
def key(value: str) -> str:
    """What two spellings of one name have in common, for looking it up. Raises CellError."""
    return _DASHES.sub("-", re.sub(r"\s+", "", unicodedata.normalize("NFKC", tidy(value))).casefold())


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
    rest = bare[match.end() :] if match else ""
    if match is None or not (_UNITS.fullmatch(rest) or _UNITS.fullmatch(_ASIDE.sub("", rest))):
        raise CellError("not_a_number", _("is not a number; write digits, such as 5"))
    digits = match.group()
    if len(digits) > _LONGEST_NUMBER:
        raise CellError("too_large", _("is too large"))
    result = Decimal(digits) if digits[0] in "-0123456789" else Decimal(chinese_number(digits))
    if result < 0:
        raise CellError("negative", _("is below zero; write 0 or more"))
    return result


def has_aside(value: str) -> bool:
    """A number with words in brackets behind it, such as `20个工作日（不含公示）`: the words are not kept."""
    given = key(value)
    found = _ASIDE.search(given)
    return found is not None and _UNITS.fullmatch(found.group()) is None


def chinese_number(digits: str) -> int:
    """`二十五` as 25; `廿` and `卅` are twenty and thirty."""
    total, current = 0, 0
    for char in digits:
        if char == "百":
            total, current = total + (current or 1) * 100, 0
        elif char in _TENS:
            total, current = total + (current or 1) * _TENS[char], 0
        else:
            current = _DIGITS[char]
    return total + current


def chinese_digits(digits: str) -> str:
    """`二〇二六` as 2026, digit by digit."""
    return "".join(str(_DIGITS[char]) for char in digits.casefold())


def days(value: str) -> Decimal | None:
    """A limit in working days; `即办` and its like are 0, `无法定时限` and its like None. Raises CellError."""
    given = key(value)
    if _ON_THE_SPOT.fullmatch(_ASIDE.sub("", given)):
        return Decimal(0)
    if given.startswith("约"):
        # Whoever counts days needs one number, and nobody but the department knows which.
        raise CellError("not_a_number", _("is not a number; write digits, such as 5"))
    return None if _NO_LIMIT.fullmatch(given) else number(value)


def counts_calendar_days(value: str) -> bool:
    """Says calendar days where working days are kept: taken as the same number, with a warning."""
    return any(word in value for word in ("自然日", "日历日"))


def whole(value: str) -> int:
    """A whole number. Raises CellError."""
    result = number(value)
    if result != int(result):
        raise CellError("not_whole", _("is not a whole number"))
    return int(result)


def yes(value: str, default: bool = False) -> bool:
    """是/否 in the spellings people use; `default` for a cell that says nothing. Raises CellError."""
    given = _BRACKETED.sub("", key(value)).rstrip("。.!") or key(value)
    if _YES.fullmatch(given):
        return True
    if _NO.fullmatch(given):
        return False
    if given in _NOTHING:
        return default
    raise CellError("not_yes_no", _("is neither yes nor no; write 是 or 否"))


def several(value: str) -> list[str]:
    """The parts of a cell that lists several codes or names."""
    return [part for part in dict.fromkeys(name(part) for part in parts(value)) if part]


def parts(value: str) -> list[str]:
    """The parts of a cell as they stand there, spaces inside kept."""
    return [part for part in map(tidy, _SEPARATORS.split(value)) if part]


def choice(value: str, words: Mapping[str, str]) -> tuple[str, str]:
    """The kept value for what a cell says, and the word understood if the cell says more than that word.

    `words` maps Chinese words to kept values. A cell that is one of them is certain; one that only holds some is
    taken when all of them mean the same and none is denied (`非进驻`, `不支持`). Raises CellError otherwise.
    """
    given = key(value)
    if given in words:
        return words[given], ""
    spans = _spans(given, words)
    meant = {words[given[start:end]] for start, end in spans}
    denied = any(start and given[start - 1] in _NEGATIONS for start, _end in spans)
    if len(meant) == 1 and not denied:
        ends = [0, *(end for _start, end in spans)]
        rest = "".join(given[a:b] for a, b in zip(ends, [*(start for start, _end in spans), len(given)], strict=True))
        return meant.pop(), "" if set(rest) <= _HARMLESS else given[slice(*spans[0])]
    known = "、".join(word for word in words if not word.isascii())
    raise CellError("unknown_value", _("is not known; write one of: %(known)s") % {"known": known})


def _spans(given: str, words: Mapping[str, str]) -> list[tuple[int, int]]:
    """Where known words stand in a text; a word inside a longer one does not count."""
    found = [(m.start(), m.end()) for word in words for m in re.finditer(re.escape(word), given)]
    longest = sorted(found, key=lambda span: (span[0] - span[1], span[0]))
    kept: list[tuple[int, int]] = []
    for start, end in longest:
        if all(end <= a or b <= start for a, b in kept):
            kept.append((start, end))
    return sorted(kept)
