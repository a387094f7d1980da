"""The placement rules: pure functions over facts already loaded.

A manual placement, a move, a substitution, a leave entered later and a published week are all judged here. A finding
blocks or warns as the programme says; what would break a constraint of the database always blocks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Rank
from catalog import weekly
from catalog.models import Window
from core.words import half_word, short_date, weekly_word
from core.workdays import Calendar
from sessions.choices import Mode, ProgrammeKind, Purpose, QuotaPeriod, RuleName, SessionStatus, Severity
from sessions.posts import Person
from sessions.programme_models import Programme
from sessions.session_models import WindowSession

Slot = tuple[int, date, str]


@dataclass(frozen=True, slots=True)
class Absence:
    """A time at which a person cannot come: dates, perhaps only one half of each, perhaps only one weekday."""

    starts_on: date
    ends_on: date
    half: str = ""
    weekday: int | None = None
    reason: str = ""

    def covers(self, day: date, half: str) -> bool:
        """Whether the person is away in that half-day."""
        return (
            self.starts_on <= day <= self.ends_on
            and self.half in {"", half}
            and (self.weekday is None or self.weekday == day.weekday())
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One director at one window for one half-day, thought of or standing.

    `session_id` is the row that it moves or fills anew, which is then left out of all counts; `standing` says that
    the row is already there and is only looked at again; `replaces_rank` is the rank of whom a substitute replaces.
    """

    person: Person
    window: Window
    date: date
    half: str
    mode: str = Mode.CLERK
    session_id: int | None = None
    standing: bool = False
    published: bool = False
    replaces_rank: str = ""

    @property
    def slot(self) -> Slot:
        return (self.window.pk, self.date, self.half)

    @property
    def when(self) -> str:
        return short_date(self.date, self.half)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of a placement: its severity, the sentence, a word for the cell, and the cell."""

    rule: str
    severity: str
    text: str
    short: str = ""
    where: Slot | None = None
    session_id: int | None = None

    @property
    def blocks(self) -> bool:
        return self.severity == Severity.BLOCK


@dataclass
class Facts:
    """All that the rules ask, for one programme and a range of days.

    `visits` are the sessions that take up their place: of the programme on any day, of all programmes in the range.
    `weekly` are the half-days, such as "2-PM", on which a hall is closed every week.
    `floors` says how many half-days a year each rank owes, `yearly` how many each person has in all programmes.
    """

    programme: Programme
    today: date
    calendar: Calendar
    hall_ids: frozenset[int]
    visits: Sequence[WindowSession] = ()
    quotas: Mapping[str, tuple[str, int, int | None]] = field(default_factory=dict)
    absences: Mapping[int, Sequence[Absence]] = field(default_factory=dict)
    closures: Mapping[tuple[int, date], Sequence[tuple[str, str]]] = field(default_factory=dict)
    weekly: Mapping[int, frozenset[str]] = field(default_factory=dict)
    floors: Mapping[str, int] = field(default_factory=dict)
    yearly: Mapping[int, int] = field(default_factory=dict)
    _open: dict[Slot, bool] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def by_director(self) -> dict[int, list[WindowSession]]:
        found: dict[int, list[WindowSession]] = {}
        for visit in self.visits:
            found.setdefault(visit.director_id, []).append(visit)
        return found

    @cached_property
    def by_slot(self) -> dict[Slot, WindowSession]:
        return {(visit.window_id, visit.date, visit.half): visit for visit in self.visits}

    @cached_property
    def by_pair(self) -> dict[tuple[int, int], list[WindowSession]]:
        """Visits of the programme by (home, host) department."""
        found: dict[tuple[int, int], list[WindowSession]] = {}
        for visit in self.visits:
            if visit.programme_id == self.programme.pk and visit.home_department_id and visit.host_department_id:
                found.setdefault((visit.home_department_id, visit.host_department_id), []).append(visit)
        return found

    @cached_property
    def homes_with_principal(self) -> frozenset[int | None]:
        return frozenset(
            visit.home_department_id
            for visit in self.visits
            if visit.programme_id == self.programme.pk and visit.rank == Rank.PRINCIPAL
        )

    def add(self, visit: WindowSession) -> None:
        """Count a visit that was made since these facts were read."""
        self.by_director.setdefault(visit.director_id, []).append(visit)
        self.by_slot[visit.window_id, visit.date, visit.half] = visit
        if visit.programme_id == self.programme.pk:
            if visit.home_department_id and visit.host_department_id:
                self.by_pair.setdefault((visit.home_department_id, visit.host_department_id), []).append(visit)
            if visit.rank == Rank.PRINCIPAL:
                self.homes_with_principal |= {visit.home_department_id}
        self.visits = [*self.visits, visit]

    def open_on(self, hall_id: int, day: date, half: str) -> bool:
        """Whether a hall of the programme is open to visits in that half-day."""
        key = (hall_id, day, half)
        if key not in self._open:
            within = self.programme.starts_on <= day <= self.programme.ends_on and hall_id in self.hall_ids
            always = weekly.code(day, half) in self.weekly.get(hall_id, ())
            shut = always or any(closed in {"", half} for closed, _reason in self.closures.get((hall_id, day), ()))
            self._open[key] = within and not shut and self.calendar.is_workday(day)
        return self._open[key]

    def in_period(self, person_id: int, period: str, day: date) -> list[WindowSession]:
        """The person's visits in this programme within the quota's period around `day`; re-walks are none."""
        return [
            visit
            for visit in self.by_director.get(person_id, [])
            if visit.programme_id == self.programme.pk
            and visit.purpose == Purpose.WALK
            and same_period(period, visit.date, day)
        ]


Found = tuple[str, str, str]
"""Severity ("" = as the programme says), sentence, word for the cell."""


def same_period(period: str, one: date, other: date) -> bool:
    """Whether two days fall into the same week, month, quarter or programme."""
    if period == QuotaPeriod.WEEK:
        return one.isocalendar()[:2] == other.isocalendar()[:2]
    if period == QuotaPeriod.MONTH:
        return (one.year, one.month) == (other.year, other.month)
    if period == QuotaPeriod.QUARTER:
        return (one.year, (one.month - 1) // 3) == (other.year, (other.month - 1) // 3)
    return True


def crosses_departments(programme: Programme) -> bool:
    """Whether no clerk may ever sit at the own department's window: the database holds it too (DESIGN section 5)."""
    return programme.kind == ProgrammeKind.CROSS and not programme.own_department_allowed


