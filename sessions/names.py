"""Names that departments owe for a week: who is placed and has not confirmed, who is not placed often enough."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zlib import crc32

from core import clock
from sessions import shortfalls
from sessions.choices import SessionStatus
from sessions.models import WindowSession
from sessions.planning import Plan
from sessions.weeks import Week


@dataclass
class Owed:
    """What one department owes, and by when: some days ahead of the first sitting concerned, as the programme says."""

    department_id: int
    department: str
    due_on: date
    drafts: list[WindowSession] = field(default_factory=list)
    missing: list[shortfalls.Shortfall] = field(default_factory=list)
    asked_at: datetime | None = None

    @property
    def overdue(self) -> bool:
        return self.due_on < clock.today()

    @property
    def words(self) -> str:
        """Everybody concerned, as a notice names them."""
        placed = [row.director.display_name for row in self.drafts]
        return "、".join(dict.fromkeys([*placed, *(one.person.label for one in self.missing)]))


def version_of(rows: Iterable[WindowSession]) -> int:
    """A number that changes as soon as anybody joins or leaves this list, or one of its sittings is touched."""
    return crc32(",".join(f"{pk}:{version}" for pk, version in sorted((row.pk, row.version) for row in rows)).encode())


def drafts(plan: Plan, week: Week, department_ids: Collection[int] | None = None) -> list[WindowSession]:
    """The placed and unconfirmed sittings of these departments, of all without."""
    chosen = [one for one in owed(plan, week) if department_ids is None or one.department_id in department_ids]
    return [row for one in chosen for row in one.drafts]


def owed(plan: Plan, week: Week) -> list[Owed]:
    """The departments that still owe names for the plan's week, the earliest due first. Without a query."""
    ahead = timedelta(days=plan.programme.days_ahead)
    first = max(week.monday, plan.programme.starts_on)
    found: dict[int, Owed] = {}
    for row in plan.sessions:
        person = plan.people.get(row.director_id)
        if row.status == SessionStatus.DRAFT and row.date >= clock.today() and person:
            one = found.setdefault(
                person.department_id, Owed(person.department_id, person.department, row.date - ahead)
            )
            one.due_on = min(one.due_on, row.date - ahead)
            one.drafts.append(row)
    for short in shortfalls.shortfalls(list(plan.people.values()), plan.facts, week.monday):
        person = short.person
        one = found.setdefault(person.department_id, Owed(person.department_id, person.department, first - ahead))
        one.missing.append(short)
    return sorted(found.values(), key=lambda one: (one.due_on, one.department_id))
