"""Phase one: who sits when, and how many visits each host receives in each half-day.

Unknowns are `sits` (director, half-day) and `seats` (host, half-day), not the cube of both. Nothing is lost by it: in
one half-day the people present can be seated exactly when there are as many seats as people and, for each department,
enough seats at others for its own people (Hall's theorem; a person is kept from one department only, the own). Only
`max_same_host` ties half-days together; with it, `meets` (director, host) is added, and `seated` (director, host,
half-day) where that is still not exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sessions.rotation.instance import OPEN_TO_ALL, Director, Instance, Quota
from sessions.rotation.linear import INFINITE, Answer, Linear

MINIMUM, MAXIMUM, HOST_MINIMUM, HOST_MAXIMUM = "minimum", "maximum", "host_minimum", "host_maximum"
DESKS, ABSENCE, DAY, OWN, SAME_HOST = "desks", "absence", "day", "own", "same_host"


@dataclass(frozen=True)
class Rule:
    """What a row or a slack stands for: kind, and of whom, of which host, in which half-day, by which quota."""

    kind: str
    director: str = ""
    place: str = ""
    slot: int | None = None
    quota: Quota | None = None


class Master(Linear):
    """The model of phase one. `elastic` names the kinds of rules that may be broken at a price (`slacks`)."""

    def __init__(self, instance: Instance, elastic: Iterable[str] = (), *, exact: bool = False) -> None:
        super().__init__()
        self.instance = instance
        self.elastic = frozenset(elastic)
        self.sits: dict[tuple[str, int], int] = {}
        self.seats: dict[tuple[str, int], int] = {}
        self.meets: dict[tuple[str, str], int] = {}
        self.seated: dict[tuple[str, str, int], int] = {}
        self.slacks: dict[int, Rule] = {}
        self.rows: dict[int, Rule] = {}
        self.crowd = [self.column() for _slot in instance.slots]
        self._count_given()
        self._people()
        self._places()
        self._own_department()
        self.least, self.spread = self.column(integer=True), self.column(integer=True)
        self._balance()
        if instance.max_same_host is not None and not self._once_at_most():
            self._same_host()
            if exact:
                self._cube()

    def visits(self, place: str) -> list[tuple[int, float]]:
        """The terms whose sum are the visits to a place, without those given."""
        return [(column, 1.0) for (one, _slot), column in self.seats.items() if one == place]

    def _slack(self, kind: str, upper: float, **of: object) -> int:
        column = self.column(upper=upper, integer=True)
        self.slacks[column] = Rule(kind, **of)  # type: ignore[arg-type]
        return column

    def _count_given(self) -> None:
        """In which half-days each director sits already, and the visits of each place."""
        self.given_of: dict[str, list[int]] = {}
        self.given_at = self.instance.visits_before
        for one in self.instance.given:
            self.given_of.setdefault(one.director, []).append(one.slot)

    def _people(self) -> None:
        inst = self.instance
        present: list[list[int]] = [[] for _slot in inst.slots]
        for director in inst.directors:
            given = self.given_of.get(director.id, [])
            for slot in sorted(self._possible(director) - set(given)):
                column = self.column(upper=1, integer=True)
                self.sits[director.id, slot] = column
                present[slot].append(column)
                if slot not in director.free:
                    self.slacks[column] = Rule(ABSENCE, director.id, slot=slot)
            self._days(director, given)
            for quota in inst.quotas_of(director):
                self._quota(director, quota, inst.stood(director.id, quota))
        for slot, columns in enumerate(present):
            self.row([(column, 1.0) for column in columns] + [(self.crowd[slot], -1.0)], 0, 0)

    def _possible(self, director: Director) -> set[int]:
        if ABSENCE in self.elastic:
            return set(range(len(self.instance.slots)))
        return set(director.free if DESKS in self.elastic else self.instance.reach[director.id])

    def _days(self, director: Director, given: list[int]) -> None:
        limit = self.instance.max_half_days_per_day
        for slots in self.instance.days.values():
            columns = [self.sits[director.id, slot] for slot in slots if (director.id, slot) in self.sits]
            left = max(0, limit - sum(slot in slots for slot in given))
            if len(columns) > left:
                row = self.row([(column, 1.0) for column in columns], upper=left)
                self.rows[row] = Rule(DAY, director.id, slot=slots[0])

    def _quota(self, director: Director, quota: Quota, given: int) -> None:
        terms = [
            (self.sits[director.id, slot], 1.0) for slot in sorted(quota.slots) if (director.id, slot) in self.sits
        ]
        least = quota.minimum - given
        if least > 0:
            slack = []
            if MINIMUM in self.elastic:
                slack = [(self._slack(MINIMUM, least, director=director.id, quota=quota), 1.0)]
            self.rows[self.row(terms + slack, lower=least)] = Rule(MINIMUM, director.id, quota=quota)
        if quota.maximum is not None and len(terms) > quota.maximum - given:
            slack = []
            if MAXIMUM in self.elastic:
                slack = [(self._slack(MAXIMUM, len(terms), director=director.id, quota=quota), -1.0)]
            # What stands already may be over the maximum; nothing more is added then.
            row = self.row(terms + slack, upper=max(0, quota.maximum - given))
            self.rows[row] = Rule(MAXIMUM, director.id, quota=quota)

    def _places(self) -> None:
        inst = self.instance
        per_slot: list[list[tuple[int, float]]] = [[] for _slot in inst.slots]
        for place in inst.places:
            for slot, desks in enumerate(inst.capacity[place]):
                if desks <= 0 and DESKS not in self.elastic:
                    continue
                column = self.seats[place, slot] = self.column(upper=max(0, desks), integer=True)
                per_slot[slot].append((column, 1.0))
                if DESKS in self.elastic:
                    extra = self._slack(DESKS, len(inst.directors), place=place, slot=slot)
                    self.upper[column] = INFINITE
                    self.row([(column, 1.0), (extra, -1.0)], upper=max(0, desks))
        for slot, terms in enumerate(per_slot):
            self.row([*terms, (self.crowd[slot], -1.0)], 0, 0)
        for place in inst.hosts:
            self._host_quota(place)

    def _host_quota(self, place: str) -> None:
        quota, given = self.instance.host_quota(place), self.given_at[place]
        terms = self.visits(place)
        if quota.minimum > given:
            slack = []
            if HOST_MINIMUM in self.elastic:
                slack = [(self._slack(HOST_MINIMUM, quota.minimum, place=place), 1.0)]
            self.rows[self.row(terms + slack, lower=quota.minimum - given)] = Rule(HOST_MINIMUM, place=place)
        if quota.maximum is not None:
            slack = []
            if HOST_MAXIMUM in self.elastic:
                slack = [(self._slack(HOST_MAXIMUM, INFINITE, place=place), -1.0)]
            row = self.row(terms + slack, upper=max(0, quota.maximum - given))
            self.rows[row] = Rule(HOST_MAXIMUM, place=place)

    def _own_department(self) -> None:
        """Hall's condition: those of a department find seats elsewhere."""
        if not self.instance.own_department_forbidden:
            return
        own: dict[tuple[str, int], list[int]] = {}
        homes = {director.id: director.department for director in self.instance.directors}
        for (director, slot), column in self.sits.items():
            own.setdefault((homes[director], slot), []).append(column)
        for key, columns in own.items():
            if key in self.seats:
                terms = [(column, 1.0) for column in (*columns, self.seats[key])]
                row = self.row([*terms, (self.crowd[key[1]], -1.0)], upper=0)
                self.rows[row] = Rule(OWN, place=key[0], slot=key[1])

    def _balance(self) -> None:
        """Each host receives at least `least` visits and at most `least + spread`."""
        for place in self.instance.hosts:
            terms, given = self.visits(place), self.given_at[place]
            self.row([*terms, (self.least, -1.0)], lower=-given)
            self.row([*terms, (self.least, -1.0), (self.spread, -1.0)], upper=-given)

    def _once_at_most(self) -> bool:
        """Whether the quotas' maxima already keep everybody from going to one host too often."""
        inst, everywhere = self.instance, set(range(len(self.instance.slots)))
        most = inst.max_same_host or 0
        ranks = {
            quota.rank
            for quota in inst.quotas
            if quota.maximum is not None and quota.maximum <= most and quota.slots >= everywhere
        }
        return all(director.rank in ranks for director in inst.directors)

    def _same_host(self) -> None:
        """How often each director goes to each host: enough to count, without saying when."""
        inst, most = self.instance, self.instance.max_same_host or 0
        been: dict[tuple[str, str], int] = {}
        for one in inst.given:
            key = one.director, inst.host_of(one)
            been[key] = been.get(key, 0) + 1
        sits: dict[str, list[tuple[int, float]]] = {}
        for (who, _slot), column in self.sits.items():
            sits.setdefault(who, []).append((column, 1.0))
        guests: dict[str, list[tuple[int, float]]] = {place: [] for place in inst.places}
        for director in inst.directors:
            row = []
            for place in inst.places:
                if not inst.may_visit(director, place):
                    continue
                upper = INFINITE if place == OPEN_TO_ALL else max(0, most - been.get((director.id, place), 0))
                column = self.meets[director.id, place] = self.column(upper=upper, integer=True)
                row.append((column, -1.0))
                guests[place].append((column, -1.0))
            self.rows[self.row([*sits.get(director.id, []), *row], 0, 0)] = Rule(SAME_HOST, director.id)
        for place, terms in guests.items():
            self.row([*self.visits(place), *terms], 0, 0)

    def _cube(self) -> None:
        """Director, host and half-day in one: exact with `max_same_host`, and only used where the sums are not."""
        inst = self.instance
        by_seat: dict[tuple[str, int], list[tuple[int, float]]] = {key: [] for key in self.seats}
        by_meeting: dict[tuple[str, str], list[tuple[int, float]]] = {key: [] for key in self.meets}
        for (who, slot), sits in self.sits.items():
            row = []
            for place in inst.places:
                if (place, slot) in self.seats and (who, place) in self.meets:
                    column = self.seated[who, place, slot] = self.column(upper=1, integer=True)
                    row.append((column, 1.0))
                    by_seat[place, slot].append((column, 1.0))
                    by_meeting[who, place].append((column, 1.0))
            self.row([*row, (sits, -1.0)], 0, 0)
        for seat, terms in by_seat.items():
            self.row([*terms, (self.seats[seat], -1.0)], 0, 0)
        for meeting, terms in by_meeting.items():
            self.row([*terms, (self.meets[meeting], -1.0)], 0, 0)

    def times(self, answer: Answer) -> list[tuple[str, int]]:
        """Who sits when, from an answer."""
        return sorted(key for key, column in self.sits.items() if answer.whole(column))
