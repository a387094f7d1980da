"""The light of a limit, and the sum of working days behind it. Facts are computed, never stored."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from core.workdays import Calendar, Skipped
from issues.choices import ClockKind
from issues.clock_models import Clock
from issues.issue_models import Issue

GREEN, YELLOW, RED, PAUSED, NONE = "green", "yellow", "red", "paused", "none"
# Yellow: at most a fifth of the limit is left, or one day (DESIGN section 6).
YELLOW_SHARE = 0.2
# What a register row shows when two limits run at once: the one that moves the issue on.
ORDER = {ClockKind.ACKNOWLEDGE: 0, ClockKind.RECTIFY: 0, ClockKind.VERIFY: 0, ClockKind.CONTACT: 1}


@dataclass(frozen=True, slots=True)
class Light:
    """`days` are working days left, negative when over. `paused` may stand beside red: a rest hides nothing."""

    colour: str
    days: int | None = None
    frozen: bool = False
    due_on: date | None = None
    paused: bool = False

    @property
    def overdue_days(self) -> int:
        """Working days over the limit, 0 when in time."""
        return max(0, -(self.days or 0))


@dataclass(frozen=True, slots=True)
class ClockSum:
    """The days that make up a limit: counted by rule, those added by an extension, those moved by a rest."""

    counted: list[date]
    extended: list[date]
    paused: list[date]
    skipped: list[Skipped]
    due_on: date


def light(clock: Clock, calendar: Calendar, today: date) -> Light:
    """The light of one limit on `today`; of a stopped or resting clock on the day it stopped or went to rest."""
    at = _seen_on(clock, today)
    frozen = clock.stopped_at is not None
    resting = clock.paused_at is not None and not frozen
    left = calendar.between(at, clock.due_on) if at <= clock.due_on else min(-1, calendar.between(at, clock.due_on))
    if at > clock.due_on:
        return Light(RED, left, frozen, clock.due_on, resting)
    if resting:
        return Light(PAUSED, left, frozen, clock.due_on, True)
    total = clock.days + clock.extended_days
    soon = not frozen and left <= max(1, YELLOW_SHARE * total)
    return Light(YELLOW if soon else GREEN, left, frozen, clock.due_on)


def soon_from(due_on: date, days: int, calendar: Calendar) -> date:
    """The day on which the light of a limit of `days` working days turns yellow."""
    left = max(1, int(YELLOW_SHARE * days))
    day = due_on
    while calendar.between(day - timedelta(days=1), due_on) <= left:
        day -= timedelta(days=1)
    return day


def _seen_on(clock: Clock, today: date) -> date:
    if clock.stopped_at is not None:
        return timezone.localdate(clock.stopped_at)
    return timezone.localdate(clock.paused_at) if clock.paused_at is not None else today


def date_light(due_on: date, calendar: Calendar, today: date) -> Light:
    """The light of a plain date without a limit of its own: a task, a notice's answer, a look-back."""
    left = calendar.between(today, due_on)
    if today > due_on:
        return Light(RED, min(-1, left), due_on=due_on)
    return Light(YELLOW if left <= 1 else GREEN, left, due_on=due_on)


def running_clock(issue: Issue) -> Clock | None:
    """The running limit that counts for the issue now (uses prefetched clocks)."""
    running = [clock for clock in issue.clocks.all() if clock.stopped_at is None]
    return min(running, key=lambda clock: ORDER[ClockKind(clock.kind)], default=None)


def issue_light(issue: Issue, calendar: Calendar, today: date) -> Light:
    """The light a register row shows: that of the running limit, or none."""
    clock = running_clock(issue)
    return light(clock, calendar, today) if clock else Light(NONE)


def clock_sum(clock: Clock, calendar: Calendar) -> ClockSum:
    """The working days behind the due date, for the chips beside it."""
    start = timezone.localdate(clock.started_at)
    counted = calendar.span(start, clock.days)
    base = counted[-1]
    paused = calendar.span(base, clock.paused_days) if clock.paused_days else []
    base = paused[-1] if paused else base
    extended = calendar.span(base, clock.extended_days) if clock.extended_days else []
    return ClockSum(counted, extended, paused, calendar.skipped(start, clock.due_on), clock.due_on)
