"""The printed close-out sheet (销号单): what was found, done, measured and verified, with the hashes that prove it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import segno
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.words import short_date
from issues import lights
from issues.choices import Outcome
from issues.comparing import Walk, walks
from issues.conditions import last_rectification, passed_verification
from issues.models import Issue, Verification
from issues.reading import Dossier
from issues.tiles import Tile

ON_FRONT = 2
PER_ANNEX = 4


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the template prints."""

    issue: Issue
    measures: list[str]
    limits: list[str]
    walk: Walk | None
    front: list[Tile]
    annexes: list[list[Tile]]
    left_out: int
    verification: Verification | None
    walker: str
    second_officer: bool
    outcomes: list[tuple[Any, bool]]
    events: int
    head: str
    qr: str


def build(dossier: Dossier, pictures: Sequence[Tile], address: str) -> Sheet:
    """The sheet of the present round; `address` is where the QR code leads."""
    issue = dossier.issue
    shown = [tile for tile in pictures if tile.page_url and not tile.unchecked]
    front = _pair(shown)
    rest = [tile for tile in shown if tile not in front]
    done = last_rectification(issue)
    closing = [event for event in dossier.events if event.action == "close_out"]
    return Sheet(
        issue=issue,
        measures=done.measures if done else [],
        limits=[_limit(row, dossier) for row in issue.clocks.all() if row.round == issue.round],
        walk=next((walk for walk in walks(issue) if walk.verification.round == issue.round), None),
        front=front,
        annexes=[rest[start : start + PER_ANNEX] for start in range(0, len(rest), PER_ANNEX)],
        left_out=len(pictures) - len(shown),
        verification=(record := passed_verification(issue)),
        walker=_walker(dossier, record),
        second_officer=bool(closing and closing[-1].data.get("second_officer")),
        outcomes=[(outcome.label, issue.outcome == outcome) for outcome in Outcome],
        events=len(dossier.events),
        head=issue.ledger_head,
        qr=segno.make(address, error="m", micro=False).svg_data_uri(scale=3, border=0),
    )


def _walker(dossier: Dossier, record: Verification | None) -> str:
    """Who walked again, as the ledger keeps it; nobody for the other ways of verification."""
    found = [event for event in dossier.events if record and event.data.get("verification") == record.pk]
    return str(found[-1].data.get("walker") or "") if found else ""


def _pair(shown: list[Tile]) -> list[Tile]:
    """The first picture from before and the last from after stand side by side on the front."""
    before = [tile for tile in shown if not tile.after][:1]
    after = [tile for tile in shown if tile.after][-1:]
    return before + after if before and after else shown[:ON_FRONT]


def _days(number: int) -> str:
    return ngettext("%(n)s working day", "%(n)s working days", number) % {"n": number}


def _limit(row: Any, dossier: Dossier) -> str:
    """One limit with when it was due, when it was done and whether it was met."""
    light = lights.light(row, dossier.calendar, row.due_on)
    parts = [f"{row.get_kind_display()} {_days(row.days)}"]
    if row.extended_days:
        parts.append(_("extended by %(days)s") % {"days": _days(row.extended_days)})
    parts.append(_("due %(day)s") % {"day": short_date(row.due_on)})
    if row.stopped_at is not None:
        parts.append(_("done %(day)s") % {"day": short_date(timezone.localdate(row.stopped_at))})
    if row.met:
        parts.append(_("met in time"))
    elif row.met is False:
        parts.append(_("%(days)s over") % {"days": _days(light.overdue_days)})
    return pgettext("clause", ", ").join(parts)
