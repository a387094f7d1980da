"""Numbers that are given out once and without gaps, also when two people ask at the same moment."""

import re

from core import clock
from issues.models import NumberSeries

ISSUE_NUMBER = re.compile(r"(WT-\d{4})-(\d{1,6})")


def take(prefix: str) -> int:
    """The next number of a series, from 1. Inside the caller's transaction: undone with it."""
    series = _held(prefix)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


def issue_number() -> str:
    """The next WT-2026-081."""
    prefix = f"WT-{clock.today().year}"
    return f"{prefix}-{take(prefix):03}"


def keep(number: str) -> str:
    """A number given by an import, noted so that the series goes on after it."""
    if found := ISSUE_NUMBER.fullmatch(number):
        series = _held(found[1])
        series.last = max(series.last, int(found[2]))
        series.save(update_fields=["last"])
    return number


def _held(prefix: str) -> NumberSeries:
    """The series under a lock, begun where there is none."""
    NumberSeries.objects.get_or_create(prefix=prefix)
    return NumberSeries.objects.select_for_update().get(prefix=prefix)


def close_out_number() -> str:
    """The next number of a close-out sheet, such as 销〔2026〕024 号."""
    year = clock.today().year
    return f"销〔{year}〕{take(f'close-out {year}'):03} 号"
