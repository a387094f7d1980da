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
    year = clock.today().year
    return _issue_number(year, take(_issues_of(year)))


def _issues_of(year: int) -> str:
    return f"WT-{year}"


def _issue_number(year: int, last: int) -> str:
    return f"WT-{year}-{last:03}"


def _sheets_of(year: int) -> str:
    return f"close-out {year}"


def _sheet_number(year: int, last: int) -> str:
    return f"销〔{year}〕{last:03} 号"


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
    return _sheet_number(year, take(_sheets_of(year)))


class Held:
    """Series from which many numbers are taken in one transaction: locked at the first, written once by `save`."""

    def __init__(self) -> None:
        self._series: dict[str, NumberSeries] = {}

    def issue_number(self, year: int) -> str:
        return _issue_number(year, self._take(_issues_of(year)))

    def close_out_number(self, year: int) -> str:
        return _sheet_number(year, self._take(_sheets_of(year)))

    def _take(self, prefix: str) -> int:
        if prefix not in self._series:
            self._series[prefix] = _held(prefix)
        self._series[prefix].last += 1
        return self._series[prefix].last

    def save(self) -> None:
        for series in self._series.values():
            series.save(update_fields=["last"])
