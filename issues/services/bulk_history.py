"""Histories of issues in bulk, for measurements on a demo district: rows as the verbs of this package leave them.

The verbs take some ten milliseconds an issue, a million issues would take half a day. Here the same transition table,
the same ledger and the same rules of limits make the rows in memory, and they are written a batch at a time. Left out
is what a measurement does not need: nobody is told, no right is asked, and there are neither pictures nor tasks.
A test compares one issue of every state with what the verbs make of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils import timezone

from accounts.models import Department, User
from core import clock as time
from core import ledger
from core.workdays import Calendar
from issues import clocks
from issues.choices import ClockKind, IssueStatus, VerificationKind
from issues.models import Clock, ClockRule, FollowUp, Issue, IssueEvent, Rectification, Verification
from issues.services import numbers
from issues.workflow import WORKFLOW

ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts, by which rule and calendar: two officers, a liaison for each department, a calendar for each hall."""

    officer: User
    second_officer: User
    liaisons: dict[int, User]
    rule: ClockRule
    calendars: dict[int, Calendar]
    due: dict[tuple[int, date, int], date] = field(default_factory=dict)

    def due_on(self, hall_id: int, day: date, days: int) -> date:
        """The last day of a limit, counted once and remembered."""
        key = hall_id, day, days
        if key not in self.due:
            self.due[key] = self.calendars[hall_id].add(day, days)
        return self.due[key]


SEAM = Issue.holding_departments.through
TABLES: tuple[type[Model], ...] = (Issue, SEAM, IssueEvent, Clock, Rectification, Verification, FollowUp)


