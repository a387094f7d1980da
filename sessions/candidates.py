"""Who may take a place, and which places a director may take: each with the verdict of the rules and its reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.choices import Half
from catalog.models import Window
from core.words import short_date
from sessions import rules, shortfalls, visits
from sessions.choices import Mode
from sessions.models import WindowSession
from sessions.planning import Plan
from sessions.posts import Person
from sessions.strengths import Strengths

ORDER = {"ok": 0, "warn": 1, "no": 2}
SHOWN_PLACES = 8
SHOWN_NEAR = 3
SHOWN_REFUSED = 3


@dataclass(frozen=True)
class Candidate:
    """One line to choose: `key` is what the form sends, `verdict` is ok, warn or no."""

    key: str
    label: str
    findings: tuple[rules.Finding, ...]
    near: bool = False
    distance: int = 0
    missing: int = 0
    """Half-days that the person still lacks in this period."""
    strength: int = 0
    """How hard the person's department and that of the window chafe."""
    first: bool = False
    """Whether nobody of the person's department has been there."""
    colleague: bool = False
    """Whether the person belongs to the department of the one to be replaced."""
    peer: bool = False
    """Whether the person has the rank of the one to be replaced."""

    @property
    def verdict(self) -> str:
        if any(finding.blocks for finding in self.findings):
            return "no"
        return "warn" if self.findings else "ok"

    @property
    def icon(self) -> str:
        return {"ok": "check-circle-fill", "warn": "exclamation-triangle-fill", "no": "exclamation-octagon-fill"}[
            self.verdict
        ]

    @property
    def light(self) -> str:
        return {"ok": "green", "warn": "yellow", "no": "red"}[self.verdict]

    @property
    def short_reason(self) -> str:
        """The gravest thing only, for a menu."""
        return self.findings[0].text if self.findings else self.reason

    @property
    def short_word(self) -> str:
        """The gravest thing in two to four characters, for a cell."""
        return self.findings[0].short if self.findings else ""

    @property
    def reason(self) -> str:
        """All that speaks against it, or what speaks for it."""
        texts = [finding.text for finding in self.findings if finding.blocks or self.verdict != "no"]
        return " ".join(texts) or self.merits or _("Free")

    @property
    def merits(self) -> str:
        """What speaks for this person at this window, besides the seam."""
        owed = ngettext("%(n)s visit short", "%(n)s visits short", self.missing) % {"n": self.missing}
        said = {
            _("From the same department"): self.colleague,
            _("Same rank"): self.peer,
            owed: self.missing,
            _("First visit to this department"): self.first,
        }
        return " · ".join(text for text, holds in said.items() if holds)


def cell_id(key: str) -> str:
    """The name by which an address finds a cell without a sitting on the board's page."""
    return f"at-{key.replace('|', '-')}"


def cell_key(window_id: int, day: date, half: str) -> str:
    """A cell as forms and the board name it: WINDOW|DATE|HALF."""
    return f"{window_id}|{day:%Y-%m-%d}|{half}"


def days_of(plan: Plan) -> list[date]:
    """The days the board shows: working days, and others on which somebody is placed."""
    days = [plan.first + timedelta(days=offset) for offset in range((plan.last - plan.first).days + 1)]
    used = {row.date for row in plan.rows}
    weekend = 5
    return [day for day in days if day.weekday() < weekend or plan.facts.calendar.is_workday(day) or day in used]


def people_for(
    plan: Plan,
    window: Window,
    day: date,
    half: str,
    *,
    strengths: Strengths,
    mode: str = Mode.CLERK,
    row: WindowSession | None = None,
) -> list[Candidate]:
    """Everybody who takes part, judged for this place; with `row`, as a substitute for its director.

    Who lacks most visits stands first, then whose department chafes most with the window's; who cannot come, last.
    Of substitutes those of the same department stand first, then those of the same rank.
    """
    owed = {one.person.pk: one.missing for one in shortfalls.shortfalls(list(plan.people.values()), plan.facts, day)}
    found = []
    for person in plan.people.values():
        if row is not None and person.pk == row.director_id:
            continue
        placement = rules.Placement(
            person=person,
            window=window,
            date=day,
            half=half,
            mode=mode,
            session_id=row.pk if row else None,
            published=row is not None,
            replaces_rank=row.rank if row else "",
        )
        home, host = person.department_id, window.department_id
        candidate = Candidate(
            str(person.pk),
            person.label,
            tuple(_judge(placement, plan)),
            missing=owed.get(person.pk, 0),
            strength=strengths.between(home, host),
            first=host is not None and home != host and (home, host) not in plan.facts.by_pair,
            colleague=row is not None and home == row.home_department_id,
            peer=row is not None and person.rank == row.rank,
        )
        found.append(candidate)
    return sorted(found, key=_rank_of)


def _rank_of(one: Candidate) -> tuple[Any, ...]:
    near = not one.colleague, not one.peer
    return one.verdict == "no", *near, -one.missing, ORDER[one.verdict], -one.strength


def places_for(plan: Plan, person: Person, row: WindowSession | None = None) -> list[Candidate]:
    """Every half-day at every open window of the range, judged for this person; the same host first."""
    host = row.window.department_id if row else None
    found = []
    for window, day, half in _cells(plan):
        if row and (row.window_id, row.date, row.half) == (window.pk, day, half):
            continue
        placement = rules.Placement(
            person=person,
            window=window,
            date=day,
            half=half,
            mode=row.mode if row else plan.programme.default_mode,
            session_id=row.pk if row else None,
        )
        label = f"{short_date(day, half)} · {window.number} {host_name(window)}"
        near = bool(host) and window.department_id == host
        distance = abs((day - row.date).days) * 2 + (half != row.half) if row else 0
        findings = tuple(_judge(placement, plan))
        found.append(Candidate(cell_key(window.pk, day, half), label, findings, near=near, distance=distance))
    return sorted(found, key=lambda one: (ORDER[one.verdict], not one.near, one.distance))


def _judge(p: rules.Placement, plan: Plan) -> list[rules.Finding]:
    """A new visit is judged with all its half-days; one half-day that moves, or its substitute, alone."""
    return visits.judge(p, plan.facts) if p.session_id is None else rules.judge(p, plan.facts)


def best(places: Iterable[Candidate]) -> list[Candidate]:
    """The few places a menu shows: at the same host, then one a window, and some refused ones with their reason."""
    rows = list(places)
    good = [one for one in rows if one.verdict != "no"]
    near = [one for one in good if one.near][:SHOWN_NEAR]
    seen: set[str] = set()
    for one in good:
        window = one.key.partition("|")[0]
        if not one.near and window not in seen and len(near) + len(seen) < SHOWN_PLACES:
            seen.add(window)
            near.append(one)
    return near + [one for one in rows if one.verdict == "no"][:SHOWN_REFUSED]


def host_name(window: Window) -> str:
    """Whose window it is: the department, or the name of a window that belongs to nobody."""
    return window.department.label if window.department else window.name


def _cells(plan: Plan) -> Iterable[tuple[Window, date, str]]:
    for day in days_of(plan):
        for half in Half.values:
            for window in plan.windows:
                if not rules.closed_word(window, day, half, plan.facts)[0]:
                    yield window, day, half
