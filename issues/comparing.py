"""The figures of two walks side by side, as frozen by the verification: in words, never as a percentage of few."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from issues.models import Issue, Verification

BAR = 150
"""Length of the longer bar of a pair, in pixels."""

# What is shown, in this order: label, unit, and the figures of `sessions.figures` that it sums.
FIGURES: list[tuple[Any, Any, tuple[str, ...]]] = [
    (_("Trips"), pgettext_lazy("unit", "times"), ("trips",)),
    (_("Windows"), pgettext_lazy("unit", "windows"), ("windows",)),
    (_("Documents asked for"), pgettext_lazy("unit", "copies"), ("documents",)),
    (_("Waiting and handling"), pgettext_lazy("unit", "minutes"), ("waiting_minutes", "handling_minutes")),
    (_("Signatures"), pgettext_lazy("unit", "signatures"), ("signatures",)),
    (_("Until the result"), pgettext_lazy("unit", "working days"), ("working_days",)),
]


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: before, after and the difference in words; None where nobody noted it."""

    label: Any
    unit: Any
    before: str
    after: str
    difference: Any
    changed: bool
    before_bar: int
    after_bar: int


@dataclass(frozen=True, slots=True)
class Walk:
    """A re-walk beside the walk that found the issue; the windows are named where they differ."""

    verification: Verification
    figures: list[Figure]
    before_window: str = ""
    after_window: str = ""


def walks(issue: Issue) -> list[Walk]:
    """The re-walks with figures, newest first."""
    found = sorted(issue.verifications.all(), key=lambda row: -row.pk)
    return [Walk(row, figures(row), *_windows(row)) for row in found if row.comparison]


def _windows(verification: Verification) -> tuple[str, str]:
    """Where both were walked, if known and not at the same window."""
    place = next((row for row in verification.comparison if row["name"] == "window"), {})
    before, after = place.get("before") or "", place.get("after") or ""
    return (before, after) if before and after and before != after else ("", "")


def figures(verification: Verification) -> list[Figure]:
    """The rows of a re-walk; nothing for other ways of verification."""
    frozen = {row["name"]: row for row in verification.comparison}
    rows = [_figure(label, unit, [frozen.get(name, {}) for name in names]) for label, unit, names in FIGURES]
    return [row for row in rows if row.before or row.after] if frozen else []


def _figure(label: Any, unit: Any, parts: list[dict[str, Any]]) -> Figure:
    before, after = _sum(parts, "before"), _sum(parts, "after")
    longest = max(before or 0, after or 0) or 1
    return Figure(
        label=label,
        unit=unit,
        before=_plain(before),
        after=_plain(after),
        difference=_difference(before, after, unit),
        changed=before is not None and after is not None and before != after,
        before_bar=round(float((before or 0) / longest) * BAR),
        after_bar=round(float((after or 0) / longest) * BAR),
    )


def _sum(parts: list[dict[str, Any]], side: str) -> Decimal | None:
    known = [Decimal(str(part[side])) for part in parts if part.get(side) is not None]
    return sum(known, Decimal(0)) if known else None


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _difference(before: Decimal | None, after: Decimal | None, unit: Any) -> Any:
    if before is None or after is None:
        return _("not noted on both walks")
    if before == after:
        return _("no change")
    facts = {"n": _plain(abs(after - before)), "unit": unit}
    return (_("%(n)s %(unit)s fewer") if after < before else _("%(n)s %(unit)s more")) % facts
