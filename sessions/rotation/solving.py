"""From an instance to a plan: quotas first, then the smallest balance with its proof, then the wishes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from importlib import metadata
from math import ceil
from random import Random

from sessions.rotation.instance import OPEN_TO_ALL, Instance, Placement
from sessions.rotation.linear import INFINITE, Answer, Limits, Work
from sessions.rotation.master import MINIMUM, Master, Rule
from sessions.rotation.seating import Frame, Seating, Weights, seat_at_desks

VISIT, SHARED_DESK = 1000.0, 100.0
"""Prices in phase one: a visit beyond what quotas and balance ask; a seat at a desk that belongs to nobody."""
CLOSE = 0.9
NODES = 500
PHASE_ONE = 0.5
"""The share of the time for wishes after which phase one is content with what it has."""

TRIES = 3
LARGE_CUBE, OTHER_TIMES = 150_000, 4
TOLERANCE = 1e-6


class NoPlan(Exception):
    """No plan exists: proved."""


class TimeUp(Exception):
    """Neither a plan nor a proof that there is none was found in the time given."""


@dataclass(frozen=True)
class Plan:
    """A plan and what is known of it.

    `placements` are new ones only, in the order of time. `balance` is the largest minus the smallest number of visits
    over the hosts, those given counted; no plan is below `bound`. `short` says which quota is not met by how much.
    """

    placements: tuple[Placement, ...]
    balance: int
    bound: int
    visits: dict[str, int]
    seed: int
    seconds: float
    short: tuple[tuple[Rule, int], ...] = ()
    solver: str = field(default_factory=lambda: version())

    @property
    def proved(self) -> bool:
        """Whether no plan has a smaller balance."""
        return self.balance <= self.bound


def version() -> str:
    """The solver with its version."""
    return f"highspy {metadata.version('highspy')}"


@dataclass(frozen=True)
class Wish:
    """What may give way. `soft`: quotas' minima fall short where there is no other way.

    `shared_last`: desks that belong to no department are used only where the quotas need them, before the balance is
    looked at. Otherwise they would be its easiest way out: with everybody there, all departments receive equally few.
    """

    soft: bool = False
    shared_last: bool = False
    weights: Weights = field(default_factory=Weights)


def solve(instance: Instance, work: Work | None = None, wish: Wish | None = None) -> Plan:
    """The plan with the smallest balance that the wish leaves. Raises NoPlan, TimeUp, Cancelled."""
    work, wish = work or Work(), wish or Wish()
    elastic = [MINIMUM] if wish.soft else []
    plan = _attempt(instance, Master(instance, elastic), work, wish)
    for other in range(1, 1 + OTHER_TIMES):
        # The sums of visits fit, the half-days do not. A large problem has many other times that may fit.
        if plan is None and cube(instance) > LARGE_CUBE and work.left > 0:
            plan = _attempt(instance, Master(instance, elastic), replace(work, seed=work.seed + other), wish, other)
    if plan is None:
        # Only now the whole cube decides.
        plan = _attempt(instance, Master(instance, elastic, exact=True), work, wish)
    if plan is None:
        raise TimeUp
    return replace(plan, seed=work.seed, seconds=work.used)


def cube(instance: Instance) -> int:
    """How many unknowns director, place and half-day have in one."""
    return sum(len(slots) for slots in instance.reach.values()) * len(instance.places)


def _attempt(instance: Instance, master: Master, work: Work, wish: Wish, other: int = 0) -> Plan | None:
    """A plan by this model; None when its times leave somebody without a seat. Each `other` prefers other times."""
    work.tell(0.05)
    if wish.soft:
        _hold_at_least(master, list(master.slacks), work)
    shared_desks = [column for (place, _slot), column in master.seats.items() if place == OPEN_TO_ALL]
    if wish.shared_last and shared_desks:
        _hold_at_least(master, shared_desks, work)
    chance = Random(other)  # noqa: S311 -- no secret: any order of the half-days will do
    leaning = {column: chance.random() for column in master.sits.values()} if other else {}
    answer, bound = _balanced(master, wish.weights, work, leaning)
    work.tell(0.6)
    least, spread = answer.whole(master.least), answer.whole(master.spread)
    shared = sum(answer.whole(column) for column in shared_desks)
    frame = Frame(master.times(answer), least, spread, shared)
    placements = Seating(instance, frame, wish.weights).seat(work)
    if placements is None and master.seated:
        placements = seat_at_desks(
            instance, [(who, slot, place) for (who, place, slot), y in master.seated.items() if answer.whole(y)]
        )
    if placements is None:
        return None
    work.tell(0.95)
    visits = count(instance, placements)
    balance = spread_of(instance, visits)
    short = tuple((rule, answer.whole(c)) for c, rule in master.slacks.items() if answer.whole(c))
    return Plan(tuple(placements), balance, min(bound, balance), visits, work.seed, work.used, short)


def count(instance: Instance, placements: Iterable[Placement]) -> dict[str, int]:
    """Visits of each place, those given counted."""
    visits = dict(instance.visits_before)
    for one in placements:
        visits[instance.host_of(one)] += 1
    return visits


def spread_of(instance: Instance, visits: dict[str, int]) -> int:
    """Largest minus smallest number of visits over the hosts."""
    numbers = [visits[place] for place in instance.hosts]
    return max(numbers) - min(numbers) if numbers else 0


def _hold_at_least(master: Master, columns: list[int], work: Work) -> None:
    """Make the sum of these as small as can be and hold it there from now on."""
    answer = _must(master.minimise(dict.fromkeys(columns, 1.0), work))
    smallest = sum(answer.whole(column) for column in columns)
    master.row([(column, 1.0) for column in columns], upper=smallest)


def _must(answer: Answer) -> Answer:
    if answer.infeasible:
        raise NoPlan
    if not answer.found:
        raise TimeUp
    return answer


def _balanced(master: Master, weights: Weights, work: Work, leaning: dict[int, float]) -> tuple[Answer, int]:
    """The cheapest answer at the smallest balance, and the bound that was proved for it.

    The balance is raised one by one from what the relaxed model allows: each step that is refused is a proof.
    """
    relaxed = _must(master.minimise({master.spread: 1.0}, work, relaxed=True))
    bound = max(0, ceil(relaxed.objective - TOLERANCE))
    peaks = _peaks(master, weights)
    for balance in range(bound, bound + TRIES):
        master.upper[master.spread] = balance
        answer = _cheapest(master, peaks, leaning, work)
        if answer.found:
            return answer, bound
        if not answer.infeasible:
            break
        bound = balance + 1
    master.upper[master.spread], master.lower[master.spread] = INFINITE, bound
    answer = _must(master.minimise({master.spread: 1.0}, work))
    bound = max(bound, ceil(answer.bound - TOLERANCE))
    master.upper[master.spread] = answer.whole(master.spread)
    better = _cheapest(master, peaks, leaning, work)
    return (better if better.found else answer), bound


def _cheapest(master: Master, peaks: dict[int, float], leaning: dict[int, float], work: Work) -> Answer:
    """Few visits, few of them at shared desks, and no crowded half-days or weeks, at the balance that is set.

    How crowded the fullest half-day and week must be is taken from the relaxed model and then held as a limit: as part
    of the price it would make the search for whole visits long. Where the limit leaves no way it is dropped.
    """
    prices = {column: VISIT + leaning.get(column, 0.0) for column in master.sits.values()}
    prices |= {column: SHARED_DESK for (place, _slot), column in master.seats.items() if place == OPEN_TO_ALL}
    limits = Limits(gap=CLOSE * SHARED_DESK, nodes=NODES, seconds=work.until(PHASE_ONE))
    relaxed = master.minimise(prices | peaks, work, relaxed=True)
    if not relaxed.found:
        return relaxed
    for top in peaks:
        master.upper[top] = ceil(float(relaxed.values[top]) - TOLERANCE)
    answer = master.minimise(prices, work, limits)
    for top in peaks:
        master.upper[top] = INFINITE
    if not answer.found and peaks:
        answer = master.minimise(prices, work, limits)
    if not answer.found and not answer.infeasible:
        answer = master.minimise({}, work)
    return answer


def _peaks(master: Master, weights: Weights) -> dict[int, float]:
    """Columns for the people in the fullest half-day and in the fullest week, with their prices."""
    if not weights.spread:
        return {}
    inst = master.instance
    given = [0] * len(inst.slots)
    for one in inst.given:
        given[one.slot] += 1
    prices = {}
    for groups in ([[slot] for slot in range(len(inst.slots))], list(inst.weeks.values())):
        top = master.column()
        prices[top] = float(weights.spread)
        for slots in groups:
            terms = [(master.crowd[slot], 1.0) for slot in slots]
            master.row([*terms, (top, -1.0)], upper=-sum(given[slot] for slot in slots))
    return prices
