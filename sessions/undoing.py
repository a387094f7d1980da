"""The reverse of an act on the board, offered in the notice that tells of the act."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from sessions.models import WindowSession


@dataclass(frozen=True, slots=True)
class Undo:
    """Where the reverse act is posted to, and with which fields."""

    url: str
    fields: Mapping[str, str | int]

    @classmethod
    def of_move(cls, row: WindowSession, before: str, url: str) -> "Undo":
        """Move back to the cell `before`, by the same address."""
        return cls(url, {"chip": row.pk, "cell": before, "version": row.version})

    @classmethod
    def of_place(cls, row: WindowSession, back: str) -> "Undo":
        """Cancel what was placed a moment ago, and come back to the board."""
        url = reverse("window_sessions:cancel", args=[row.pk])
        return cls(url, {"reason": _("Placed by mistake"), "version": row.version, "next": back})


def say_with_undo(request: HttpRequest, text: str, undo: Undo | None) -> None:
    """Say the new fact; with an undo, its button stands beside the words."""
    message = text if undo is None else render_to_string("components/undo.html", {"text": text, "undo": undo}, request)
    messages.success(request, message)
