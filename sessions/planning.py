"""Loads in a handful of queries, whatever the rows, what the placement rules and the week board ask."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Posting
from catalog.models import Hall, Window
from core import clock, workdays
from sessions.choices import OCCUPYING, Purpose
from sessions.posts import Person, title_of
from sessions.programme_models import Programme
from sessions.rules import Absence, Facts
from sessions.session_models import WindowSession

ABSENCE = ("starts_on", "ends_on", "half", "weekday", "reason")


class Quotas(dict[str, tuple[str, int, int | None]]):
    """Rank → period, minimum, maximum; `floors` is the least number of half-days a year by rank."""

    floors: dict[str, int]


@dataclass
class Plan:
    """A programme over a range of days: its halls, desks, people, and the facts the rules ask."""

    programme: Programme
    first: date
    last: date
    facts: Facts
    halls: list[Hall] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    people: dict[int, Person] = field(default_factory=dict)
    rows: list[WindowSession] = field(default_factory=list)
    """Every programme's sessions in the range in every state, the cancelled too."""

    @property
    def sessions(self) -> list[WindowSession]:
        """Those of this programme."""
        return [row for row in self.rows if row.programme_id == self.programme.pk]


def person_of(posting: Posting) -> Person:
    """A director as the rules see one."""
    user = posting.user
    return Person(
        user.pk,
        user.display_name,
        posting.rank,
        posting.department_id,
        posting.department.label,
        title_of(user.display_name, posting.department.short_name, posting.title),
        posting.department.short_name,
    )


def programme_with_quotas(pk: int) -> tuple[Programme, Quotas]:
    """The programme and its quotas by rank, in one query. Raises Programme.DoesNotExist."""
    rows: list[Any] = list(
        Programme.objects.filter(pk=pk).annotate(
            quota_rank=F("quotas__rank"),
            quota_period=F("quotas__period"),
            quota_minimum=F("quotas__minimum"),
            quota_maximum=F("quotas__maximum"),
            quota_floor=F("quotas__floor_per_year"),
        )
    )
    if not rows:
        raise Programme.DoesNotExist
    ranked = [row for row in rows if row.quota_rank]
    quotas = Quotas({row.quota_rank: (row.quota_period, row.quota_minimum, row.quota_maximum) for row in ranked})
    quotas.floors = {row.quota_rank: row.quota_floor for row in ranked}
    return rows[0], quotas


def load(programme_id: int, first: date, last: date, *, desks: bool = True) -> Plan:
    """Everything about a programme from `first` to `last`, with six queries; five without its desks."""
    return load_for(*programme_with_quotas(programme_id), first, last, desks=desks)


def load_for(programme: Programme, quotas: Quotas, first: date, last: date, *, desks: bool = True) -> Plan:
    """The same for a programme that is loaded already, with a query less."""
    halls, closures = _halls_and_closures(programme, first, last)
    people, absences, yearly = _people_and_absences(programme, first, last)
    found = WindowSession.objects.filter(Q(programme=programme) | Q(date__range=(first, last)))
    found = found.filter(Q(status__in=OCCUPYING) | Q(date__range=(first, last)))
    found = found.select_related("director", "home_department", "host_department")
    rows = list(
        found if desks else found.select_related("programme", "window__zone", "window__department", "window__hall")
    )
    windows = _seated(programme, rows) if desks else {}
    facts = Facts(
        programme=programme,
        today=clock.today(),
        calendar=workdays.load(first, last),
        hall_ids=frozenset(hall.pk for hall in halls),
        visits=[row for row in rows if row.status in OCCUPYING],
        quotas=quotas,
        absences=absences,
        closures=closures,
        weekly={hall.pk: frozenset(hall.closed_weekly) for hall in halls if hall.closed_weekly},
        floors=quotas.floors,
        yearly=yearly,
    )
    shown = [one for one in windows.values() if one.is_desk and one.active and one.hall_id in facts.hall_ids]
    within = [row for row in rows if first <= row.date <= last]
    return Plan(programme, first, last, facts, halls, shown, people, within)


