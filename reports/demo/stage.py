"""Time and people of the replay."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import User
from catalog.choices import Half
from core.workdays import Calendar
from issues.importing.replay import Actors

SNAPSHOT = date(2026, 7, 15)
MORNING_UNDER_WAY = time(9, 10)
"""From here on everything that the demo puts into a morning lies in the past."""
AFTERNOON_UNDER_WAY = time(14, 40)


def monday_of(day: date) -> date:
    """The first day of the ISO week."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Shift:
    """Moves the data's dates by whole weeks; a day off moves on to the next working day."""

    days: int
    calendar: Calendar

    @classmethod
    def to_week_of(cls, day: date, calendar: Calendar) -> "Shift":
        """The shift that brings the snapshot day into the ISO week of `day`."""
        return cls((monday_of(day) - monday_of(SNAPSHOT)).days, calendar)

    def plain(self, day: date) -> date:
        """Moved by whole weeks and nothing else: for leave and periods."""
        return day + timedelta(days=self.days)

    def __call__(self, day: date) -> date:
        return self.calendar.next_workday(self.plain(day))


@dataclass(frozen=True, slots=True)
class Stage:
    """When it is and who acts. `today` is the last working day whose morning is under way: on a day off and before
    the hall opens it lies in the past, so that nothing is told which has not happened yet."""

    now: datetime
    today: date
    shift: Shift
    actors: Actors
    administrator: User
    guide: User

    @property
    def calendar(self) -> Calendar:
        return self.shift.calendar

    @property
    def loaded_on(self) -> date:
        """The day on which the demo is loaded."""
        return timezone.localdate(self.now)

    @property
    def day_off(self) -> bool:
        """Whether nobody works on the day on which the demo is loaded."""
        return not self.calendar.is_workday(self.loaded_on)

    @property
    def monday(self) -> date:
        return monday_of(self.today)

    @property
    def half(self) -> Half:
        """The half-day of `today` that began last."""
        over = self.loaded_on > self.today or timezone.localtime(self.now).time() >= AFTERNOON_UNDER_WAY
        return Half.PM if over else Half.AM

    @property
    def next_sitting(self) -> tuple[date, Half]:
        """The half-day for which a session can still be started: of this day, or of the next working day."""
        day = self.calendar.next_workday(self.loaded_on)
        return day, Half.PM if day == self.loaded_on and timezone.localtime(self.now).hour >= 12 else Half.AM

    def moment(self, day: date, hour: int, minute: int = 0) -> datetime:
        """This day and hour, but never later than now."""
        return min(timezone.make_aware(datetime.combine(day, time(hour, minute))), self.now)


def seen_at(as_of: date | None, calendar: Calendar) -> tuple[datetime, date]:
    """Now, or half past ten on `--as-of`, and the last working day whose morning is under way by then."""
    now = timezone.now() if as_of is None else timezone.make_aware(datetime.combine(as_of, time(10, 30)))
    local = timezone.localtime(now)
    begun = calendar.is_workday(local.date()) and local.time() >= MORNING_UNDER_WAY
    return now, local.date() if begun else calendar.previous_workday(local.date())
