"""The figures of one case: what the applicant went through, as numbers that can stand beside those of a re-walk."""

from dataclasses import dataclass
from decimal import Decimal

from sessions.models import HandledCase


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """Minutes, counts and working days of one case; None where nobody noted it.

    `handling_minutes` is the sum of the steps' time, rounded to whole minutes. `windows` counts the different places
    the steps were at. `working_days` is what was noted, else the sum the guide gives for its counted steps.
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
    seconds = sum(step.elapsed.total_seconds() for step in steps if step.elapsed)
    return CaseFigures(
        waiting_minutes=case.waiting_minutes,
        handling_minutes=round(seconds / 60),
        documents=sum(step.documents_asked for step in steps),
        signatures=sum(step.signatures for step in steps),
        windows=len({step.place for step in steps if step.place}) or 1,
        trips=case.trips,
        working_days=case.working_days if case.working_days is not None else _guide_days(case),
    )


def _guide_days(case: HandledCase) -> Decimal | None:
    days = [step.get("days") for step in case.snapshot.get("steps", []) if step.get("counted", True)]
    known = [Decimal(str(value)) for value in days if value not in (None, "")]
    return sum(known, Decimal(0)) if known else None
