"""A programme over a range of days as a rotation problem: whom the rules let sit where, and what stands already."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from catalog import seam_rows, seams
from catalog.choices import Half
from catalog.models import SeamRuling, Window
from sessions import planning, rotation, rules, strengths
from sessions.choices import OCCUPYING, QuotaPeriod, RuleName, Severity
from sessions.models import WindowSession

Fixed = tuple[int, int, date, str]
"""Director, window, date, half of a placement that stays where it is."""


@dataclass
class Question:
    """The instance, and which sessions stand in it."""

    instance: rotation.Instance
    standing: list[WindowSession] = field(default_factory=list)


def build(programme_id: int, first: date, last: date, fixed: Iterable[Fixed] = ()) -> Question:
    """The problem as it is now. Directors, desks and departments go by their primary keys as text.

    Nobody is asked to come more often than the quota's target: a rank without a target is left out. Quotas of a
    period that began before the range, or ends after it, count the visits outside.
    """
    return _Builder(planning.load(programme_id, first, last)).question(fixed)


class _Builder:
    def __init__(self, plan: planning.Plan) -> None:
        self.plan, self.facts = plan, plan.facts
        self.slots = self._slots()
        self.number = {slot: number for number, slot in enumerate(self.slots)}
        self.people = {
            pk: person for pk, person in plan.people.items() if self.facts.quotas.get(person.rank, ("", 0, None))[1]
        }
        self.standing = [visit for visit in self.facts.visits if self._stands(visit)]

    def _slots(self) -> tuple[rotation.Slot, ...]:
        """Half-days from today on in which at least one desk is open."""
        first = max(self.plan.first, self.facts.today)
        if self.plan.programme.severity(RuleName.NOTICE) == Severity.BLOCK:
            first = max(first, self.facts.today + timedelta(days=self.plan.programme.days_ahead))
        days = [first + timedelta(days=n) for n in range((self.plan.last - first).days + 1)]
        return tuple(
            rotation.Slot(day, half)
            for day in days
            for half in Half.values
            if any(self._open(window, day, half) for window in self.plan.windows)
        )

    def _open(self, window: Window, day: date, half: str) -> bool:
        return not rules.closed_word(window, day, half, self.facts)[0]

    def _stands(self, visit: WindowSession) -> bool:
        return (
            visit.programme_id == self.plan.programme.pk
            and visit.director_id in self.people
            and rotation.Slot(visit.date, visit.half) in self.number
        )

    def question(self, fixed: Iterable[Fixed]) -> Question:
        given = [
            rotation.Placement(
                self.number[rotation.Slot(visit.date, visit.half)], str(visit.window_id), str(visit.director_id)
            )
            for visit in self.standing
        ]
        desks = tuple(self._desks())
        known = {desk.id: desk for desk in desks}
        for director, window, day, half in fixed:
            slot = self.number.get(rotation.Slot(day, half))
            if (
                slot is not None
                and director in self.people
                and str(window) in known
                and slot in known[str(window)].open
            ):
                given.append(rotation.Placement(slot, str(window), str(director)))
        quotas = tuple(self._quotas())
        once = self.plan.programme.severity(RuleName.REPEAT_PAIR) == Severity.BLOCK
        instance = rotation.Instance(
            self.slots,
            dict(self._departments()),
            desks,
            tuple(self._directors()),
            quotas,
            own_department_forbidden=rules.own_department_closed(self.plan.programme),
            max_half_days_per_day=max(1, self.plan.programme.half_days_per_visit),
            max_same_host=1 if once else None,
            given=tuple(given),
            done=self._done(quotas),
            received=self._received(),
            met=self._met(),
            seams={_pair(pair): strength for pair, strength in strengths.known().pairs.items()},
            documents=documents(),
            codes_known=False,
        )
        return Question(instance, self.standing)

    def _desks(self) -> Iterable[rotation.Desk]:
        """Every desk of the programme, without the half-days that something else takes; also where a session stands."""
        own = {visit.pk for visit in self.standing}
        taken = {(v.window_id, v.date, v.half) for v in self.facts.visits if v.pk not in own}
        windows = {window.pk: window for window in self.plan.windows}
        for visit in self.standing:
            windows.setdefault(visit.window_id, visit.window)
        for window in windows.values():
            opened = frozenset(
                number
                for number, slot in enumerate(self.slots)
                if (window.pk, slot.date, slot.half) not in taken and self._open(window, slot.date, slot.half)
            )
            owner = str(window.department_id or rotation.OPEN_TO_ALL)
            yield rotation.Desk(str(window.pk), owner, opened, window.number)

    def _directors(self) -> Iterable[rotation.Director]:
        own = {visit.pk for visit in self.standing}
        busy = {(v.director_id, v.date, v.half) for v in self.facts.visits if v.pk not in own}
        for pk, person in self.people.items():
            away = self.facts.absences.get(pk, ())
            free = frozenset(
                number
                for number, slot in enumerate(self.slots)
                if (pk, slot.date, slot.half) not in busy
                and not any(absence.covers(slot.date, slot.half) for absence in away)
            )
            yield rotation.Director(str(pk), person.label, str(person.department_id), person.rank, free)

    def _departments(self) -> Iterable[tuple[str, rotation.Department]]:
        for window in self.plan.windows:
            if window.department:
                yield str(window.department_id), rotation.Department(str(window.department_id), window.department.label)
        for person in self.people.values():
            yield str(person.department_id), rotation.Department(str(person.department_id), person.department)

    def _quotas(self) -> Iterable[rotation.Quota]:
        """The target of each rank for each period that the half-days touch."""
        for rank, (period, target, _most) in self.facts.quotas.items():
            spans: dict[str, set[int]] = {}
            for number, slot in enumerate(self.slots):
                spans.setdefault(period_label(period, slot.date), set()).add(number)
            if target:
                for label, numbers in spans.items():
                    yield rotation.Quota(rank, frozenset(numbers), target, target, label)

    def _done(self, quotas: Iterable[rotation.Quota]) -> dict[tuple[str, str], int]:
        """Visits that count towards a quota although they are no part of the problem."""
        known = {(quota.rank, quota.label) for quota in quotas}
        found: dict[tuple[str, str], int] = {}
        for visit in self._elsewhere():
            person = self.people.get(visit.director_id)
            period = self.facts.quotas[person.rank][0] if person else ""
            label = period_label(period, visit.date)
            if person and (person.rank, label) in known:
                key = str(visit.director_id), label
                found[key] = found.get(key, 0) + 1
        return found

    def _received(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for visit in self._elsewhere():
            if visit.host_department_id:
                key = str(visit.host_department_id)
                found[key] = found.get(key, 0) + 1
        return found

    def _elsewhere(self) -> Iterable[WindowSession]:
        """Visits of the programme that are no part of the problem."""
        own = {visit.pk for visit in self.standing}
        return [v for v in self.facts.visits if v.programme_id == self.plan.programme.pk and v.pk not in own]

    def _met(self) -> frozenset[rotation.Pair]:
        """Pairs that have met in any programme, those of the sessions that stand here left out."""
        rows = WindowSession.objects.filter(status__in=OCCUPYING, host_department__isnull=False)
        rows = rows.exclude(pk__in=[visit.pk for visit in self.standing])
        return frozenset(map(_pair, rows.values_list("home_department_id", "host_department_id").distinct()))


def _pair(pair: tuple[int, int]) -> rotation.Pair:
    return str(pair[0]), str(pair[1])


def period_label(period: str, day: date) -> str:
    """Which week, month or quarter a day lies in, as people write it; empty for the whole programme."""
    if period == QuotaPeriod.WEEK:
        return f"{day.isocalendar().year}-W{day.isocalendar().week:02}"
    if period == QuotaPeriod.MONTH:
        return f"{day:%Y-%m}"
    if period == QuotaPeriod.QUARTER:
        return f"{day.year}-Q{(day.month - 1) // 3 + 1}"
    return ""


def documents() -> dict[rotation.Pair, int]:
    """How many documents lie in the seams between two departments, (needing, holding)."""
    dismissed = set(SeamRuling.objects.dismissed().values_list("key", flat=True))
    found: dict[rotation.Pair, set[str]] = {}
    for seam in seams.find(seam_rows.load()):
        if seam.hold is not None and seam.document is not None and seam.key not in dismissed:
            found.setdefault(_pair(seam.pair), set()).add(seam.document.code)
    return {pair: len(codes) for pair, codes in found.items()}
