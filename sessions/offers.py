"""The acts a page offers on a session: those its state and the person's role allow, with label, address and reason."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from core.doors import Act
from sessions.models import WindowSession
from sessions.permissions import may
from sessions.workflow import WORKFLOW

PLANNING = ("confirm", "decline", "move", "substitute", "cancel", "miss")
AT_ONCE = frozenset({"confirm"})


def offered(row: WindowSession, user: User) -> Iterator[Act]:
    """Acts of planning that may start now; acts that this role never has are left out."""
    for action in PLANNING:
        transition = WORKFLOW[action]
        if row.status in transition.sources and may(user, action, row):
            url = reverse(f"window_sessions:{action}", args=[row.pk])
            yield Act(action, transition.label, url, primary=action in AT_ONCE)
