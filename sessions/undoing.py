"""The reverse of an act on the board, offered beside the words that tell of it and on the board until the next act."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from sessions.models import WindowSession

KEPT = "board_undo"


@dataclass(frozen=True, slots=True)
class Undo:
    """Where the reverse act is posted to, with which fields, and of which session it is the reverse."""

    url: str
    fields: Mapping[str, str | int]
    row: int

    @classmethod
    def of_move(cls, row: WindowSession, before: str, url: str) -> "Undo":
        """Move back to the cell `before`, by the same address."""
        return cls(url, {"chip": row.pk, "cell": before, "version": row.version}, row.pk)

    @classmethod
    def of_place(cls, row: WindowSession, back: str) -> "Undo":
        """Cancel what was placed a moment ago, and come back to its cell on the board."""
        url = reverse("window_sessions:cancel", args=[row.pk])
        return cls(url, {"reason": _("Placed by mistake"), "version": row.version, "next": back}, row.pk)


def say_with_undo(request: HttpRequest, text: str, undo: Undo | None) -> None:
    """Say the new fact; with an undo, its button stands beside the words, and the board keeps it."""
    message = text if undo is None else render_to_string("components/undo.html", {"text": text, "undo": undo}, request)
    messages.success(request, message)
    request.session[KEPT] = asdict(undo) if undo else None


def forget(request: HttpRequest) -> None:
    """After an act elsewhere the board offers no reverse: its button would take back an earlier act, not this one."""
    if request.session.get(KEPT):
        request.session[KEPT] = None


def last(request: HttpRequest, rows: Iterable[WindowSession]) -> Undo | None:
    """The reverse of this person's last act on the board, as long as nobody has touched its session since."""
    kept = request.session.get(KEPT)
    undo = Undo(**kept) if kept else None
    return undo if undo and any((row.pk, row.version) == (undo.row, undo.fields["version"]) for row in rows) else None
