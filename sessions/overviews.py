"""The plan seen from farther off: a month of days, and a week by person. Both without a query of their own."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from catalog.choices import Half
from sessions.board import Chip, chip_of
from sessions.candidates import days_of
from sessions.choices import OCCUPYING, SessionStatus
from sessions.planning import Plan
from sessions.posts import Person
from sessions.weeks import Week

ONE_DAY = timedelta(days=1)


@dataclass
class HalfDay:
    """What a half-day of the month holds: sessions placed, of them not confirmed, of them with a blocking finding."""

    half: str
    placed: int = 0
    drafts: int = 0
    blocked: int = 0


@dataclass
class Day:
    """One day of the month view; `shut` says why nobody sits, `outside` that it lies in another month."""

    day: date
    shut: str
    outside: bool
    halves: list[HalfDay]
    today: bool = False


@dataclass
class MonthWeek:
    """Monday to Sunday."""

    week: Week
    days: list[Day]

    @property
    def placed(self) -> int:
        return sum(half.placed for day in self.days for half in day.halves)


def month_days(first: date) -> tuple[date, date]:
    """The Monday before and the Sunday after a month that begins on `first`."""
    after = (first + timedelta(days=31)).replace(day=1)
    return Week.of(first).monday, Week.of(after - ONE_DAY).sunday


def month(plan: Plan, first: date, hall_id: int | None) -> list[MonthWeek]:
    """The weeks of the month with what each half-day holds in this hall; None for all halls."""
    halves: dict[tuple[date, str], HalfDay] = {}
    for row in plan.sessions:
        if row.status not in OCCUPYING or hall_id not in {None, row.window.hall_id}:
            continue
        here = halves.setdefault((row.date, row.half), HalfDay(row.half))
        here.placed += 1
        here.drafts += row.status == SessionStatus.DRAFT
        here.blocked += any(finding.blocks for finding in chip_of(plan, row).findings)
    days = [plan.first + timedelta(days=offset) for offset in range((plan.last - plan.first).days + 1)]
    made = [_day(plan, day, first, halves) for day in days]
    return [MonthWeek(Week(made[start].day), made[start : start + 7]) for start in range(0, len(made), 7)]


def _day(plan: Plan, day: date, first: date, halves: dict[tuple[date, str], HalfDay]) -> Day:
    shut = ""
    if not plan.facts.calendar.is_workday(day):
        shut = plan.facts.calendar.name(day)
    inside = plan.programme.starts_on <= day <= plan.programme.ends_on
    here = [halves.get((day, half), HalfDay(half)) for half in Half.values]
    works = inside and plan.facts.calendar.is_workday(day)
    return Day(day, shut, day.month != first.month, here if works or any(h.placed for h in here) else [])


@dataclass
class PersonCell:
    """One half-day of a person: where the person sits, or why not."""

    day: date
    half: str
    chips: list[Chip] = field(default_factory=list)
    away: bool = False
    reason: str = ""
    shut: str = ""


@dataclass
class PersonLine:
    """One person's week."""

    person: Person
    cells: list[PersonCell]

    @property
    def placed(self) -> int:
        return sum(len(cell.chips) for cell in self.cells)


def people(plan: Plan, only: Iterable[int] | None = None) -> list[PersonLine]:
    """Everybody's week, or that of a few: chips, leave and closed days."""
    wanted = plan.people if only is None else {pk: plan.people[pk] for pk in only if pk in plan.people}
    taken: dict[tuple[int, date, str], list[Chip]] = {}
    for row in plan.rows:
        if row.status in OCCUPYING:
            taken.setdefault((row.director_id, row.date, row.half), []).append(chip_of(plan, row))
    days = days_of(plan)
    return [
        PersonLine(person, [_cell(plan, person, day, half, taken) for day in days for half in Half.values])
        for person in wanted.values()
    ]


def _cell(
    plan: Plan, person: Person, day: date, half: str, taken: dict[tuple[int, date, str], list[Chip]]
) -> PersonCell:
    cell = PersonCell(day, half, taken.get((person.pk, day, half), []))
    absence = next((one for one in plan.facts.absences.get(person.pk, ()) if one.covers(day, half)), None)
    if absence is not None:
        cell.away, cell.reason = True, absence.reason
    elif not plan.facts.calendar.is_workday(day):
        cell.shut = plan.facts.calendar.name(day)
    return cell
