"""Which column is which: headings in halls' own words, and what people have said about them before."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from catalog.importing.kinds import Kind

LONGEST_HEADING = 40
_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
_INSIDE = re.compile(r"[(\[【〔](.*?)[)\]】〕]")
_NOISE = re.compile(r"[\s*＊:：?？/、，,.。\u200b-\u200f\u2060\ufeff]+")
_COUNTED = re.compile(r"^\d{1,2}(?=\D)")
# What brackets hold that says nothing of which column it is.
_ASIDE = re.compile(r"(个|单位)?(工作日|天|日|次|个|份|元|公里|人|必填|选填|必须|可选|是否|.*(填|选|如|例|格式|请).*)?")


@dataclass(frozen=True, slots=True)
class Known:
    """What people have corrected before: (kind, heading) → field ("" leaves the column out), headings → kind."""

    fields: Mapping[tuple[str, str], str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=20_000)
def plain(heading: str) -> str:
    """A heading without what people decorate it with: spaces, line breaks, stars, bracketed units, full-width forms."""
    return _bare(_BRACKETS.sub("", unicodedata.normalize("NFKC", heading)))


def _bare(words: str) -> str:
    return _COUNTED.sub("", _NOISE.sub("", words.lower()))


@lru_cache(maxsize=20_000)
def readings(heading: str) -> tuple[str, ...]:
    """What one heading may be read as: `时限（法定）` is 法定时限 too, `时限（工作日）` only 时限."""
    narrow = unicodedata.normalize("NFKC", heading)
    outer = plain(heading)
    inside = _bare("".join(_INSIDE.findall(narrow)))
    if not inside or _ASIDE.fullmatch(inside):
        return (outer,)
    return (inside + outer, outer + inside, outer)


def signature(heads: list[str]) -> str:
    """A digest of all headings of a table, by which it is known again whatever its place and order."""
    return hashlib.sha256("|".join(sorted(filter(None, map(plain, heads)))).encode()).hexdigest()


def columns_of(kind: Kind, headings: tuple[str, ...]) -> dict[str, int]:
    """Field → place of its heading in one row of headings."""
    return columns(kind, [(heading,) for heading in headings], Known())


def columns(kind: Kind, heads: list[tuple[str, ...]], known: Known) -> dict[str, int]:
    """Field → column: what people have corrected first, then telling headings, then short ones such as 名称."""
    found: dict[str, int] = {}
    open_ones: dict[int, list[str]] = {}
    for column, options in enumerate(heads):
        told = known.fields.get((kind.name, plain(options[0])))
        if told:
            found.setdefault(told, column)
        elif told is None and options[0].strip():
            open_ones[column] = [word for option in options for word in readings(option) if word]
    for shortest, longest in ((3, LONGEST_HEADING), (1, 2)):
        for column in [column for column in open_ones if column not in found.values()]:
            words = (word for word in open_ones[column] if shortest <= len(word) <= longest)
            if name := next(filter(None, (_field(kind, word, found) for word in words)), None):
                found[name] = column
    return found


def _field(kind: Kind, word: str, taken: Mapping[str, int]) -> str | None:
    """The first free field of the kind whose pattern fits the word."""
    return next((name for name in _fields(kind, word) if name not in taken), None)


@lru_cache(maxsize=20_000)
def _fields(kind: Kind, word: str) -> tuple[str, ...]:
    return tuple(name for name, pattern in kind.columns.items() if pattern.fullmatch(word))


@lru_cache(maxsize=50_000)
def is_heading(kind: Kind, cell: str) -> bool:
    """The cell is a heading of such a table."""
    return any(_fields(kind, word) for word in readings(cell))
