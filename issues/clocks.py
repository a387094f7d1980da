"""The limits of an issue: set when a state is entered, stopped when it is left. Only services call this.

Days are working days of the hall of the scene; the rule version of the day is pinned to each clock.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone

from catalog.models import Hall
from core import clock as time
from core import workdays
from core.workdays import Calendar
from issues.choices import ClockKind, Decision, FollowUpKind
from issues.models import Clock, ClockRule, Issue

# The limits that programmes in the press use; an office adds versions, it never changes one.
LOOK_BACK_DAYS = [30, 90]
RECTIFY_CLASSES = [0, 3, 5, 10, 15, 30]
FIRST_RULE = {
    "in_force_from": date(2000, 1, 1),
    "rectify_classes": RECTIFY_CLASSES,
    "look_back_days": LOOK_BACK_DAYS,
}


def current_rule() -> ClockRule:
    """The rule version in force today; version 1 with the defaults when none was ever saved."""
    rule = ClockRule.objects.filter(in_force_from__lte=time.today()).first()
    return rule or ClockRule.objects.get_or_create(version=1, defaults=FIRST_RULE)[0]


def calendar_for(issue: Issue) -> Calendar:
    """The official calendar with the days on which the hall of the scene is shut."""
    return calendar_of(issue.hall)


def calendar_of(hall: Hall) -> Calendar:
    """The official calendar with the days on which this hall is shut."""
    return workdays.load(closures=set(hall.closures.filter(half="").values_list("date", flat=True)))


def start(issue: Issue, kind: ClockKind, *, days: int | None = None, due_on: date | None = None) -> Clock:
    """Set a limit from now on: `days` working days, or until the agreed `due_on`."""
    rule, calendar, today = current_rule(), calendar_for(issue), time.today()
    if due_on is not None:
        days = max(0, calendar.between(today, due_on))
    else:
        days = _ruled_days(rule, kind) if days is None else days
        due_on = calendar.add(today, days)
    return Clock.objects.create(
        issue=issue, round=issue.round, kind=kind, rule=rule, days=days, started_at=time.now(), due_on=due_on
    )


def _ruled_days(rule: ClockRule, kind: ClockKind) -> int:
    days = {
        ClockKind.ACKNOWLEDGE: rule.acknowledge_days,
        ClockKind.CONTACT: rule.contact_days,
        ClockKind.VERIFY: rule.verify_days,
    }
    return days[kind]


def running(issue: Issue, kind: ClockKind) -> Clock | None:
    """The running limit of this kind, if any."""
    return issue.clocks.filter(kind=kind, stopped_at__isnull=True).first()


def stop(issue: Issue, kind: ClockKind, *, done: bool = True, note: str = "") -> None:
    """Stop a limit and freeze whether it was met. Nothing happens when none of this kind runs.

    With `done` false the matter left these hands before it was finished: a limit already over stays missed for
    good, one still open counts for neither side.
    """
    clock = running(issue, kind)
    if clock is None:
        return
    freeze(clock, time.now(), done=done, note=note)
    clock.save(update_fields=["stopped_at", "paused_at", "met", "note"])
    clock.extension_requests.filter(decision=Decision.PENDING).update(
        decision=Decision.REFUSED, decided_at=time.now(), decision_note=note
    )


def freeze(clock: Clock, moment: datetime, *, done: bool = True, note: str = "") -> None:
    """What `stop` writes into the limit; the row is not saved here."""
    in_time = timezone.localdate(clock.paused_at or moment) <= clock.due_on
    clock.stopped_at, clock.paused_at, clock.note = moment, None, note
    clock.met = in_time if done or not in_time else None


def pause(issue: Issue, kind: ClockKind) -> None:
    """Let a limit rest from now on."""
    clock = running(issue, kind)
    if clock is not None:
        clock.paused_at = time.now()
        clock.save(update_fields=["paused_at"])


def resume(issue: Issue, kind: ClockKind) -> Clock | None:
    """End the rest: the due date moves on by the working days that passed in it."""
    clock = running(issue, kind)
    if clock is None or clock.paused_at is None:
        return clock
    calendar = calendar_for(issue)
    rested = calendar.between(timezone.localdate(clock.paused_at), time.today())
    clock.paused_days += rested
    clock.due_on = calendar.add(clock.due_on, rested) if rested else clock.due_on
    clock.paused_at = None
    clock.save(update_fields=["paused_at", "paused_days", "due_on"])
    return clock


def extend(clock: Clock, days: int) -> None:
    """Move the due date of a running limit on by `days` working days."""
    clock.extended_days += days
    clock.due_on = calendar_for(clock.issue).add(clock.due_on, days)
    clock.save(update_fields=["extended_days", "due_on"])


def recompute(clock: Clock, note: str) -> bool:
    """Count a running limit again after the calendar has changed; whether the date moved, with a note if so."""
    due_on = counted(clock, calendar_for(clock.issue))
    if due_on == clock.due_on:
        return False
    clock.due_on, clock.note = due_on, note
    clock.save(update_fields=["due_on", "note"])
    return True


def counted(clock: Clock, calendar: Calendar) -> date:
    """The date that a running limit has by this calendar. An agreed date is a promise by name and stays."""
    if clock.kind == ClockKind.RECTIFY and clock.issue.agreed_due_on is not None:
        return clock.due_on
    due_on = calendar.add(timezone.localdate(clock.started_at), clock.days)
    moved = clock.paused_days + clock.extended_days
    return calendar.add(due_on, moved) if moved else due_on


def look_backs(rule: ClockRule, calendar: Calendar, closed_on: date) -> list[tuple[FollowUpKind, date]]:
    """The look-backs after a closing: calendar days, moved to the next working day where the hall is shut."""
    days = rule.look_back_days or LOOK_BACK_DAYS
    kinds = (FollowUpKind.DAY_30, FollowUpKind.DAY_90)
    planned = zip(kinds, days, strict=False)
    return [(kind, calendar.next_workday(closed_on + timedelta(days=after))) for kind, after in planned]
