"""What every act on a session shares: lock, state, right, event, save."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core import ledger
from core.doors import WrongState, lock, require
from sessions.models import SessionEvent, WindowSession
from sessions.permissions import may
from sessions.workflow import WORKFLOW


def hold(window_session: WindowSession, action: str, actor: User) -> WindowSession:
    """The session locked, in a state that allows `action`, by somebody who may do it.

    Call it inside a transaction, before any row below the session is locked: everybody takes locks in this order.
    Raises WrongState (409) and PermissionDenied (403).
    """
    row = lock(window_session)
    if row.status not in WORKFLOW[action].sources:
        raise WrongState(
            _("This session is at “%(state)s” now, so “%(act)s” is not possible. Please look at it again.")
            % {"state": row.get_status_display(), "act": WORKFLOW[action].label}
        )
    require(may(actor, action, row))
    return row


def record(
    row: WindowSession,
    action: str,
    actor: User,
    *,
    note: str = "",
    data: dict[str, Any] | None = None,
    fields: tuple[str, ...] = (),
) -> None:
    """Move `row`, which the caller holds, to the state `action` leads to and write its event.

    `fields` are those the caller has changed. The event holds no ticket and no name: it is kept for good, and a
    withdrawn consent must be able to erase both.
    """
    before, target = row.status, WORKFLOW[action].target
    if target is not None:
        row.status = target
    ledger.append(
        SessionEvent,
        row,
        ledger.Entry(action=action, actor=actor, from_state=before, to_state=target or "", note=note, data=data),
    )
    row.save(update_fields=[*fields, "status", "version", "ledger_head"])
