"""What happened to an issue, in the words of the page: newest first, minor acts folded."""

from collections.abc import Callable
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Department
from core.words import short_date
from issues.choices import NoticeColour, Outcome, RejectReason, SuspendCause, VerificationKind
from issues.models import Issue, IssueEvent
from issues.workflow import WORKFLOW

Departments = dict[str, Department]
Words = Callable[[dict[str, Any], Departments], str]

ICONS = {
    "register": "plus-lg",
    "assign": "send",
    "acknowledge": "person-check",
    "transfer": "arrow-left-right",
    "rule_transfer": "arrow-left-right",
    "send_back": "arrow-counterclockwise",
    "return_for_rework": "arrow-counterclockwise",
    "reopen": "arrow-counterclockwise",
    "submit_rectification": "upload",
    "suspend": "pause-circle",
    "resume": "play",
    "verify": "person-walking",
    "close_out": "patch-check",
    "reject": "x-circle",
    "merge": "sign-merge-right",
    "supervise": "flag-fill",
    "answer_supervision": "chat-left-text",
    "remind": "bell",
    "request_extension": "hourglass-split",
    "decide_extension": "hourglass-split",
    "coordinate": "people",
    "plan_re_walk": "person-walking",
    "follow_up": "phone",
    "look_back": "eye",
    "draw_sample": "shuffle",
    "add_task": "list-ul",
    "finish_task": "check-lg",
    "comment": "chat-left-text",
    "add_screenshot": "image",
    "redact": "crop",
    "mark_clean": "shield-check",
    "describe": "pencil",
    "recompute": "calendar3",
}


def _department(code: Any, departments: Departments) -> str:
    found = departments.get(str(code or ""))
    return found.label if found else ""


def _label(choices: Any, value: Any) -> str:
    return str(dict(choices.choices).get(value, ""))


def _verified(data: dict[str, Any], departments: Departments) -> str:
    verdict = _("passed") if data.get("passed") else _("not passed")
    return _("%(kind)s, %(verdict)s") % {"kind": _label(VerificationKind, data.get("kind")), "verdict": verdict}


def _supervised(data: dict[str, Any], departments: Departments) -> str:
    facts = {"colour": _label(NoticeColour, data.get("colour")), "number": data.get("notice", "")}
    return _("%(colour)s no. %(number)s") % facts


def _granted(data: dict[str, Any], departments: Departments) -> str:
    return _("granted") if data.get("granted") else _("refused")


def _asked(data: dict[str, Any], departments: Departments) -> str:
    days = int(data.get("days") or 0)
    return ngettext("%(n)s working day", "%(n)s working days", days) % {"n": days}


def _held(data: dict[str, Any], departments: Departments) -> str:
    return _("still holds") if data.get("holds") else _("no longer holds")


DETAILS: dict[str, Words] = {
    "assign": lambda data, names: _department(data.get("lead"), names),
    "transfer": lambda data, names: _department(data.get("to"), names),
    "rule_transfer": lambda data, names: _department(data.get("to"), names),
    "send_back": lambda data, names: _department(data.get("proposed"), names),
    "submit_rectification": lambda data, names: _label(Outcome, data.get("outcome")),
    "verify": _verified,
    "close_out": lambda data, names: str(data.get("number", "")),
    "reject": lambda data, names: _label(RejectReason, data.get("reason")),
    "merge": lambda data, names: str(data.get("into", "")),
    "suspend": lambda data, names: _label(SuspendCause, data.get("cause")),
    "supervise": _supervised,
    "answer_supervision": lambda data, names: _("no. %(number)s") % {"number": data.get("notice", "")},
    "request_extension": _asked,
    "decide_extension": _granted,
    "coordinate": lambda data, names: str(data.get("participants", "")),
    "plan_re_walk": lambda data, names: f"{data.get('walker', '')} · {data.get('window', '')}",
    "look_back": _held,
    "add_task": lambda data, names: _department(data.get("department"), names),
    "finish_task": lambda data, names: _department(data.get("department"), names),
}


def entry(
    event: IssueEvent, departments: Departments, *, everything: bool, secret: frozenset[int] = frozenset()
) -> dict[str, Any]:
    """One event for the timeline component; of a re-walk in `secret` only that it is planned."""
    row = WORKFLOW.rows.get(event.action)
    words = str(row.label) if row else event.action
    hidden = event.action == "plan_re_walk" and event.data["session"] in secret
    detail = DETAILS[event.action](event.data, departments) if event.action in DETAILS and not hidden else ""
    measures = "\n".join(event.data.get("measures", []))
    due = event.data.get("due_on")
    return {
        "icon": ICONS.get(event.action, "clock"),
        "actor": event.actor_label,
        "text": _("%(act)s: %(detail)s") % {"act": words, "detail": detail} if detail else words,
        "quote": "" if hidden else "\n".join(filter(None, [measures, event.note])),
        "moment": event.at,
        "meta": _("limit %(day)s") % {"day": short_date_of(due)} if due else "",
        "important": everything or row is None or row.important,
        "tone": "orange" if event.action == "supervise" else "",
    }


def short_date_of(text: Any) -> str:
    """A date as the ledger keeps it, in the words of the page."""
    return short_date(parse_date(str(text)))


def entries(
    issue: Issue, departments: Departments, *, everything: bool = False, secret: frozenset[int] = frozenset()
) -> list[dict[str, Any]]:
    """The events of an issue, newest first; `everything` leaves nothing folded; `secret`: see `entry`."""
    events = sorted(issue.events.all(), key=lambda event: -event.number)
    return [entry(event, departments, everything=everything, secret=secret) for event in events]


def chain_holds(issue: Issue) -> bool:
    """Whether this issue's events follow one another unchanged up to the head (what `verify_ledger` asks of all)."""
    head = ""
    events = sorted(issue.events.all(), key=lambda event: event.number)
    for event in events:
        if event.previous_hash != head or event.digest() != event.hash:
            return False
        head = event.hash
    return head == issue.ledger_head and len(events) == issue.version
