"""How often everybody has sat, is placed and still owes: for the period of the quota and for the year."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.choices import Rank
from core import clock
from core.words import long_date, short_date
from sessions.choices import ENDED, OCCUPYING, Purpose, QuotaPeriod, SessionStatus
from sessions.models import WindowSession
from sessions.planning import Plan
from sessions.posts import Person
from sessions.weeks import Week

GONE = {SessionStatus.MISSED.value, SessionStatus.CANCELLED.value}
DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Count:
    """Half-days owed, sat and still to come; `missing` is what neither covers."""

    owed: int
    sat: int
    planned: int

    @property
    def missing(self) -> int:
        return max(0, self.owed - self.sat - self.planned)


@dataclass(frozen=True, slots=True)
class Lost:
    """A session that came to nothing for this person, and why in words."""

    row: Any
    text: str


@dataclass
class Row:
    """One person: the count of the period, the count of the year, and what was lost in the period."""

    person: Person
    period: Count
    year: Count
    lost: list[Lost] = field(default_factory=list)
    year_over: bool = False

    @property
    def make_up(self) -> int:
        """How many half-days are to be made up: what the period misses, or the year once it is over."""
        return max(self.period.missing, self.year.missing if self.year_over else 0)


@dataclass
class Group:
    """A rank with its rule in words and the days it speaks of."""

    rank: str
    label: str
    days: str
    floor: int
    rows: list[Row]

    @property
    def met(self) -> int:
        return sum(not row.period.missing for row in self.rows)

    @property
    def floor_met(self) -> int:
        return sum(not row.year.missing for row in self.rows)


def period_of(period: str, day: date, plan: Plan) -> tuple[date, date]:
    """First and last day of the quota's period around a day."""
    if period == QuotaPeriod.WEEK:
        return Week.of(day).monday, Week.of(day).sunday
    if period == QuotaPeriod.PROGRAMME:
        return plan.programme.starts_on, plan.programme.ends_on
    months = 1 if period == QuotaPeriod.MONTH else 3
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    after = date(first.year + (first.month + months > DECEMBER), (first.month + months - 1) % DECEMBER + 1, 1)
    return first, after - timedelta(days=1)


def build(plan: Plan, day: date) -> list[Group]:
    """Each rank with its people, who owes most first; one query beside the plan's."""
    people = list(plan.people.values())
    rows = _of_year(people, day.year)
    return [_group(rank, [one for one in people if one.rank == rank], rows, plan, day) for rank in Rank]


def make_ups(groups: Iterable[Group]) -> list[Row]:
    """Everybody who has half-days to make up, most first."""
    owing = [row for group in groups for row in group.rows if row.make_up]
    return sorted(owing, key=lambda row: (-row.make_up, -len(row.lost)))


def _of_year(people: list[Person], year: int) -> list[Any]:
    ids = [one.pk for one in people]
    days = (date(year, 1, 1), date(year, DECEMBER, 31))
    rows = WindowSession.objects.filter(Q(director__in=ids) | Q(replaced_director__in=ids), date__range=days)
    return list(rows.filter(purpose=Purpose.WALK).select_related("window", "director").order_by("date", "half"))


def _group(rank: Rank, people: list[Person], rows: list[Any], plan: Plan, day: date) -> Group:
    period, minimum, _maximum = plan.facts.quotas.get(rank, (QuotaPeriod.PROGRAMME.value, 0, None))
    floor = plan.facts.floors.get(rank, 0)
    first, last = period_of(period, day, plan)
    label = _("%(rank)s: %(minimum)s %(period)s") % {
        "rank": rank.label,
        "minimum": minimum,
        "period": QuotaPeriod(period).label,
    }
    made = []
    for person in people:
        own = [row for row in rows if row.director_id == person.pk]
        of_period = plan.facts.in_period(person.pk, period, day)
        lost = _lost(person, rows, plan, (first, last))
        over = day.year < clock.today().year
        made.append(Row(person, _count(minimum, of_period), _count(floor, own), lost, over))
    made.sort(key=lambda row: (-row.make_up, -row.year.missing))
    days = _("%(first)s to %(last)s") % {"first": long_date(first), "last": short_date(last)}
    return Group(rank.value, label, days, floor, made)


def _count(owed: int, rows: Iterable[Any]) -> Count:
    states = [row.status for row in rows]
    sat = sum(status in ENDED for status in states)
    return Count(owed, sat, sum(status in OCCUPYING for status in states) - sat)


def _lost(person: Person, rows: list[Any], plan: Plan, days: tuple[date, date]) -> list[Lost]:
    """What was missed, cancelled or given to somebody else in this programme's period."""
    found = []
    for row in rows:
        if row.programme_id != plan.programme.pk or not days[0] <= row.date <= days[1]:
            continue
        where = {"when": short_date(row.date, row.half), "window": row.window.number}
        if row.replaced_director_id == person.pk:
            found.append(Lost(row, _("%(when)s %(window)s: somebody else sat") % where))
        elif row.status in GONE and row.director_id == person.pk:
            words = where | {"state": row.get_status_display()}
            found.append(Lost(row, _("%(when)s %(window)s: %(state)s") % words))
    return found


def today_within(plan_first: date, plan_last: date) -> date:
    """Today, or the nearest day of the programme."""
    return min(max(clock.today(), plan_first), plan_last)