def own_department_closed(programme: Programme) -> bool:
    """Whether a clerk's place at the own department's window is refused, of whatever kind the programme is."""
    blocks = programme.severity(RuleName.OWN_DEPARTMENT) == Severity.BLOCK
    return crosses_departments(programme) or (blocks and not programme.own_department_allowed)


def own_department(p: Placement, facts: Facts) -> Iterator[Found]:
    """Nobody sits at the own department's window where the programme does not allow it."""
    if facts.programme.own_department_allowed or p.window.department_id != p.person.department_id:
        return
    severity = Severity.BLOCK.value if p.mode == Mode.CLERK and crosses_departments(facts.programme) else ""
    text = _("%(who)s would sit at the own department's window %(window)s.")
    yield severity, text % {"who": p.person.label, "window": p.window.number}, _("Own department")


def double_booking(p: Placement, facts: Facts) -> Iterator[Found]:
    """One desk per director and half-day, one director per desk and half-day: says who and when."""
    holder = facts.by_slot.get(p.slot)
    if holder and holder.pk != p.session_id and holder.director_id != p.person.pk:
        text = _("%(window)s is taken on %(when)s by %(who)s.")
        values = {"window": p.window.number, "when": p.when, "who": holder.director.display_name}
        yield Severity.BLOCK.value, text % values, _("Taken")
    for other in facts.by_director.get(p.person.pk, []):
        if other.pk != p.session_id and (other.date, other.half) == (p.date, p.half):
            text = _("%(who)s already sits at %(window)s on %(when)s.")
            values = {"window": other.window.number, "when": p.when, "who": p.person.label}
            yield Severity.BLOCK.value, text % values, _("Twice at once")


