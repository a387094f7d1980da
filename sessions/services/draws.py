"""The draw of a citizen at the window: tickets in, one out, the answer noted."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.doors import WrongState, lock
from sessions import drawing
from sessions.choices import Consent
from sessions.models import Draw, WindowSession
from sessions.services.acting import hold, record

MAX_TICKETS = 200
MAX_TICKET_LENGTH = 20


def _checked(tickets: list[str]) -> list[str]:
    """The tickets, or a ValidationError that says which one cannot be one."""
    if not tickets:
        raise ValidationError(_("Please enter at least one ticket number."))
    if len(tickets) > MAX_TICKETS:
        raise ValidationError(_("At most %(count)s ticket numbers in one draw.") % {"count": MAX_TICKETS})
    if too_long := [ticket for ticket in tickets if len(ticket) > MAX_TICKET_LENGTH]:
        raise ValidationError(_("“%(ticket)s” is too long for a ticket number.") % {"ticket": too_long[0][:40]})
    return sorted(tickets)


@transaction.atomic
def draw_ticket(window_session: WindowSession, actor: User, tickets: list[str], *, seed: str = "") -> Draw:
    """Draw one of the waiting tickets; the seed is stored. The first person to be asked stands last in `asked`.

    `seed` is given only to repeat a draw. Raises ValidationError for unusable tickets.
    """
    row = hold(window_session, "draw_ticket", actor)
    waiting = _checked(tickets)
    seed = seed or secrets.token_hex(16)
    first = drawing.draw(seed, waiting, [])
    made = Draw.objects.create(
        window_session=row,
        seed=seed,
        tickets=waiting,
        asked=[{"ticket": first, "consent": ""}],
        drawn_at=clock.now(),
        drawn_by=actor,
    )
    record(row, "draw_ticket", actor, data={"draw": made.pk, "tickets": len(waiting), "seed": seed})
    return made


@transaction.atomic
def answer_draw(draw: Draw, actor: User, consent: str, *, asked: int) -> Draw:
    """Note the answer of the drawn person; after a refusal the same seed draws the next one.

    `asked` is how many had been drawn when the page was opened: a double click finds more (or an answer) and changes
    nothing. Raises WrongState when nobody is left to be asked, and ValueError for an answer that is none.
    """
    if consent not in {Consent.YES, Consent.NO}:
        raise ValueError("An answer is yes or no.")
    row = hold(draw.window_session, "answer_draw", actor)
    locked = lock(draw)
    if not locked.pending:
        if len(locked.asked) == asked and locked.asked[-1]["consent"] == consent:
            return locked
        raise WrongState(_("This draw has its answer already. Please draw again for another person."))
    if len(locked.asked) != asked:
        return locked
    locked.asked[-1]["consent"] = str(consent)
    if consent == Consent.NO:
        following = drawing.draw(locked.seed, locked.tickets, [entry["ticket"] for entry in locked.asked])
        if following:
            locked.asked.append({"ticket": following, "consent": ""})
    locked.save(update_fields=["asked"])
    record(row, "answer_draw", actor, data={"draw": locked.pk, "consent": str(consent), "refused": locked.refused})
    return locked


def forget_ticket(draw: Draw, ticket: str) -> None:
    """Erase one ticket from a draw, which the caller's transaction holds: the seed stays, the person is gone."""
    locked = lock(draw)
    locked.tickets = [other for other in locked.tickets if other != ticket]
    for entry in locked.asked:
        if entry["ticket"] == ticket:
            entry.update(ticket="", consent=Consent.WITHDRAWN.value)
    locked.save(update_fields=["tickets", "asked"])
