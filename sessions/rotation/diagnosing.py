"""Why no plan exists: which rules clash, and the smallest changes after which one would."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import highspy

from sessions.rotation.instance import Director, Instance, Quota
from sessions.rotation.linear import INFINITE, Limits, Work
from sessions.rotation.master import (
    ABSENCE,
    DESKS,
    HOST_MAXIMUM,
    HOST_MINIMUM,
    MAXIMUM,
    MINIMUM,
    Master,
    Rule,
)

DEMANDS = frozenset({MINIMUM, HOST_MINIMUM})
LIMITS = frozenset({MAXIMUM, HOST_MAXIMUM})
TIMES = frozenset({DESKS, ABSENCE})
PEOPLE = frozenset({MINIMUM, MAXIMUM})
HOSTS = frozenset({HOST_MINIMUM, HOST_MAXIMUM})
MOST_CLASHES = 8
SECONDS = 8.0
Clash = tuple[Rule, ...]


@dataclass(frozen=True)
class Repair:
    """Changes that together make a plan possible: each rule with how much it has to give. `smallest` when proved."""

    changes: tuple[tuple[Rule, int], ...]
    smallest: bool

    @property
    def size(self) -> int:
        return sum(amount for _rule, amount in self.changes)

    @property
    def kinds(self) -> frozenset[str]:
        """Which sorts of rules change."""
        return frozenset(rule.kind for rule, _amount in self.changes)


@dataclass
class Diagnosis:
    """Rules that cannot hold together, one group for each independent cause, and ways out of all of them."""

    clashes: list[Clash] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)


def diagnose(instance: Instance, work: Work) -> Diagnosis:
    """The causes and the ways out. Call it for an instance without a plan only. Raises Cancelled."""
    found = Diagnosis(list(_alone(instance)))
    _together(instance, found, work)
    found.repairs = list(_repairs(instance, work))
    return found


def _repairs(instance: Instance, work: Work) -> Iterator[Repair]:
    """The fewest changes of whatever kind, then the fewest of one kind each, where these alone are enough."""
    best = _repair(instance, frozenset(DEMANDS | LIMITS | TIMES), work)
    if best:
        yield best
    for kinds in (PEOPLE, HOSTS, frozenset({ABSENCE}), frozenset({DESKS})):
        if best and best.kinds <= kinds:
            continue
        repair = _repair(instance, kinds, work)
        if repair:
            yield repair


def _alone(instance: Instance) -> Iterator[Clash]:
    """Demands that fail by themselves: a person who cannot come often enough, a host who cannot be visited enough."""
    for director in instance.directors:
        for quota in instance.quotas_of(director):
            if possible(instance, director, quota) + instance.stood(director.id, quota) < quota.minimum:
                yield (Rule(MINIMUM, director.id, quota=quota),)
    for place in instance.hosts:
        if receivable(instance, place) + instance.visits_before[place] < instance.host_quota(place).minimum:
            yield (Rule(HOST_MINIMUM, place=place),)


def possible(instance: Instance, director: Director, quota: Quota) -> int:
    """In how many half-days of the quota the director could sit, seen alone."""
    reach = instance.reach[director.id] & quota.slots
    limit = instance.max_half_days_per_day
    return sum(min(limit, sum(slot in reach for slot in slots)) for slots in instance.days.values())


def receivable(instance: Instance, place: str) -> int:
    """How many visits the host could receive, seen alone."""
    guests = [instance.reach[one.id] for one in instance.directors if instance.may_visit(one, place)]
    desks = instance.capacity[place]
    return sum(min(desks[slot], sum(slot in reach for reach in guests)) for slot in range(len(instance.slots)))


def _together(instance: Instance, found: Diagnosis, work: Work) -> None:
    """Demands that fail only together; each cause is taken out before the next is looked for."""
    exact = instance.max_same_host is not None and len(instance.directors) * len(instance.slots) < 2000
    master = Master(instance, exact=exact)
    _free(master, (rule for clash in found.clashes for rule in clash))
    while len(found.clashes) < MOST_CLASHES:
        clash = _from_relaxed(master, work) or _from_whole(master, work)
        demands = [rule for rule in clash if rule.kind in DEMANDS]
        if not clash or not demands:
            found.clashes += [clash] if clash else []
            return
        clash = _with_companions(instance, clash)
        found.clashes.append(clash)
        _free(master, [rule for rule in clash if rule.kind in DEMANDS])


def _with_companions(instance: Instance, clash: Clash) -> Clash:
    """The clash with everybody who is in the same position: who can come in none but the same half-days."""
    owing = [rule for rule in clash if rule.kind == MINIMUM and rule.quota]
    if len(owing) < 2:
        return clash
    common = frozenset().union(*(instance.reach[rule.director] & rule.quota.slots for rule in owing if rule.quota))
    others = [
        Rule(MINIMUM, director.id, quota=quota)
        for director in instance.directors
        for quota in instance.quotas_of(director)
        if quota.minimum and instance.reach[director.id] & quota.slots <= common
    ]
    return tuple(dict.fromkeys([*clash, *others]))


def _free(master: Master, rules: Iterable[Rule]) -> None:
    """Take rules out of the model."""
    gone = set(rules)
    for row, rule in list(master.rows.items()):
        if rule in gone:
            master.row_lower[row], master.row_upper[row] = -INFINITE, INFINITE
            del master.rows[row]


def _from_relaxed(master: Master, work: Work) -> Clash:
    """An irreducible group of clashing rules, when even halves of visits would not help."""
    solver = master.solver({}, work, relaxed=True)
    # Bits 1 and 2 of the strategy: start from the relaxed model, and leave out whatever is not needed.
    solver.setOptionValue("iis_strategy", 6)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
        return ()
    _status, iis = solver.getIis()
    rows = set(iis.row_index_)
    found = [rule for row, rule in master.rows.items() if row in rows]
    upper = {highspy.IisBoundStatus.kIisBoundStatusUpper, highspy.IisBoundStatus.kIisBoundStatusBoxed}
    full = {column for column, bound in zip(iis.col_index_, iis.col_bound_, strict=True) if _bound(bound) in upper}
    found += [Rule(DESKS, place=place, slot=slot) for (place, slot), one in master.seats.items() if one in full]
    return tuple(found)


def _bound(value: object) -> highspy.IisBoundStatus:
    return highspy.IisBoundStatus(int(value))  # type: ignore[call-overload]


def _from_whole(master: Master, work: Work) -> Clash:
    """The same where only whole visits clash: rules are left out one by one as long as the clash remains."""
    until = work.used + SECONDS
    if not master.minimise({}, work, Limits(seconds=SECONDS)).infeasible:
        return ()
    before = list(master.row_lower), list(master.row_upper)
    needed = []
    for row, rule in master.rows.items():
        kept = master.row_lower[row], master.row_upper[row]
        master.row_lower[row], master.row_upper[row] = -INFINITE, INFINITE
        if work.used > until or not master.minimise({}, work, Limits(seconds=SECONDS)).infeasible:
            master.row_lower[row], master.row_upper[row] = kept
            needed.append(rule)
    master.row_lower, master.row_upper = before
    return tuple(needed)


def _repair(instance: Instance, kinds: frozenset[str], work: Work) -> Repair | None:
    """The smallest sum of changes of these kinds; None when they alone do not help."""
    exact = instance.max_same_host is not None and len(instance.directors) * len(instance.slots) < 2000
    master = Master(instance, kinds, exact=exact)
    answer = master.minimise(dict.fromkeys(master.slacks, 1.0), work, Limits(gap=0.9, seconds=SECONDS))
    if not answer.found:
        return None
    changes = [(rule, answer.whole(column)) for column, rule in master.slacks.items() if answer.whole(column)]
    return Repair(tuple(changes), answer.proved)
