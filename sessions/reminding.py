"""What the clock tells people about sittings: names that are due and not confirmed, feedback still to be filled in."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Min
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop

from accounts.choices import Role
from accounts.models import User
from accounts.staff import Staff
from catalog.hours import at_work
from core import clock, workdays
from core.notices import Reminder, remind
from core.workdays import Calendar
from sessions.choices import SessionStatus
from sessions.models import WindowSession

DAY = timedelta(days=1)
CONFIRM = gettext_noop("Please confirm your sitting at %(window)s on %(day)s")
NOT_CONFIRMED = gettext_noop("Not confirmed: %(who)s at %(window)s on %(day)s")
FEEDBACK = gettext_noop("Please fill in the feedback of your sitting at %(window)s on %(day)s")


def remind_due() -> None:
    """The periodic job: in working hours only."""
    if at_work(clock.now()):
        remind(current())


def current(kind: str = "", staff: Staff | None = None) -> list[Reminder]:
    """Everything that stands now, or what stands of one kind, whoever has been told already."""
    today = clock.today()
    found: list[Reminder] = []
    if kind in ("", "unconfirmed"):
        found += _unconfirmed(staff or Staff.load(), today)
    if kind in ("", "feedback_due"):
        found += _feedback(workdays.load(), today)
    return found


def _reminder(kind: str, role: str, key: str, row: Any, began: date, users: list[User], title: str) -> Reminder:
    facts = {"window": row.window.number, "day": f"{row.date}", "half": row.half, "who": row.director.display_name}
    url = reverse("window_sessions:session_detail", args=[row.pk])
    return Reminder(kind, role, key, clock.midnight(began), users, title, url, facts)


def _sitter(row: Any) -> str:
    """The role in which a person sits: an experience officer has no rank."""
    return Role.DIRECTOR.value if row.rank else Role.EXPERIENCE_OFFICER.value


def _unconfirmed(staff: Staff, today: date) -> Iterator[Reminder]:
    """Names are due some days ahead; whoever was asked today gets until tomorrow."""
    drafts = WindowSession.objects.with_people().filter(status=SessionStatus.DRAFT, date__gte=today)
    for row in drafts.annotate(asked_at=Min("events__at")):
        began = row.date - timedelta(days=row.programme.days_ahead)
        if row.asked_at:
            began = max(began, localdate(row.asked_at) + DAY)
        if began > today:
            continue
        key = f"unconfirmed:{row.pk}:{row.date}"
        yield _reminder("unconfirmed", _sitter(row), key, row, began, [row.director], CONFIRM)
        if row.announced:
            liaisons = staff.of_department(Role.LIAISON, row.home_department_id)
            yield _reminder("unconfirmed", Role.LIAISON.value, key, row, began, liaisons, NOT_CONFIRMED)
        administrators = staff.of_hall(Role.HALL_ADMINISTRATOR, row.window.hall_id)
        yield _reminder("unconfirmed", Role.HALL_ADMINISTRATOR.value, key, row, began, administrators, NOT_CONFIRMED)


def _feedback(calendar: Calendar, today: date) -> Iterator[Reminder]:
    """From the working day after the sitting."""
    rows = WindowSession.objects.with_people().filter(status=SessionStatus.AWAITING_FEEDBACK, finished_at__isnull=False)
    for row in rows:
        began = calendar.next_workday(localdate(row.finished_at) + DAY)
        if began <= today:
            key = f"feedback:{row.pk}:{localdate(row.finished_at)}"
            yield _reminder("feedback_due", _sitter(row), key, row, began, [row.director], FEEDBACK)
