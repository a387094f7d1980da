"""The questions of the feedback form out of a CSV file, as one template version."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Rank
from sessions.choices import AnswerKind, Requirement
from sessions.models import FeedbackQuestion, FeedbackTemplate

# Header words → field; the words of the shipped file first, then what halls call the same column.
HEADERS = {
    "code": ("题号", "编号", "code"),
    "section": ("分组", "部分", "section"),
    "kind": ("题型", "类型", "kind"),
    "text": ("题目", "问题", "text"),
    "text_en": ("英文题目", "text_en"),
    "requirement": ("是否必填", "必填", "required"),
    "options": ("选项或量程", "选项", "options"),
    "help": ("填写说明", "说明", "help"),
    "audience": ("适用对象", "对象", "audience"),
}
NEEDED = ("code", "section", "kind", "text")
KINDS = {
    "单选": AnswerKind.SINGLE,
    "多选": AnswerKind.MULTIPLE,
    "数值": AnswerKind.NUMBER,
    "长文本": AnswerKind.LONG_TEXT,
    "五级量表": AnswerKind.SCALE,
    "明细表": AnswerKind.TABLE,
    "图片": AnswerKind.IMAGE,
    "签名": AnswerKind.SIGNATURE,
}
REQUIREMENTS = {"是": Requirement.YES, "必填": Requirement.YES, "条件必填": Requirement.CONDITIONAL}
AUDIENCES = {"主要领导": Rank.PRINCIPAL.value, "分管领导": Rank.DEPUTY.value}
RANGE = re.compile(r"^(\d+)\s*[-–~～至]\s*(\d+)\s*字?$")


class ImportRefused(Exception):
    """The file cannot be read as questions; nothing was stored."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did: the template, how many questions, whether anything was new."""

    template: FeedbackTemplate
    questions: int
    created: bool


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows by our field names. Tolerates BOM, GB18030, spaces and other column orders. Raises ImportRefused."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if not rows:
        raise ImportRefused(_("The file is empty."))
    header = ["".join(cell.split()).lower() for cell in rows[0]]
    columns = {name: header.index(word) for name, words in HEADERS.items() for word in words if word in header}
    if missing := [HEADERS[name][0] for name in NEEDED if name not in columns]:
        raise ImportRefused(_("These columns are missing: %(names)s.") % {"names": "、".join(missing)})
    filled = [row for row in rows[1:] if any(cell.strip() for cell in row)]
    return [{name: _cell(row, index) for name, index in columns.items()} for row in filled]


def _cell(row: list[str], index: int) -> str:
    return row[index].strip() if index < len(row) else ""


def question_fields(row: dict[str, str], number: int) -> dict[str, object]:
    """The fields of one question. Raises ImportRefused for a kind that does not exist."""
    kind = KINDS.get(row["kind"])
    if kind is None or not row["code"] or not row["text"]:
        raise ImportRefused(
            _("Row %(number)s: the question has no known kind, number or text.") % {"number": number + 1}
        )
    options = row.get("options", "")
    bounds = RANGE.match(options) if kind in {AnswerKind.NUMBER, AnswerKind.LONG_TEXT} else None
    listed = kind not in {AnswerKind.NUMBER, AnswerKind.LONG_TEXT, AnswerKind.IMAGE, AnswerKind.SIGNATURE}
    audience = [AUDIENCES[word] for word in re.split(r"[;；、]", row.get("audience", "")) if word in AUDIENCES]
    return {
        "code": row["code"],
        "number": number,
        "section": row["section"],
        "kind": kind,
        "text": row["text"],
        "text_en": row.get("text_en", ""),
        "requirement": REQUIREMENTS.get(row.get("requirement", ""), Requirement.NO),
        "options": [part.strip() for part in re.split(r"[;；]", options) if part.strip()] if listed else [],
        "minimum": int(bounds[1]) if bounds else None,
        "maximum": int(bounds[2]) if bounds else None,
        "help": row.get("help", ""),
        "audience": audience,
    }


@transaction.atomic
def import_questions(path: Path) -> Outcome:
    """Store the file's questions as the template in use. The same questions again change nothing.

    Changed questions become the next version, because answers given stay with the version they were given to.
    """
    fields = [question_fields(row, number) for number, row in enumerate(read_rows(path), start=1)]
    if not fields:
        raise ImportRefused(_("The file holds no question."))
    latest = FeedbackTemplate.objects.order_by("-version").first()
    if latest is not None and list(latest.questions.values(*fields[0])) == fields:
        return Outcome(latest, len(fields), created=False)
    version = latest.version + 1 if latest else 1
    FeedbackTemplate.objects.filter(active=True).update(active=False)
    template = FeedbackTemplate.objects.create(version=version, name=f"走流程反馈表 v{version}")
    FeedbackQuestion.objects.bulk_create(FeedbackQuestion(template=template, **row) for row in fields)
    return Outcome(template, len(fields), created=True)