def _seated(programme: Programme, rows: Sequence[WindowSession]) -> dict[int, Window]:
    """The desks of the programme's halls and the windows of these sessions, which get theirs and their programme.

    One query; a join to every session would make each window anew for each of them.
    """
    desks = Q(hall__in=programme.halls.values("pk"), is_desk=True, active=True)
    wanted = desks | Q(pk__in={row.window_id for row in rows})
    windows = {one.pk: one for one in Window.objects.filter(wanted).select_related("hall", "zone", "department")}
    for row in rows:
        row.window = windows[row.window_id]
        if row.programme_id == programme.pk:
            row.programme = programme
    return windows


def _halls_and_closures(
    programme: Programme, first: date, last: date
) -> tuple[list[Hall], dict[tuple[int, date], list[tuple[str, str]]]]:
    """The programme's halls and their closed half-days, by one left join."""
    rows: list[Any] = list(
        Hall.objects.filter(programmes=programme)
        .annotate(closed_on=F("closures__date"), closed_half=F("closures__half"), closed_why=F("closures__reason"))
        .order_by("code")
    )
    closures: dict[tuple[int, date], list[tuple[str, str]]] = {}
    for row in rows:
        if row.closed_on and first <= row.closed_on <= last:
            closures.setdefault((row.pk, row.closed_on), []).append((row.closed_half, row.closed_why))
    return list({row.pk: row for row in rows}.values()), closures


def _people_and_absences(
    programme: Programme, first: date, last: date
) -> tuple[dict[int, Person], dict[int, list[Absence]], dict[int, int]]:
    """The directors who take part, when they cannot come, and their half-days in the year, by one left join."""
    postings: list[Any] = list(
        taking_part(programme, first)
        .annotate(**{f"absence_{name}": F(f"user__absences__{name}") for name in ABSENCE})
        .annotate(in_year=Coalesce(Subquery(_in_year(first.year)), 0))
        .select_related("user", "department")
        .order_by("department__sort_order", "-rank", "user__code")
    )
    absences: dict[int, list[Absence]] = {}
    for posting in postings:
        absence = Absence(*(getattr(posting, f"absence_{name}") for name in ABSENCE))
        if absence.starts_on and absence.starts_on <= last and absence.ends_on >= first:
            absences.setdefault(posting.user_id, []).append(absence)
    people = {posting.user_id: person_of(posting) for posting in postings}
    return people, absences, {posting.user_id: posting.in_year for posting in postings}


@dataclass
class Known:
    """What is read once for a run of placements in one transaction, and kept true by each that is made.

    Read it under the programme's lock. Two bookings of one place at one moment are still told apart by the database.
    """

    plan: Plan
    postings: dict[int, list[Posting]]

    def person_on(self, director_id: int, day: date) -> Person | None:
        """The director with rank and department of that day; None for who leads no department then."""
        for posting in self.postings.get(director_id, []):
            if posting.starts_on <= day and (posting.ends_on is None or day <= posting.ends_on):
                return person_of(posting)
        return None


def known(programme_id: int, first: date, last: date, directors: Iterable[int]) -> Known:
    """Everything that placing these directors between two days asks, with seven queries."""
    postings: dict[int, list[Posting]] = {}
    for posting in Posting.objects.filter(user__in=set(directors)).select_related("user", "department"):
        postings.setdefault(posting.user_id, []).append(posting)
    return Known(load(programme_id, first, last), postings)


def taking_part(programme: Programme, day: date) -> QuerySet[Posting]:
    """The postings, in force on a day, of those who take part in a programme."""
    return Posting.objects.current(day).filter(takes_part=True, user__is_active=True, department__programmes=programme)


def _in_year(year: int) -> QuerySet[Any, Any]:
    """How many half-days of this year a posting's person has sat or is placed for, in whatever programme."""
    rows = WindowSession.objects.filter(director=OuterRef("user"), status__in=OCCUPYING, purpose=Purpose.WALK)
    days = rows.filter(date__range=(date(year, 1, 1), date(year, 12, 31)))
    counted: QuerySet[Any, Any] = days.order_by().values("director").annotate(n=Count("pk")).values("n")
    return counted