class Batch:
    """The unsaved rows of many issues. Made and saved within one transaction: it holds the numbers it gives out."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.numbers = cast, numbers.Held()
        self.rows: dict[type[Model], list[Any]] = {model: [] for model in TABLES}
        self._keys = {model: count(_last(model) + 1) for model in (Issue, Rectification, Verification, FollowUp)}

    def add(self, row: Any) -> Any:
        """Keep a row; one that others name gets its key now."""
        keys = self._keys.get(type(row))
        if keys is not None:
            row.pk = next(keys)
        self.rows[type(row)].append(row)
        return row

    def save(self) -> None:
        """Write everything. Raises TransactionManagementError outside of a transaction."""
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError("a batch of histories is whole or not there")
        for model, rows in self.rows.items():
            model._default_manager.bulk_create(rows, batch_size=ROWS_AT_ONCE)
        self.numbers.save()
        # The keys were given here; the engine's own counters go on behind them.
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self._keys)):
                cursor.execute(statement)


def _last(model: type[Model]) -> int:
    return model._default_manager.aggregate(last=Max("pk"))["last"] or 0


class History:
    """One issue and its acts, each at its own moment. The acts have the names of the verbs they stand for."""

    def __init__(
        self, batch: Batch, moment: datetime, finder: User, holders: Iterable[Department], **fields: Any
    ) -> None:
        self.batch, self.cast = batch, batch.cast
        self.limits: dict[str, Clock] = {}
        number = batch.numbers.issue_number(timezone.localdate(moment).year)
        self.issue = batch.add(
            Issue(
                number=number, registered_by=finder, registered_at=moment, found_on=timezone.localdate(moment),
                found_by=finder, found_by_label=finder.display_name, found_by_department=finder.department, **fields,
            )
        )  # fmt: skip
        for department in holders:
            batch.add(SEAM(issue_id=self.issue.pk, department_id=department.pk))
        self._write("register", moment, finder, found_by=finder.display_name, on_behalf=False, before="")

    def _write(
        self, action: str, moment: datetime, actor: User, note: str = "", before: str | None = None, **data: Any
    ) -> None:
        """Ledger event and state, by the table. Raises WrongState for an act that this state does not have."""
        start = self.issue.status if before is None else before
        transition = WORKFLOW.check(action, start, f"{action} from {start}")
        target = transition.target_from(start)
        if target is not None:
            self.issue.status = str(target)
        facts = {"round": self.issue.round, **data}
        entry = ledger.Entry(
            action=action, actor=actor, from_state=start, to_state=str(target or ""), note=note, data=facts
        )
        with time.at(moment):
            self.batch.rows[IssueEvent].append(ledger.chained(IssueEvent, self.issue, entry))

    def _start(self, kind: ClockKind, moment: datetime, days: int) -> Clock:
        day = timezone.localdate(moment)
        limit = Clock(
            issue=self.issue, round=self.issue.round, kind=kind, rule=self.cast.rule, days=days, started_at=moment,
            due_on=self.cast.due_on(self.issue.hall_id, day, days),
        )  # fmt: skip
        self.limits[kind] = self.batch.add(limit)
        return limit

    def _stop(self, kind: ClockKind, moment: datetime, note: str = "") -> None:
        clocks.freeze(self.limits.pop(kind), moment, note=note)

    def _liaison(self) -> User:
        return self.cast.liaisons[self.issue.lead_department_id]

    def assign(self, moment: datetime, lead: Department, days: int) -> None:
        self.issue.lead_department, self.issue.rectify_days = lead, days
        facts: dict[str, Any] = {"lead": lead.code, "rectify_days": days, "due_on": None, "supporting": []}
        self._write("assign", moment, self.cast.officer, **facts)
        self._start(ClockKind.ACKNOWLEDGE, moment, self.cast.rule.acknowledge_days)

    def acknowledge(self, moment: datetime) -> None:
        self._stop(ClockKind.ACKNOWLEDGE, moment)
        limit = self._start(ClockKind.RECTIFY, moment, self.issue.rectify_days or 0)
        self._write("acknowledge", moment, self._liaison(), due_on=limit.due_on)

    def submit_rectification(self, moment: datetime, measure: str, outcome: str, basis: str, evidence: str) -> None:
        self._stop(ClockKind.RECTIFY, moment, str(WORKFLOW["submit_rectification"].label))
        row = self.batch.add(
            Rectification(
                issue=self.issue, round=self.issue.round, measures=[measure], outcome=outcome, legal_basis=basis,
                evidence_note=evidence, submitted_by=self._liaison(), submitted_at=moment,
            )
        )  # fmt: skip
        self.issue.outcome = outcome
        facts: dict[str, Any] = {"rectification": row.pk, "measures": [measure], "outcome": outcome, "evidence": []}
        self._write("submit_rectification", moment, self._liaison(), **facts)
        self._start(ClockKind.VERIFY, moment, self.cast.rule.verify_days)
        self.handed_in = row

    def suspend(self, moment: datetime, cause: str, review_on: date) -> None:
        self.issue.suspend_cause, self.issue.review_on = cause, review_on
        self.limits[ClockKind.RECTIFY].paused_at = moment
        self._write("suspend", moment, self.cast.officer, cause=cause, review_on=review_on)

    def reject(self, moment: datetime, reason: str, note: str) -> None:
        self.issue.reject_reason = reason
        self._write("reject", moment, self.cast.officer, note, reason=reason)

    def merge(self, moment: datetime, into: Issue) -> None:
        self.issue.merged_into = into
        self._write("merge", moment, self.cast.officer, into=into.number)

    def close_out(self, verified: datetime, moment: datetime, note: str) -> None:
        """A passed document check, the sheet's number, and the look-backs planned."""
        officer, kind = self.cast.officer, VerificationKind.DOCUMENT_CHECK
        record = self.batch.add(
            Verification(
                issue=self.issue, round=self.issue.round, rectification=self.handed_in, kind=kind, passed=True,
                note=note, verifier=officer, verifier_department=officer.department, verified_at=verified,
            )
        )  # fmt: skip
        self._write("verify", verified, officer, note, verification=record.pk, kind=kind, passed=True, answer="")
        self._stop(ClockKind.VERIFY, moment, str(WORKFLOW["close_out"].label))
        number = self.batch.numbers.close_out_number(timezone.localdate(moment).year)
        self.issue.closed_at, self.issue.close_out_number = moment, number
        facts: dict[str, Any] = {
            "number": number,
            "verification": record.pk,
            "outcome": self.issue.outcome,
            "second_officer": False,
        }
        self._write("close_out", moment, self.cast.second_officer, **facts)
        calendar, day = self.cast.calendars[self.issue.hall_id], timezone.localdate(moment)
        self.look_backs = [
            self.batch.add(FollowUp(issue=self.issue, round=self.issue.round, kind=kind, due_on=due_on))
            for kind, due_on in clocks.look_backs(self.cast.rule, calendar, day)
        ]

    def look_back(self, row: FollowUp, moment: datetime, note: str) -> None:
        """It still holds."""
        row.done_at, row.done_by, row.holds, row.note = moment, self.cast.officer, True, note
        self._write("look_back", moment, self.cast.officer, note, follow_up=row.pk, kind=row.kind, holds=True)

    @property
    def counted(self) -> bool:
        """Whether another issue can be merged into this one."""
        return self.issue.status not in {IssueStatus.MERGED, IssueStatus.REJECTED}
