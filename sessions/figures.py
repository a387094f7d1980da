"""The figures of one case: what the applicant went through, as numbers that can stand beside those of a re-walk."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sessions.models import HandledCase


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """Minutes, counts and working days of one case; None where nobody noted it.

    `handling_minutes` is the time of all steps together, rounded once, and at least one minute. `windows` counts the
    different places the steps were at. `working_days` is what was noted, else the sum the guide gives for its counted
    steps.
    """

    waiting_minutes: int | None
    handling_minutes: int
    documents: int
    signatures: int
    windows: int
    trips: int | None
    working_days: Decimal | None


def figures(case: HandledCase) -> CaseFigures:
    """The figures of this case (one query unless its steps are prefetched)."""
    steps = list(case.steps.all())
    return CaseFigures(
        waiting_minutes=case.waiting_minutes,
        handling_minutes=_minutes(sum((step.elapsed for step in steps if step.elapsed), timedelta())),
        documents=sum(step.documents_asked for step in steps),
        signatures=sum(step.signatures for step in steps),
        windows=len({step.place for step in steps if step.place}) or 1,
        trips=case.trips,
        working_days=case.working_days if case.working_days is not None else _guide_days(case),
    )


def _minutes(taken: timedelta) -> int:
    """A minute begun counts as one, so that nothing that was walked prints as nothing."""
    return max(1, round(taken.total_seconds() / 60)) if taken else 0


def _guide_days(case: HandledCase) -> Decimal | None:
    days = [step.get("days") for step in case.snapshot.get("steps", []) if step.get("counted", True)]
    known = [Decimal(str(value)) for value in days if value not in (None, "")]
    return sum(known, Decimal(0)) if known else None
