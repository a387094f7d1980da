"""The random sample of closed issues that somebody looks at again: drawn by a stored seed, repeatable by anybody.

The draw is the order of the SHA-256 of `SEED:ISSUE NUMBER`, the smallest first; no library's random numbers take part,
so that a table program can check it years later.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date
from math import ceil

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock, workdays
from core.doors import require
from issues.choices import FollowUpKind, IssueStatus
from issues.milestones import moments
from issues.models import FollowUp, Issue, LookBackSample
from issues.permissions import may
from issues.services import numbers
from issues.services.acting import apply_act

LARGEST = 200
"""Issues in one sample at most: each is a visit by a person."""


def order_key(seed: str, number: str) -> str:
    """Where an issue stands in the draw: hex digits, the smallest are drawn."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def drawn(seed: str, issue_numbers: Iterable[str], size: int) -> list[str]:
    """The `size` issues that this seed picks, in the order of the draw; all of them when there are fewer."""
    return sorted(issue_numbers, key=lambda number: order_key(seed, number))[:size]


def digest(issue_numbers: Iterable[str]) -> str:
    """The SHA-256 of the list that was drawn from: sorted numbers, one a line."""
    return hashlib.sha256("\n".join(sorted(issue_numbers)).encode()).hexdigest()


def eligible(closed_from: date, closed_to: date, due_on: date) -> QuerySet[Issue]:
    """Issues closed in the period that nobody looks back at anyway until `due_on`, and not sampled in this round."""
    rows = FollowUp.objects.filter(issue=OuterRef("pk"), round=OuterRef("round"))
    comes_anyway = Exists(rows.filter(done_at__isnull=True, due_on__lte=due_on))
    closed: QuerySet[Issue] = Issue.objects.filter(
        moments("closed_at", closed_from, closed_to), status=IssueStatus.CLOSED
    )
    return closed.exclude(Q(comes_anyway) | Q(Exists(rows.filter(kind=FollowUpKind.SAMPLE))))


@transaction.atomic
def draw_sample(
    actor: User, *, closed_from: date, closed_to: date, due_on: date, size: int | None = None, share: int | None = None
) -> LookBackSample:
    """Draw a sample of `size` issues or `share` per cent of those closed in the period; each gets a look-back.

    The seed is made here and chosen by nobody. Every issue drawn gets an event. Raises ValidationError when nothing
    can be drawn, WrongState when an issue was opened again meanwhile.
    """
    require(may(actor, "draw_sample"))
    if due_on < clock.today() or not workdays.load().is_workday(due_on):
        raise ValidationError({"due_on": _("Choose a working day, today or later.")})
    # The number comes first: its row makes two draws at one moment wait for each other.
    number = numbers.take("look-back sample")
    found = dict(eligible(closed_from, closed_to, due_on).order_by().values_list("number", "pk"))
    if not found:
        raise ValidationError(_("No closed issue of this period can be drawn: look-backs of all of them come anyway."))
    sample = LookBackSample.objects.create(
        number=number,
        seed=secrets.token_hex(8),
        closed_from=closed_from,
        closed_to=closed_to,
        due_on=due_on,
        share=share,
        size=min(_wanted(len(found), size, share), len(found), LARGEST),
        eligible=len(found),
        eligible_digest=digest(found),
        drawn_by=actor,
        drawn_at=clock.now(),
    )
    for issue_number in drawn(sample.seed, found, sample.size):
        _plan(Issue(pk=found[issue_number]), actor, sample)
    return sample


def _wanted(found: int, size: int | None, share: int | None) -> int:
    if size is None and share is None:
        raise ValidationError({"size": _("Say how many, or which share.")})
    return ceil(found * share / 100) if share is not None else size or 1


def _plan(issue: Issue, actor: User, sample: LookBackSample) -> None:
    with apply_act(issue, "draw_sample", actor, None) as act:
        FollowUp.objects.create(
            issue=act.issue, round=act.issue.round, kind=FollowUpKind.SAMPLE, due_on=sample.due_on, sample=sample
        )
        act.data = {"sample": sample.number, "seed": sample.seed, "due_on": sample.due_on}


def results(sample: LookBackSample) -> QuerySet[FollowUp]:
    """The look-backs of a sample: those that do not hold first, then those still to be done, each with its issue."""
    rows: QuerySet[FollowUp] = sample.follow_ups.select_related("issue__lead_department", "done_by")
    return rows.order_by(F("holds").asc(nulls_last=True), "issue__number")
