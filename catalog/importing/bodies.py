"""Which rows below a heading are no data, and why: sums, notes, section headings, lines with nothing but a number."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

_TOTAL_WORDS = r"(小\s*计|合\s*计|总\s*计|共\s*计|累\s*计)"
_TOTAL = re.compile(
    rf"(本页|本部门|本单位|部门|单位|全区|全县|全市)?{_TOTAL_WORDS}\s*[:：]?\s*[\d.,]*\s*(项|个|件|条|人|份|家)?"
)
_HOLDS_TOTAL = re.compile(rf".{{0,20}}{_TOTAL_WORDS}.{{0,20}}|共\s*\d+\s*(项|个|件|条|家|份).{{0,6}}")
_FIGURE = re.compile(r"[\d.,%\s]*(项|个|件|条|人|份|家|次|天|个工作日)?")
_NOTE_WORDS = ("注", "备注", "说明", "填表说明", "注释", "附注")
_NOTE = re.compile(rf"({'|'.join(_NOTE_WORDS)})\s*[:：1].*", re.DOTALL)
_SIGNED = re.compile(
    "(填表|制表|审核|填报|复核|经办|审批|报送|打印|统计)(人|单位|日期|时间|部门)?(签字|签名|盖章)?"
    r"(\(.*\)|（.*）)?\s*[:：].*|(单位)?(负责人|联系人|联系电话|电话|日期)(签字)?\s*[:：].*",
    re.DOTALL,
)
_SECTION = re.compile(
    r"(第?[一二三四五六七八九十]+[、.．章节部分]|[(（][一二三四五六七八九十\d]+[)）]|第\s*\d+\s*页).*", re.DOTALL
)
_EXAMPLES = ("示例", "例", "例如", "样例", "填写示例", "填写样例", "（示例）", "(示例)")
_HAN = re.compile("[\u3400-\u9fff]")
# Fields that a form fills in beforehand: a row with nothing else is an empty line of the form.
_COUNTERS = ("number", "sort_order")


@dataclass(slots=True)
class Dropped:
    """A row that is not taken as data, with the reason that the report shows."""

    row: int
    code: str
    message: str


def no_data(row: list[str], cells: Mapping[str, str]) -> tuple[str, str] | None:
    """Code and message of why a row is no data; None for data. `cells` are the row by field."""
    filled = [cell.strip() for cell in row if cell and not cell.isspace()]
    first, different = filled[0], len(set(filled))
    if _is_sum(filled):
        return "subtotal", _("A sum: %(text)s") % {"text": " ".join(filled)[:60]}
    if _SIGNED.fullmatch(first) or (different <= 2 and (_NOTE.fullmatch(first) or first in _NOTE_WORDS)):
        return "note", _("A note: %(text)s") % {"text": " ".join(dict.fromkeys(filled))[:60]}
    if first in _EXAMPLES:
        return "example", _("An example row")
    if (different == 1 and _HAN.search(first) and len(row) > 1) or (different == 2 and _SECTION.fullmatch(first)):
        text = _("A heading or note, only one cell is filled: %(text)s")
        return "section", text % {"text": " ".join(dict.fromkeys(filled))[:60]}
    if different <= 2 and not any(cell.strip() for name, cell in cells.items() if name not in _COUNTERS):
        return "blank", _("Nothing stands in the columns that are used")
    return None


def _is_sum(filled: list[str]) -> bool:
    """`合计` in one of the first cells, or `住建局小计` with nothing but figures behind it."""
    if any(_TOTAL.fullmatch(cell) for cell in filled[:3]):
        return True
    return bool(_HOLDS_TOTAL.fullmatch(filled[0])) and all(_FIGURE.fullmatch(cell) for cell in filled[1:])
