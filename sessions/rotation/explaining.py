"""Why each placement is there: facts of the plan, kept as plain values and put into words when they are shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sessions.rotation.instance import OPEN_TO_ALL, Instance, Pair, Placement
from sessions.rotation.seating import chafing

FIRST, AGAIN, PAIR_AGAIN, SHARED_DESK = "first", "again", "pair_again", "shared_desk"
SEAM, ONLY_CHANCE, CHANCES, QUOTA, BALANCE = "seam", "only_chance", "chances", "quota", "balance"


@dataclass(frozen=True)
class Reason:
    """One reason: its word and what belongs into its sentence."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def as_list(self) -> list[Any]:
        """As it is stored."""
        return [self.code, dict(self.values)]


def explain(instance: Instance, placements: Iterable[Placement]) -> dict[Placement, list[Reason]]:
    """The reasons of each placement, the strongest first."""
    story = _Story(instance)
    everything = sorted([*instance.given, *placements])
    totals = dict(instance.received)
    for one in everything:
        totals[instance.host_of(one)] = totals.get(instance.host_of(one), 0) + 1
    return {one: story.tell(one, totals) for one in everything}


class _Story:
    """Goes through the plan in the order of time and remembers who has met whom."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.met: set[Pair] = set(instance.met)
        self.visits: dict[str, int] = dict(instance.received)
        self.sat: dict[tuple[str, str], int] = dict(instance.done)
        self.been: dict[tuple[str, str], int] = {}

    def tell(self, one: Placement, totals: Mapping[str, int]) -> list[Reason]:
        place = self.instance.host_of(one)
        found = [Reason(SHARED_DESK)] if place == OPEN_TO_ALL else self._meeting(one, place)
        found += self._chance(one)
        found += self._quotas(one)
        if place != OPEN_TO_ALL:
            self.visits[place] = self.visits.get(place, 0) + 1
            found.append(Reason(BALANCE, {"host": place, "number": self.visits[place], "of": totals[place]}))
        return found

    def _meeting(self, one: Placement, place: str) -> list[Reason]:
        home = self.instance.director_of[one.director].department
        times = self.been[one.director, place] = self.been.get((one.director, place), 0) + 1
        names = {"home": home, "host": place}
        if times > 1:
            found = [Reason(AGAIN, names | {"times": times})]
        elif (home, place) in self.met:
            found = [Reason(PAIR_AGAIN, names)]
        else:
            found = [Reason(FIRST, names)]
        self.met.add((home, place))
        strength = chafing(self.instance, (home, place))
        if strength and home != place:
            documents = max(self.instance.documents.get(pair, 0) for pair in ((home, place), (place, home)))
            found.append(Reason(SEAM, names | {"strength": strength, "documents": documents}))
        return found

    def _chance(self, one: Placement) -> list[Reason]:
        """How many half-days of that week the director could have come."""
        week = self.instance.weeks[self.instance.slots[one.slot].week]
        reach = self.instance.reach[one.director] | {one.slot}
        free = sum(slot in reach for slot in week)
        return [Reason(ONLY_CHANCE)] if free == 1 else [Reason(CHANCES, {"free": free})]

    def _quotas(self, one: Placement) -> list[Reason]:
        director, found = self.instance.director_of[one.director], []
        for quota in self.instance.quotas:
            if quota.rank == director.rank and one.slot in quota.slots and quota.minimum:
                sat = self.sat[one.director, quota.label] = self.sat.get((one.director, quota.label), 0) + 1
                if sat <= quota.minimum:
                    found.append(Reason(QUOTA, {"number": sat, "of": quota.minimum, "label": quota.label}))
        return found