def availability(p: Placement, facts: Facts) -> Iterator[Found]:
    """The director cannot come in that half-day."""
    for absence in facts.absences.get(p.person.pk, ()):
        if absence.covers(p.date, p.half):
            text = _("%(who)s cannot come on %(when)s.") % {"who": p.person.label, "when": p.when}
            yield "", f"{text} {absence.reason}".strip(), _("On leave")
            return


def closed(p: Placement, facts: Facts) -> Iterator[Found]:
    """The day, the hall or the desk is not open, or lies outside of the programme."""
    word, text = closed_word(p.window, p.date, p.half, facts)
    if word:
        yield "", text, word


def closed_word(window: Window, day: date, half: str, facts: Facts) -> tuple[str, str]:
    """Why nobody can sit at this window in this half-day: a word for the cell and a sentence. Empty when open."""
    if window.opens(half) and facts.open_on(window.hall_id, day, half):
        return "", ""
    when = short_date(day, half)
    if not facts.programme.starts_on <= day <= facts.programme.ends_on or window.hall_id not in facts.hall_ids:
        return _("Not in programme"), _("%(when)s at %(window)s lies outside of the programme.") % {
            "when": when,
            "window": window.number,
        }
    if not facts.calendar.is_workday(day):
        return facts.calendar.name(day) or _("Day off"), _("%(when)s is not a working day.") % {"when": when}
    for closed_half, reason in facts.closures.get((window.hall_id, day), ()):
        if closed_half in {"", half}:
            return _("Hall closed"), _("The hall is closed on %(when)s: %(reason)s") % {"when": when, "reason": reason}
    if weekly.code(day, half) in facts.weekly.get(window.hall_id, ()):
        always = weekly_word(day.weekday(), half)
        return _("Hall closed"), _("The hall is always closed on %(when)s.") % {"when": always}
    if not window.opens(half):
        return _("Not open"), _("%(window)s is not open to visits in the %(half)s.") % {
            "window": window.number,
            "half": half_word(half),
        }
    return "", ""


def quota(p: Placement, facts: Facts) -> Iterator[Found]:
    """More visits in the period than the rank may make."""
    period, _minimum, maximum = facts.quotas.get(p.person.rank, ("", 0, None))
    if maximum is None:
        return
    others = [visit for visit in facts.in_period(p.person.pk, period, p.date) if visit.pk != p.session_id]
    if len(others) + 1 > maximum:
        text = _("%(who)s would have %(count)s half-days, at most %(maximum)s %(period)s.")
        values = {
            "who": p.person.label,
            "count": len(others) + 1,
            "maximum": maximum,
            "period": QuotaPeriod(period).label,
        }
        yield "", text % values, _("Too often")


def repeat_pair(p: Placement, facts: Facts) -> Iterator[Found]:
    """The same department again, by the same person or by a colleague. Of standing visits the later one is marked."""
    if not p.window.department_id:
        return
    visits = facts.by_pair.get((p.person.department_id, p.window.department_id), [])
    others = [visit for visit in visits if visit.pk != p.session_id and not same_visit(visit, p, facts)]
    if p.standing:
        others = [visit for visit in others if (visit.date, visit.half) < (p.date, p.half)]
    own = sum(visit.director_id == p.person.pk for visit in others)
    host = p.window.department.label if p.window.department else ""
    values = {"who": p.person.label, "host": host, "number": own + 1, "home": p.person.department}
    if own:
        yield "", _("%(who)s visits %(host)s again: visit no. %(number)s.") % values, _("No. %(number)s") % values
    elif others:
        values["when"] = short_date(others[0].date)
        yield "", _("%(home)s has been to %(host)s already on %(when)s.") % values, _("Visited before")


