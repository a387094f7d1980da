"""Phase two: which host each director visits at the times of phase one, and then which desk.

New pairs are sought first, then seams; a second visit of the same director to the same host is avoided. How many
visits a host receives stays within the balance that phase one found.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sessions.rotation.instance import OPEN_TO_ALL, Instance, Pair, Placement
from sessions.rotation.linear import INFINITE, Limits, Linear, Work

AGAIN = 20.0
"""What a further visit of the same director to the same host costs, in the units of the weights."""
CONTENT = 0.002
NODES = 400
PHASE_TWO = 0.8
"""The share of the time for wishes after which phase two is content with what it has."""


@dataclass(frozen=True)
class Weights:
    """How much each wish counts against the others, from 0 (not at all) to 10."""

    new_pairs: int = 10
    seams: int = 5
    spread: int = 3


@dataclass(frozen=True)
class Frame:
    """What phase one has fixed: who sits when, the fewest visits of a host, the balance, visits at shared desks."""

    times: Sequence[tuple[str, int]]
    least: int
    spread: int
    shared: int


class Seating(Linear):
    """The model of phase two."""

    def __init__(self, instance: Instance, frame: Frame, weights: Weights) -> None:
        super().__init__()
        self.instance, self.frame, self.weights = instance, frame, weights
        self.sits: dict[tuple[str, int, str], int] = {}
        self.costs: dict[int, float] = {}
        self.been = been(instance)
        self._seats()
        self._hosts()
        self._again()
        self._wishes()

    def _seats(self) -> None:
        inst = self.instance
        at: dict[tuple[str, int], list[int]] = {}
        for who, slot in self.frame.times:
            director, row = inst.director_of[who], []
            for place in inst.places:
                if inst.capacity[place][slot] > 0 and inst.may_visit(director, place):
                    column = self.sits[who, slot, place] = self.column(upper=1, integer=True)
                    at.setdefault((place, slot), []).append(column)
                    row.append((column, 1.0))
            self.row(row, 1, 1)
        for (place, slot), columns in at.items():
            if len(columns) > inst.capacity[place][slot]:
                self.row([(column, 1.0) for column in columns], upper=inst.capacity[place][slot])

    def _hosts(self) -> None:
        inst, given = self.instance, self.instance.visits_before
        visits: dict[str, list[tuple[int, float]]] = {place: [] for place in inst.places}
        for (_who, _slot, place), column in self.sits.items():
            visits[place].append((column, 1.0))
        for place in inst.hosts:
            quota = inst.host_quota(place)
            least = max(self.frame.least, quota.minimum)
            most = min(self.frame.least + self.frame.spread, INFINITE if quota.maximum is None else quota.maximum)
            self.row(visits[place], least - given[place], max(most, given[place]) - given[place])
        if OPEN_TO_ALL in inst.places:
            self.row(visits[OPEN_TO_ALL], upper=self.frame.shared)

    def _again(self) -> None:
        """Each director at each host: at most so often, and a price for coming again."""
        most = self.instance.max_same_host
        meets: dict[tuple[str, str], list[tuple[int, float]]] = {}
        for (who, _slot, place), column in self.sits.items():
            if place != OPEN_TO_ALL:
                meets.setdefault((who, place), []).append((column, 1.0))
        for (who, place), terms in meets.items():
            before = self.been.get((who, place), 0)
            if most is not None and before + len(terms) > most:
                self.row(terms, upper=max(0, most - before))
            if before + len(terms) > 1:
                extra = self.column()
                self.row([*terms, (extra, -1.0)], upper=max(0, 1 - before))
                self.costs[extra] = AGAIN

    def _wishes(self) -> None:
        """A reward for each pair of departments that meets, more if it never met before, more where it chafes."""
        inst = self.instance
        pairs: dict[Pair, list[tuple[int, float]]] = {}
        for (who, _slot, place), column in self.sits.items():
            if place != OPEN_TO_ALL and place != inst.director_of[who].department:
                pairs.setdefault((inst.director_of[who].department, place), []).append((column, 1.0))
        hardest = max(inst.seams.values(), default=0) or 1
        met = inst.met | {(inst.director_of[one.director].department, inst.host_of(one)) for one in inst.given}
        for pair, terms in pairs.items():
            reward = self.weights.new_pairs * (pair not in met) + self.weights.seams * chafing(inst, pair) / hardest
            if reward:
                meeting = self.column(upper=1)
                self.row([*terms, (meeting, -1.0)], lower=0)
                self.costs[meeting] = -reward

    def seat(self, work: Work) -> list[Placement] | None:
        """Everybody at a desk; None when these times leave no way (only `max_same_host` can cause that)."""
        if not self.frame.times:
            return []
        worth = sum(-cost for cost in self.costs.values() if cost < 0)
        limits = Limits(gap=0.05 + CONTENT * worth, nodes=NODES, seconds=work.until(PHASE_TWO))
        answer = self.minimise(self.costs, work, limits)
        if not answer.found and not answer.infeasible:
            answer = self.minimise({}, work)
        if not answer.found:
            return None
        return seat_at_desks(self.instance, [key for key, column in self.sits.items() if answer.whole(column)])


def been(instance: Instance) -> dict[tuple[str, str], int]:
    """How often each director is at each host by what is given."""
    found: dict[tuple[str, str], int] = {}
    for one in instance.given:
        key = one.director, instance.host_of(one)
        found[key] = found.get(key, 0) + 1
    return found


def chafing(instance: Instance, pair: Pair) -> int:
    """The strength of the seam between two departments, either of them the one who needs."""
    return max(instance.seams.get(pair, 0), instance.seams.get((pair[1], pair[0]), 0))


def seat_at_desks(instance: Instance, seats: Sequence[tuple[str, int, str]]) -> list[Placement]:
    """A free desk of the host for each (director, half-day, host): people and desks in their order."""
    taken = {(one.desk, one.slot) for one in instance.given}
    found = []
    queues: dict[tuple[str, int], list[str]] = {}
    for who, slot, place in sorted(seats):
        queues.setdefault((place, slot), []).append(who)
    for (place, slot), people in queues.items():
        free = (
            desk.id
            for desk in instance.desks
            if desk.department == place and slot in desk.open and (desk.id, slot) not in taken
        )
        found += [Placement(slot, desk, who) for who, desk in zip(people, free, strict=False)]
    return sorted(found)
