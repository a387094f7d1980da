"""A proposal as its page draws it: figures, weeks with people and half-days, hosts, what falls short, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Department, Posting
from core import clock
from core.words import half_word
from core.workdays import Calendar
from sessions import shortfalls
from sessions.choices import OCCUPYING
from sessions.models import PlannedPlacement, RotationPlan, WindowSession
from sessions.planning import person_of
from sessions.posts import Person
from sessions.rotation import explaining, phrases, wording
from sessions.rotation.master import ABSENCE, DESKS, HOST_MAXIMUM, HOST_MINIMUM, MAXIMUM, MINIMUM
from sessions.rules import Facts
from sessions.weeks import Week


@dataclass
class Entry:
    """One proposed placement in words."""

    row: PlannedPlacement
    host: str
    half: str
    reasons: list[str]

    @property
    def told(self) -> int:
        """How many reasons stand in view: the strongest, and the seam, which tells this placement from others."""
        return 2 if [code for code, _values in self.row.reasons[1:2]] == [explaining.SEAM] else 1

    @property
    def headline(self) -> str:
        return _("; ").join(self.reasons[: self.told])

    @property
    def others(self) -> list[str]:
        return self.reasons[self.told :]


@dataclass
class Line:
    """One person in one week: the placements of each day."""

    person: str
    days: list[list[Entry]]

    @property
    def entries(self) -> list[Entry]:
        return [entry for day in self.days for entry in day]


@dataclass
class WeekPage:
    """One week of the proposal."""

    week: Week
    days: list[date]
    lines: list[Line]
    open: int = 0


@dataclass
class Host:
    """How many visits a department receives, those that stand already included."""

    name: str
    visits: int
    most: int


@dataclass
class Proposal:
    """Everything of the page."""

    plan: RotationPlan
    weeks: list[WeekPage] = field(default_factory=list)
    hosts: list[Host] = field(default_factory=list)
    short: list[tuple[str, str, int]] = field(default_factory=list)
    causes: list[list[str]] = field(default_factory=list)
    repairs: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    tiles: list[tuple[str, int, str]] = field(default_factory=list)
    open: int = 0
    settled: int = 0
    """How many of the open placements are of people who owe no sitting any more."""


def build(plan: RotationPlan) -> Proposal:
    """The page's data with six queries, whatever the rows."""
    rows = list(plan.placements.select_related("director", "window__department"))
    names = {str(one.pk): one.label for one in Department.objects.all()}
    known = _people(rows, plan)
    people = {pk: person.label for pk, person in known.items()}
    page = Proposal(plan, open=sum(row.window_session_id is None for row in rows))
    page.weeks = [
        _week(week, list(group), names, people)
        for week, group in groupby(rows, key=lambda row: Week.of(row.date))
        if plan.status == "done"
    ]
    if plan.status == "done":
        page.tiles = _tiles(plan.figures)
        page.settled = _count_settled(plan, rows, known)
    visits = plan.figures.get("visits", {})
    most = max([1, *visits.values()])
    page.hosts = sorted((Host(names.get(pk, pk), count, most) for pk, count in visits.items()), key=lambda h: -h.visits)
    page.short = [
        (people.get(pk, pk), phrases.period_words(label), amount) for pk, label, amount in plan.figures.get("short", [])
    ]
    page.causes = [_in_language(cause) for cause in plan.report.get("causes", [])]
    page.repairs = [_repair(plan, repair) for repair in plan.report.get("repairs", [])]
    return page


def _count_settled(plan: RotationPlan, rows: Iterable[PlannedPlacement], people: Mapping[str, Person]) -> int:
    """How many open placements another proposal, or a placement by hand, has made needless since (two queries)."""
    quotas = {one.rank: (one.period, one.minimum, one.maximum) for one in plan.programme.quotas.all()}
    visits = list(WindowSession.objects.filter(programme=plan.programme_id, status__in=OCCUPYING))
    facts = Facts(plan.programme, clock.today(), Calendar({}), frozenset(), visits, quotas)
    waiting = [(people.get(str(row.director_id)), row.date) for row in rows if row.window_session_id is None]
    return sum(person is not None and not shortfalls.owes(person, facts, day) for person, day in waiting)


