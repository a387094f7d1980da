"""The ledger of a session told as the entries of a timeline."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.words import half_word
from sessions.models import SessionEvent
from sessions.workflow import WORKFLOW

ICONS = {
    "place": "calendar3",
    "move": "arrow-left-right",
    "confirm": "person-check",
    "decline": "calendar-x",
    "publish": "megaphone",
    "substitute": "people",
    "nominate": "people",
    "confirm_for": "person-check",
    "cancel": "x-circle",
    "miss": "calendar-x",
    "start": "play",
    "finish": "check-lg",
    "submit_feedback": "chat-square-text",
    "return_feedback": "arrow-counterclockwise",
}
ORANGE = frozenset({"decline", "cancel", "miss", "return_feedback"})
QUIET = gettext_lazy("Recorded")


def tell(events: Iterable[SessionEvent]) -> list[dict[str, Any]]:
    """Newest first: who did what, with the words written and where it led."""
    return [_entry(event) for event in sorted(events, key=lambda event: -event.number)]


def _entry(event: SessionEvent) -> dict[str, Any]:
    known = event.action in WORKFLOW.rows
    return {
        "icon": ICONS.get(event.action, "journal-text"),
        "actor": event.actor_label,
        "text": WORKFLOW[event.action].label if known else QUIET,
        "quote": event.note,
        "moment": event.at,
        "meta": _meta(event.data),
        "important": known,
        "tone": "orange" if event.action in ORANGE else "" if known else "quiet",
    }


def _meta(data: dict[str, Any]) -> str:
    """The facts of the event in words."""
    if "former" in data:
        return _("%(now)s instead of %(former)s") % {"now": data["now"], "former": data["former"]}
    if "before" in data:
        return f"{_where(data['before'])} → {_where(data)}"
    if "release" in data:
        return _("Release %(number)s") % {"number": data["release"]}
    return _where(data) if "window" in data and "half" in data else ""


def _where(cell: dict[str, Any]) -> str:
    return f"{cell['window']} {cell['date']} {half_word(cell['half'])}"