def same_visit(visit: WindowSession, p: Placement, facts: Facts) -> bool:
    """Whether both are half-days of one visit: one person at one window in one week, where a visit takes several."""
    one = (visit.director_id, visit.window_id) == (p.person.pk, p.window.pk)
    return facts.programme.half_days_per_visit > 1 and one and same_period(QuotaPeriod.WEEK, visit.date, p.date)


def visit_length(p: Placement, facts: Facts) -> Iterator[Found]:
    """A visit that stands has fewer half-days, or more, than the programme wants of each."""
    wanted = facts.programme.half_days_per_visit
    here = [visit for visit in facts.by_director.get(p.person.pk, []) if same_visit(visit, p, facts)]
    if p.standing and len(here) % wanted:
        text = _("%(who)s has %(count)s half-days at %(window)s in this week; a visit takes %(wanted)s.")
        values = {"who": p.person.label, "count": len(here), "window": p.window.number, "wanted": wanted}
        yield "", text % values, _("%(count)s of %(wanted)s half-days") % values


def deputy(p: Placement, facts: Facts) -> Iterator[Found]:
    """A deputy sits where the programme counts on the principal."""
    if p.person.rank != Rank.DEPUTY:
        return
    wants_principal = facts.quotas.get(Rank.PRINCIPAL, ("", 0, None))[1] > 0
    wants_deputies = facts.quotas.get(Rank.DEPUTY, ("", 0, None))[1] > 0
    missing = wants_principal and not wants_deputies and p.person.department_id not in facts.homes_with_principal
    if p.replaces_rank == Rank.PRINCIPAL or missing:
        text = _("A deputy of %(home)s sits in place of the principal.")
        yield "", text % {"home": p.person.department}, _("Deputy instead")


def notice(p: Placement, facts: Facts) -> Iterator[Found]:
    """Names are due so many days ahead, where they are made known at all; a day that has passed is refused."""
    if p.date < facts.today and not p.standing:
        yield Severity.BLOCK.value, _("%(when)s has passed. Please choose a later day.") % {"when": p.when}, _("Past")
        return
    days = facts.programme.days_ahead
    if p.date >= facts.today and not p.published and p.date < facts.today + timedelta(days=days):
        text = ngettext(
            "%(when)s: names are due %(days)s day ahead.", "%(when)s: names are due %(days)s days ahead.", days
        )
        yield "", text % {"when": p.when, "days": days}, _("Short notice")


RULES: dict[RuleName, Callable[[Placement, Facts], Iterator[Found]]] = {
    RuleName.DOUBLE_BOOKING: double_booking,
    RuleName.OWN_DEPARTMENT: own_department,
    RuleName.CLOSED: closed,
    RuleName.AVAILABILITY: availability,
    RuleName.QUOTA: quota,
    RuleName.REPEAT_PAIR: repeat_pair,
    RuleName.DEPUTY: deputy,
    RuleName.NOTICE: notice,
    RuleName.VISIT: visit_length,
}


def judge(p: Placement, facts: Facts) -> list[Finding]:
    """Every finding on this placement, what blocks first. Empty means nothing speaks against it."""
    findings = [finding for rule in RULES for finding in ask(rule, p, facts)]
    return sorted(findings, key=lambda finding: not finding.blocks)


def ask(rule: RuleName, p: Placement, facts: Facts) -> Iterator[Finding]:
    """What one rule says of this placement."""
    for severity, text, short in RULES[rule](p, facts):
        gravity = severity or facts.programme.severity(rule)
        yield Finding(rule.value, gravity, text, short=short, where=p.slot, session_id=p.session_id)


def standing(visit: WindowSession, person: Person) -> Placement:
    """A session as it stands, to be looked at again."""
    out = {SessionStatus.DRAFT.value, SessionStatus.CONFIRMED.value}
    return Placement(
        person=person,
        window=visit.window,
        date=visit.date,
        half=visit.half,
        mode=visit.mode,
        session_id=visit.pk,
        standing=True,
        published=visit.status not in out,
    )