def _tiles(figures: dict[str, Any]) -> list[tuple[str, int, str]]:
    """The four figures on top, each with what it is measured by."""
    proof = _("proved to be the smallest") if figures["balance"] <= figures["bound"] else _("%(bound)s not ruled out")
    return [
        (_("Placements"), figures["placements"], _("beside %(given)s that stand already") % figures),
        (_("Balance"), figures["balance"], proof % figures),
        (_("New pairs"), figures["new_pairs"], _("of %(pairs)s pairs in this proposal") % figures),
        (_("Seams met"), figures["seams"], _("strength %(strength)s in all") % figures),
    ]


def _people(rows: Iterable[PlannedPlacement], plan: RotationPlan) -> dict[str, Person]:
    """People by key as text, with department and post."""
    wanted = {row.director_id for row in rows} | {int(pk) for pk, _label, _n in plan.figures.get("short", [])}
    postings = Posting.objects.current(plan.starts_on).filter(user__in=wanted).select_related("user", "department")
    return {str(posting.user_id): person_of(posting) for posting in postings}


def _week(week: Week, rows: Sequence[PlannedPlacement], names: dict[str, str], people: dict[str, str]) -> WeekPage:
    days = sorted({row.date for row in rows})
    by_person: dict[int, list[PlannedPlacement]] = {}
    for row in rows:
        by_person.setdefault(row.director_id, []).append(row)
    lines = []
    for own in by_person.values():
        cells = [[_entry(row, names) for row in own if row.date == day] for day in days]
        lines.append(Line(people.get(str(own[0].director_id), own[0].director.display_name), cells))
    return WeekPage(week, days, lines, sum(row.window_session_id is None for row in rows))


def _entry(row: PlannedPlacement, names: dict[str, str]) -> Entry:
    host = row.window.department.label if row.window.department else row.window.name
    return Entry(
        row, host, half_word(row.half), [wording.reason_text(code, values, names) for code, values in row.reasons]
    )


def _in_language(texts: dict[str, Any]) -> Any:
    """The text in the reader's language, else in the first that there is."""
    return texts.get(get_language() or "") or next(iter(texts.values()))


def _repair(plan: RotationPlan, repair: dict[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    changes = [(_in_language(change["text"]), _where(plan, change)) for change in repair["changes"]]
    return _in_language(repair["heading"]), changes


def _where(plan: RotationPlan, change: dict[str, Any]) -> str:
    """The address at which a change is made; empty where there is none."""
    if change["kind"] == ABSENCE:
        return reverse("window_sessions:availability", args=[change["director"]])
    if change["kind"] in {MINIMUM, MAXIMUM, HOST_MINIMUM, HOST_MAXIMUM}:
        return reverse("window_sessions:programme_edit", args=[plan.programme_id])
    if change["kind"] == DESKS:
        return reverse("window_sessions:board", args=[plan.programme_id])
    return ""


def alike(plans: Sequence[RotationPlan]) -> dict[int, int]:
    """How many placements each proposal has in common with the first of them (one query)."""
    done = [plan.pk for plan in plans if plan.status == "done"]
    rows = PlannedPlacement.objects.filter(plan__in=done).values_list("plan", "director", "window", "date", "half")
    found: dict[int, set[tuple[Any, ...]]] = {pk: set() for pk in done}
    for pk, *placement in rows:
        found[pk].add(tuple(placement))
    return {pk: len(found[pk] & found[done[0]]) for pk in done[1:]}


def wish_words(plan: RotationPlan) -> str:
    """The weights in one line."""
    labels = {"new_pairs": _("new pairs"), "seams": _("seams"), "spread": _("even days")}
    return " · ".join(f"{labels[name]} {plan.weights.get(name, 0)}" for name in labels)
