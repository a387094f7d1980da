"""A rotation problem as the solver sees it: half-days, departments, desks, directors and the rules. Pure values.

Half-days are numbered by their place in `Instance.slots`, in the order of time; all other parts speak of these numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

Pair = tuple[str, str]
"""Home and host department, by code."""

OPEN_TO_ALL = ""
"""The host of comprehensive desks: they belong to no department and stay out of the balance."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One half-day; `half` is AM or PM."""

    date: date
    half: str

    @property
    def week(self) -> tuple[int, int]:
        """ISO year and week."""
        iso = self.date.isocalendar()
        return iso.year, iso.week

    @property
    def month(self) -> str:
        return f"{self.date:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Department:
    code: str
    name: str
    short_name: str = ""

    @property
    def label(self) -> str:
        """As people say it."""
        return self.short_name or self.name


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk; `department` is empty for a comprehensive one. `open` holds the half-days in which it may be used."""

    id: str
    department: str
    open: frozenset[int]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Director:
    """A person; `free` holds the half-days in which the person can come."""

    id: str
    name: str
    department: str
    rank: str
    free: frozenset[int]


@dataclass(frozen=True, slots=True)
class Quota:
    """So many half-days for each director of a rank within `slots`; `label` names the time, empty for all of it."""

    rank: str
    slots: frozenset[int]
    minimum: int
    maximum: int | None
    label: str = ""


@dataclass(frozen=True, slots=True)
class HostQuota:
    """How many visits a hosting department receives; no maximum when it is None."""

    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Placement:
    """One director at one desk in one half-day."""

    slot: int
    desk: str
    director: str


@dataclass(frozen=True)
class Instance:
    """The whole problem.

    `given` stands already and is counted everywhere; `done` are visits outside of `slots` that count towards a quota,
    by director and label of the quota, `received` those that count for a host. `met` are pairs that met before the
    period; `seams` says how hard two departments chafe, from 0 upwards, `documents` how many
    documents lie between them. `codes_known` says that people know the codes of directors, departments and desks.
    """

    slots: tuple[Slot, ...]
    departments: Mapping[str, Department]
    desks: tuple[Desk, ...]
    directors: tuple[Director, ...]
    quotas: tuple[Quota, ...] = ()
    host_quotas: Mapping[str, HostQuota] = field(default_factory=dict)
    own_department_forbidden: bool = True
    max_half_days_per_day: int = 2
    max_same_host: int | None = None
    given: tuple[Placement, ...] = ()
    done: Mapping[tuple[str, str], int] = field(default_factory=dict)
    received: Mapping[str, int] = field(default_factory=dict)
    met: frozenset[Pair] = frozenset()
    seams: Mapping[Pair, int] = field(default_factory=dict)
    documents: Mapping[Pair, int] = field(default_factory=dict)
    codes_known: bool = True

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        """Departments with at least one desk, by code; the balance is taken over these."""
        return tuple(sorted({desk.department for desk in self.desks if desk.department != OPEN_TO_ALL}))

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The hosts, and the comprehensive desks as one more when there are any."""
        shared = any(desk.department == OPEN_TO_ALL for desk in self.desks)
        return (*self.hosts, OPEN_TO_ALL) if shared else self.hosts

    @cached_property
    def desk_of(self) -> dict[str, Desk]:
        return {desk.id: desk for desk in self.desks}

    @cached_property
    def director_of(self) -> dict[str, Director]:
        return {director.id: director for director in self.directors}

    @cached_property
    def capacity(self) -> dict[str, list[int]]:
        """Free desks of each place in each half-day, those taken by `given` left out."""
        found = {place: [0] * len(self.slots) for place in self.places}
        for desk in self.desks:
            for slot in desk.open:
                found[desk.department][slot] += 1
        for one in self.given:
            desk = self.desk_of[one.desk]
            if one.slot in desk.open:
                found[desk.department][one.slot] -= 1
        return found

    @cached_property
    def reach(self) -> dict[str, frozenset[int]]:
        """When each director could sit somewhere: free, not placed yet, and a desk open that they may use."""
        taken = {(one.director, one.slot) for one in self.given}
        found = {}
        for director in self.directors:
            places = [place for place in self.places if self.may_visit(director, place)]
            found[director.id] = frozenset(
                slot
                for slot in director.free
                if (director.id, slot) not in taken and any(self.capacity[place][slot] > 0 for place in places)
            )
        return found

    def may_visit(self, director: Director, place: str) -> bool:
        """Whether the own-department rule lets the director sit there."""
        return not (self.own_department_forbidden and place == director.department)

    def host_of(self, placement: Placement) -> str:
        return self.desk_of[placement.desk].department

    def stood(self, director: str, quota: Quota) -> int:
        """How often the director has sat or will sit anyway, as the quota counts."""
        given = sum(one.director == director and one.slot in quota.slots for one in self.given)
        return given + self.done.get((director, quota.label), 0)

    @cached_property
    def visits_before(self) -> dict[str, int]:
        """Visits of each place that stand already."""
        found = {place: self.received.get(place, 0) for place in self.places}
        for one in self.given:
            found[self.host_of(one)] += 1
        return found

    def quotas_of(self, director: Director) -> list[Quota]:
        return [quota for quota in self.quotas if quota.rank == director.rank]

    def host_quota(self, place: str) -> HostQuota:
        return self.host_quotas.get(place, HostQuota())

    @cached_property
    def days(self) -> dict[date, list[int]]:
        """The half-days of each day."""
        found: dict[date, list[int]] = {}
        for number, slot in enumerate(self.slots):
            found.setdefault(slot.date, []).append(number)
        return found

    @cached_property
    def weeks(self) -> dict[tuple[int, int], list[int]]:
        """The half-days of each ISO week."""
        found: dict[tuple[int, int], list[int]] = {}
        for number, slot in enumerate(self.slots):
            found.setdefault(slot.week, []).append(number)
        return found
