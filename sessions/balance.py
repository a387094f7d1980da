"""What stands beside the board: quotas and floors met, hosts visited evenly, and why a visit is where it is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Rank
from catalog.seam_listing import list_url
from sessions import shortfalls
from sessions.choices import QuotaPeriod
from sessions.models import WindowSession
from sessions.planning import Plan
from sessions.strengths import Strengths

STRONG = 5
MOST_BLOCKS = 30


@dataclass
class Strip:
    """How far something is met: one block for each person, visit or pair."""

    label: str
    blocks: list[bool]
    text: str

    @property
    def drawn(self) -> list[bool]:
        """The blocks, at most so many; more are drawn in proportion."""
        count = len(self.blocks)
        if count <= MOST_BLOCKS:
            return self.blocks
        full = sum(self.blocks) * MOST_BLOCKS // count
        return [True] * full + [False] * (MOST_BLOCKS - full)


@dataclass(frozen=True, slots=True)
class Why:
    """One reason for a visit: its sign, the sentence, the strength of the seam if it is one, and where it leads."""

    icon: str
    text: str
    strength: int = 0
    url: str = ""


def quota_strips(plan: Plan, missing: Sequence[shortfalls.Shortfall]) -> list[Strip]:
    """How many of each rank are placed as often as the period asks."""
    strips = []
    for rank in (Rank.PRINCIPAL, Rank.DEPUTY):
        period, minimum, _maximum = plan.facts.quotas.get(rank, ("", 0, None))
        people = [person for person in plan.people.values() if person.rank == rank]
        if not minimum or not people:
            continue
        lacking = sum(short.person.rank == rank for short in missing)
        text = _("%(placed)s placed, %(lacking)s missing") % {"placed": len(people) - lacking, "lacking": lacking}
        label = _("%(rank)s: %(minimum)s %(period)s") % {
            "rank": rank.label,
            "minimum": minimum,
            "period": QuotaPeriod(period).label,
        }
        strips.append(Strip(label, [True] * (len(people) - lacking) + [False] * lacking, text))
    return strips


def floor_strips(plan: Plan) -> list[Strip]:
    """How many of each rank have reached, or are placed to reach, the floor of the year."""
    strips = []
    gaps = shortfalls.floor_gaps(list(plan.people.values()), plan.facts)
    for rank in Rank:
        floor = plan.facts.floors.get(rank, 0)
        count = sum(person.rank == rank for person in plan.people.values())
        if floor and count:
            lacking = sum(gap.person.rank == rank for gap in gaps)
            label = _("%(rank)s: at least %(floor)s in the year") % {"rank": rank.label, "floor": floor}
            text = _("%(placed)s reach it, %(lacking)s do not") % {"placed": count - lacking, "lacking": lacking}
            strips.append(Strip(label, [True] * (count - lacking) + [False] * lacking, text))
    return strips


def balance(plan: Plan) -> tuple[str, int]:
    """How often each hosting department is visited in the programme, and the largest difference."""
    hosts = {window.department_id for window in plan.windows if window.department_id}
    visits = Counter(
        visit.host_department_id
        for visit in plan.facts.visits
        if visit.programme_id == plan.programme.pk and visit.host_department_id in hosts
    )
    numbers = [visits.get(host, 0) for host in hosts]
    if not numbers:
        return "", 0
    parts = [
        ngettext("%(hosts)s × %(times)s visit", "%(hosts)s × %(times)s visits", times)
        % {"times": times, "hosts": count}
        for times, count in sorted(Counter(numbers).items())
    ]
    return " · ".join(parts), max(numbers) - min(numbers)


def coverage(plan: Plan, strengths: Strengths) -> list[Strip]:
    """How many visits are the first of their pair, and how many strong seams between visitors and hosts are visited."""
    visits, pairs = sum(len(rows) for rows in plan.facts.by_pair.values()), len(plan.facts.by_pair)
    homes = {person.department_id for person in plan.people.values()}
    hosts = {window.department_id for window in plan.windows if window.department_id}
    strong = [(a, b) for a in homes for b in hosts if a != b and strengths.between(a, b) >= STRONG]
    met = sum(pair in plan.facts.by_pair for pair in strong)
    found = []
    if visits:
        words = {"pairs": pairs, "visits": visits}
        new = _("%(pairs)s of %(visits)s visits") % words
        found.append(Strip(_("First of their pair"), [True] * pairs + [False] * (visits - pairs), new))
    if strong:
        text = _("%(met)s of %(all)s pairs visited") % {"met": met, "all": len(strong)}
        found.append(Strip(_("Strong seams"), [True] * met + [False] * (len(strong) - met), text))
    return found


def reasons(plan: Plan, row: WindowSession, strengths: Strengths) -> list[Why]:
    """What speaks for a visit where it stands: the seam, the first visit of the pair, the person's count."""
    found = _pair_reasons(plan, row, strengths)
    period, minimum, _maximum = plan.facts.quotas.get(row.rank, ("", 0, None))
    if minimum:
        count = len(plan.facts.in_period(row.director_id, period, row.date))
        words = {"count": count, "minimum": minimum, "period": QuotaPeriod(period).label}
        found.append(Why("check-lg", _("%(count)s of %(minimum)s half-days %(period)s") % words))
    return found


def _pair_reasons(plan: Plan, row: WindowSession, strengths: Strengths) -> list[Why]:
    home, host = row.home_department, row.host_department
    if home is None or host is None:
        return []
    found = []
    strength = strengths.between(home.pk, host.pk)
    if strength:
        text = _("Seam between %(home)s and %(host)s") % {"home": home.label, "host": host.label}
        ways = (host.pk, home.pk), (home.pk, host.pk)
        need, hold = max(ways, key=lambda pair: strengths.pairs.get(pair, 0))
        found.append(Why("", text, strength, list_url(need=need, hold=hold)))
    if len(plan.facts.by_pair.get((home.pk, host.pk), [])) == 1:
        found.append(Why("plus-lg", _("First visit of %(home)s to this department") % {"home": home.label}))
    return found
