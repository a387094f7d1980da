"""The acts a page offers on a session: those its state and the person's role allow, with label, address and reason."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.doors import Act
from sessions.choices import SessionStatus
from sessions.models import WindowSession
from sessions.permissions import may
from sessions.workflow import WORKFLOW

PLANNING = ("confirm", "decline", "nominate", "confirm_for", "move", "substitute", "cancel", "miss")
AT_ONCE = frozenset({"confirm"})
RUNNING = {
    SessionStatus.PUBLISHED.value: ("start", "run", _("To the run")),
    SessionStatus.IN_PROGRESS.value: ("finish", "run", _("Go on with the run")),
    SessionStatus.AWAITING_FEEDBACK.value: ("submit_feedback", "feedback", _("Fill in the feedback")),
    SessionStatus.COMPLETED.value: ("read_feedback", "feedback", _("Read the feedback")),
}


def offered(row: WindowSession, user: User) -> Iterator[Act]:
    """Acts of planning that may start now; acts that this role never has are left out."""
    if row.status in RUNNING:
        action, route, label = RUNNING[row.status]
        if may(user, action, row):
            yield Act(route, label, reverse(f"window_sessions:{route}", args=[row.pk]))
    for action in PLANNING:
        transition = WORKFLOW[action]
        if row.status in transition.sources and may(user, action, row):
            url = reverse(f"window_sessions:{action}", args=[row.pk])
            yield Act(action, transition.label, url, primary=action in AT_ONCE)


def mending(row: WindowSession, user: User) -> list[Act]:
    """What this person may do about a sitting that no longer fits."""
    return [act for act in offered(row, user) if act.action in {"move", "substitute", "cancel"}]
