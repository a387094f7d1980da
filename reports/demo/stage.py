"""Time and people of the replay."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import User
from core.workdays import Calendar
from issues.importing.replay import Actors

SNAPSHOT = date(2026, 7, 15)


@dataclass(frozen=True, slots=True)
class Shift:
    """Moves the data's dates by whole weeks; a day off moves on to the next working day."""

    days: int
    calendar: Calendar

    @classmethod
    def to_week_of(cls, day: date, calendar: Calendar) -> "Shift":
        """The shift that brings the snapshot day into the ISO week of `day`."""
        monday = day - timedelta(days=day.weekday())
        return cls((monday - (SNAPSHOT - timedelta(days=SNAPSHOT.weekday()))).days, calendar)

    def plain(self, day: date) -> date:
        """Moved by whole weeks and nothing else: for leave and periods."""
        return day + timedelta(days=self.days)

    def __call__(self, day: date) -> date:
        return self.calendar.next_workday(self.plain(day))


@dataclass(frozen=True, slots=True)
class Stage:
    """When it is and who acts. `today` is the working day on which the district is seen."""

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
    def monday(self) -> date:
        return self.today - timedelta(days=self.today.weekday())

    def moment(self, day: date, hour: int, minute: int = 0) -> datetime:
        """This day and hour, but never later than now."""
        return min(timezone.make_aware(datetime.combine(day, time(hour, minute))), self.now)


def seen_at(as_of: date | None, calendar: Calendar) -> tuple[datetime, date]:
    """The moment and working day for `--as-of`, or for now. A day off is seen from the next working day."""
    if as_of is None:
        now = timezone.now()
        return now, calendar.next_workday(timezone.localdate(now))
    day = calendar.next_workday(as_of)
    return timezone.make_aware(datetime.combine(day, time(10, 30))), day
