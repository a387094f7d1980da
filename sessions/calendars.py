"""Sittings as iCalendar (RFC 5545), for Outlook, phones and WPS: times in UTC, cancelled ones kept for a while."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.models import User
from catalog.models import Hall
from core import clock
from sessions.choices import SessionStatus
from sessions.models import WindowSession

PRODUCT = "-//Huanwei//Sittings//ZH"
KEPT = timedelta(days=30)
"""How long a sitting stays in a feed after its day, so that a calendar which rarely asks hears of a cancellation."""

REFRESH = timedelta(minutes=30)
Absolute = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event. `sequence` rises with each change, `changed` is when it was last different; both times are aware."""

    uid: str
    sequence: int
    changed: datetime
    starts: datetime
    ends: datetime
    summary: str
    location: str
    description: str = ""
    url: str = ""
    status: str = "CONFIRMED"
    busy: bool = True


def uid_of(session_id: int, hall_code: str) -> str:
    """The same for ever, in every feed: a moved or handed-over sitting stays one event."""
    return f"sitting-{session_id}-{hall_code}@huanwei"


def span(hall: Hall, day: date, half: str) -> tuple[datetime, datetime]:
    """When a half-day begins and ends in this hall."""
    first, last = hall.hours(half)
    return timezone.make_aware(datetime.combine(day, first)), timezone.make_aware(datetime.combine(day, last))


def cancelled_title(title: str) -> str:
    """Many calendars show a cancelled event like any other, so the title says it too."""
    return _("Cancelled: %(title)s") % {"title": title}


def write(name: str, entries: Iterable[Entry]) -> bytes:
    """The feed. The same entries give the same bytes, so that an unchanged feed answers 304."""
    calendar: Any = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT30M")
    for entry in sorted(entries, key=lambda one: (one.starts, one.uid)):
        calendar.add_component(_event(entry))
    content: bytes = calendar.to_ical()
    return content


def _event(entry: Entry) -> Any:
    event: Any = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", _utc(entry.changed))
    event.add("last-modified", _utc(entry.changed))
    event.add("dtstart", _utc(entry.starts))
    event.add("dtend", _utc(entry.ends))
    event.add("summary", entry.summary)
    event.add("location", entry.location)
    if entry.description:
        event.add("description", entry.description)
    if entry.url:
        event.add("url", entry.url)
    event.add("status", entry.status)
    event.add("transp", "OPAQUE" if entry.busy and entry.status != "CANCELLED" else "TRANSPARENT")
    return event


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def entries_of(user: User, absolute: Absolute) -> list[Entry]:
    """A person's own sittings, what is asked of them as tentative, what was called off or given away as cancelled.

    One query. `absolute` makes a full address of a path.
    """
    rows: Any = (
        WindowSession.objects.filter(Q(director=user) | Q(replaced_director=user), date__gte=clock.today() - KEPT)
        .annotate(changed=Max("events__at"))
        .with_people()
    )
    return [_own(row, user, absolute) for row in rows]


def _own(row: Any, user: User, absolute: Absolute) -> Entry:
    window, hall = row.window, row.window.hall
    starts, ends = span(hall, row.date, row.half)
    status = _status(row, user)
    return Entry(
        uid=uid_of(row.pk, hall.code),
        sequence=row.version,
        changed=row.changed or starts,
        starts=starts,
        ends=ends,
        summary=_title(row, status),
        location=" ".join(filter(None, (hall.name, window.floor, window.zone.name, window.number, hall.address))),
        description=_description(row),
        url=absolute(reverse("window_sessions:session_detail", args=[row.pk])),
        status=status,
    )


def _status(row: Any, user: User) -> str:
    if row.director_id != user.pk or row.status in {SessionStatus.CANCELLED, SessionStatus.MISSED}:
        return "CANCELLED"
    return "TENTATIVE" if row.status == SessionStatus.DRAFT else "CONFIRMED"


def _title(row: Any, status: str) -> str:
    title = _("Sitting at %(window)s %(name)s") % {"window": row.window.number, "name": row.window.name}
    if status == "CANCELLED":
        return cancelled_title(title)
    return _("To confirm: %(title)s") % {"title": title} if status == "TENTATIVE" else title


def _description(row: Any) -> str:
    """What the director should know beforehand; never anything of a citizen."""
    host = row.host_department.label if row.host_department else _("Integrated window")
    lines = [row.programme.name, str(row.get_mode_display()), _("Host: %(host)s") % {"host": host}]
    if not row.announced:
        lines.append(_("Unannounced: please keep it to yourself until it is over."))
    return "\n".join(lines)
