"""Working days: the only place that adds or counts them.

The rule is the one of administrative time limits (行政许可法 §82, 民法典 §201): the day something is handed in is not
counted, the first working day after it is day 1, and a limit ends with its last working day.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Self

from core.calendar_models import CalendarDay

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Day:
    """What the official calendar says of one day."""

    is_workday: bool
    name: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """One named holiday inside a time limit: its first and last day that were not counted."""

    name: str
    first: date
    last: date


@dataclass(frozen=True)
class Calendar:
    """An immutable view of the calendar; load it once, then ask as often as needed without a query.

    `first` and `last` bound what was loaded (None: no bound). A day outside them is a programming error and raises
    ValueError, for a guess there would be a silently wrong deadline. A day inside them without a row follows the
    weekday and counts as provisional.
    """

    days: Mapping[date, Day]
    closures: frozenset[date] = frozenset()
    first: date | None = None
    last: date | None = None
    _years: tuple[int, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))
        object.__setattr__(self, "_years", tuple(sorted({d.year for d, day in self.days.items() if day.provisional})))

    def _day(self, day: date) -> Day:
        known = self.days.get(day)
        if known is not None:
            return known
        if (self.first and day < self.first) or (self.last and day > self.last):
            raise ValueError(f"{day} lies outside the loaded part of the calendar ({self.first} to {self.last})")
        return Day(is_workday=day.weekday() < SATURDAY, provisional=True)

    def is_workday(self, day: date) -> bool:
        """Whether the hall's people work that day: the official calendar less the hall's own closures."""
        return self._day(day).is_workday and day not in self.closures

    def is_provisional(self, day: date) -> bool:
        """Whether the official notice for that day is still missing, so that the answer may change."""
        return self._day(day).provisional

    def name(self, day: date) -> str:
        """The holiday or make-up label of the day, or nothing."""
        return self._day(day).name

    @property
    def provisional_years(self) -> tuple[int, ...]:
        """Years in the table whose make-up days are not published yet."""
        return self._years

    def provisional_between(self, start: date, end: date) -> tuple[int, ...]:
        """Years touched by start..end whose calendar is provisional or missing from the table altogether."""
        return tuple(sorted({day.year for day in _each(start, end) if self.is_provisional(day)}))

    def next_workday(self, day: date) -> date:
        """The day itself when it is a working day, else the first one after it."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def previous_workday(self, day: date) -> date:
        """The last working day before `day`."""
        day -= ONE_DAY
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def span(self, start: date, n: int) -> list[date]:
        """The working days counted for a limit of `n` from `start`: the sum shown beside a deadline.

        `n` = 0 (on the spot) is the day itself, or the next working day when nobody works on it.
        """
        if n < 0:
            raise ValueError("a time limit cannot be negative")
        if n == 0:
            return [self.next_workday(start)]
        counted: list[date] = []
        day = start
        while len(counted) < n:
            day = self.next_workday(day + ONE_DAY)
            counted.append(day)
        return counted

    def add(self, start: date, n: int) -> date:
        """The last day of a limit of `n` working days that begins with `start`."""
        return self.span(start, n)[-1]

    def between(self, start: date, end: date) -> int:
        """Working days left from `start` to `end`, `start` not counted; negative when `end` has passed."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_workday(day) for day in _each(start + ONE_DAY, end))

    def skipped(self, start: date, end: date) -> list[Skipped]:
        """The named holidays after `start` and up to `end` that were not counted, in order."""
        found: list[Skipped] = []
        for day in _each(start + ONE_DAY, end):
            name = self.name(day)
            if not name or self.is_workday(day) or self._day(day).is_workday:
                continue
            if found and found[-1].name == name and found[-1].last == day - ONE_DAY:
                found[-1] = Skipped(name, found[-1].first, day)
            else:
                found.append(Skipped(name, day, day))
        return found

    def closed(self, closures: Collection[date]) -> Self:
        """The same calendar with a hall's closures on top of those it has."""
        return type(self)(self.days, self.closures | frozenset(closures), self.first, self.last)


def _each(start: date, end: date) -> Iterator[date]:
    for offset in range((end - start).days + 1):
        yield start + timedelta(days=offset)


def load(start: date | None = None, end: date | None = None, *, closures: Collection[date] = ()) -> Calendar:
    """The official calendar from the table with one query, `closures` (days a hall is shut) on top.

    Without bounds it holds every day known. With an `end`, a question beyond it raises ValueError.
    """
    rows = CalendarDay.objects.all()
    if start is not None:
        rows = rows.filter(date__gte=start)
    if end is not None:
        rows = rows.filter(date__lte=end)
    days = {
        day: Day(is_workday, name, provisional)
        for day, is_workday, name, provisional in rows.values_list("date", "is_workday", "name", "provisional")
    }
    return Calendar(days, frozenset(closures), start, end)
