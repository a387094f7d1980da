"""Directors who have been placed less often than their rank's target, or the floor of the year, asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sessions.posts import Person
from sessions.rules import Facts


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A director who has fewer visits in the period than the rank's target."""

    person: Person
    placed: int
    target: int

    @property
    def missing(self) -> int:
        return self.target - self.placed


def shortfalls(people: Sequence[Person], facts: Facts, day: date) -> list[Shortfall]:
    """Who has not been placed as often as the quota asks, in the period around `day`."""
    found = []
    for person in people:
        period, minimum, _maximum = facts.quotas.get(person.rank, ("", 0, None))
        placed = len(facts.in_period(person.pk, period, day)) if minimum else 0
        if placed < minimum:
            found.append(Shortfall(person, placed, minimum))
    return found


def owes(person: Person, facts: Facts, day: date) -> bool:
    """Whether the person still has to be placed in the period around `day`."""
    period, target, _most = facts.quotas.get(person.rank, ("", 0, None))
    return len(facts.in_period(person.pk, period, day)) < target


def floor_gaps(people: Sequence[Person], facts: Facts) -> list[Shortfall]:
    """Who has not been placed as often as the floor of the year asks, over all programmes."""
    rows = [Shortfall(one, facts.yearly.get(one.pk, 0), facts.floors.get(one.rank, 0)) for one in people]
    return [row for row in rows if row.missing > 0]
