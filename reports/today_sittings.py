"""Window sessions that wait for a person: own sittings, the hall's day, names and lists that are due."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Role
from accounts.models import User
from catalog.models import ServiceItem
from core import clock
from core.doors import Act, Text
from core.words import short_date
from core.workdays import Calendar
from issues import lights
from sessions.choices import OCCUPYING, SessionStatus
from sessions.models import WindowSession
from sessions.permissions import may
from sessions.weeks import Week
from sessions.workflow import WORKFLOW

AHEAD = timedelta(days=21)
LIMIT = 200
SHOWN = 8
PLANNED = [SessionStatus.DRAFT.value, SessionStatus.CONFIRMED.value]
COMING = [SessionStatus.CONFIRMED.value, SessionStatus.PUBLISHED.value]
NOW = [SessionStatus.PUBLISHED.value, SessionStatus.IN_PROGRESS.value]


@dataclass(frozen=True, slots=True)
class SittingRow:
    """One session as its group draws it; `light` of the day by which the name is due, if any."""

    sitting: Any
    acts: list[Act] = field(default_factory=list)
    light: lights.Light | None = None


@dataclass(frozen=True, slots=True)
class SittingGroup:
    name: str
    label: Text
    rows: list[SittingRow]
    count: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A week of a programme whose list has not gone out: how many are confirmed, how many still drafts."""

    programme: Any
    monday: date
    confirmed: int
    drafts: int

    @property
    def url(self) -> str:
        year, week, _day = self.monday.isocalendar()
        return f"{reverse('window_sessions:board', args=[self.programme.pk])}?week={year}-W{week:02}"


@dataclass(frozen=True, slots=True)
class Card:
    """Today's own session: what the phone shows first."""

    sitting: Any
    headline: str
    opens: time
    closes: time
    running: bool


def read(user: User, today: date) -> list[Any]:
    """Every session that may matter to this person today: one query."""
    grants = user.grants
    wanted = Q(director=user, status__in=OCCUPYING, date__gte=today)
    wanted |= Q(director=user, status__in=[SessionStatus.IN_PROGRESS, SessionStatus.AWAITING_FEEDBACK])
    halls = grants.halls(Role.HALL_ADMINISTRATOR, Role.GUIDE)
    here = Q(window__hall_id__in=halls)
    wanted |= here & Q(date=today)
    wanted |= here & Q(date__gt=today, date__lte=today + AHEAD, status__in=PLANNED)
    wanted |= here & Q(date__lt=today, status__in=NOW)
    departments = grants.departments(Role.LIAISON)
    ours = Q(host_department_id__in=departments) | Q(home_department_id__in=departments)
    wanted |= ours & Q(date__range=(today, today + AHEAD), status__in=[*COMING, SessionStatus.IN_PROGRESS])
    wanted |= Q(home_department_id__in=departments, date__gte=today, status=PLANNED[0])
    if grants.has(Role.REFORM_OFFICE, Role.AUDITOR):
        wanted |= Q(date=today)
    rows: QuerySet[Any] = WindowSession.objects.visible_to(user).with_people()
    return list(rows.filter(wanted).annotate(items=_items()).order_by("date", "half", "window__number")[:LIMIT])


def _items() -> Coalesce:
    """How many items of the handling list may be walked at this window."""
    near = Q(window=OuterRef("window")) | Q(department=OuterRef("host_department"))
    listed = ServiceItem.objects.filter(near, programmes=OuterRef("programme")).order_by()
    counted = listed.values("programmes").annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counted[:1]), 0)


def cards(rows: list[Any], user: User, today: date) -> list[Card]:
    """Own sessions of today that are on the list or running, and those that were left open on an earlier day."""
    mine = [row for row in rows if row.director_id == user.pk and row.status in NOW]
    return [_card(row, today) for row in mine if row.date == today or _left_open(row, today)]


def _left_open(row: Any, today: date) -> bool:
    return bool(row.date < today and row.status == SessionStatus.IN_PROGRESS)


def _card(row: Any, today: date) -> Card:
    opens, closes = row.window.hall.hours(row.half)
    running = row.status == SessionStatus.IN_PROGRESS
    if _left_open(row, today):
        headline = _("Not finished since %(day)s") % {"day": short_date(row.date, row.half)}
    else:
        headline = _headline(opens, closes, running)
    return Card(row, headline, opens, closes, running)


def _headline(opens: time, closes: time, running: bool) -> str:
    if running:
        return _("You are sitting now")
    now = localtime(clock.now())
    left = datetime.combine(now.date(), opens, now.tzinfo) - now
    if now.time() > closes:
        return _("Hours are over; it can still be started today")
    minutes = int(left.total_seconds() // 60)
    if minutes <= 0:
        return _("Your sitting may begin")
    if minutes < 120:
        return ngettext("Sitting in %(n)s minute", "Sitting in %(n)s minutes", minutes) % {"n": minutes}
    return _("Sitting today at %(time)s") % {"time": f"{opens:%H:%M}"}


def groups(rows: list[Any], user: User, calendar: Calendar, today: date) -> list[SittingGroup]:
    """The groups that hold something: what is asked of me, then the hall's day, then what is not settled."""
    staffed = user.grants.halls(Role.HALL_ADMINISTRATOR, Role.GUIDE)
    governed = user.grants.halls(Role.HALL_ADMINISTRATOR)
    ours = user.grants.departments(Role.LIAISON)
    run, plan = reverse("window_sessions:session_list"), PLANNED[0]
    kinds: list[tuple[str, Text, Callable[[Any], bool], tuple[str, ...]]] = [
        ("feedback", _("Feedback not handed in"), lambda r: _mine(r, user) and _is(r, "AWAITING_FEEDBACK"), ()),
        ("confirm", _("Sittings to confirm"), lambda r: _mine(r, user) and r.status == plan, ("decline", "confirm")),
        ("missed", _("Planned, but nobody sat"), lambda r: r.date < today and _in(r, governed, NOW[:1]), ("miss",)),
        ("left_open", _("Begun earlier, not finished"), lambda r: _left_open(r, today) and _in(r, staffed, NOW), ()),
        ("hall", _("In the hall today"), lambda r: r.date == today and _in(r, staffed, OCCUPYING[1:]), ()),
        (
            "names",
            _("Names not confirmed"),
            lambda r: r.date >= today and _in(r, governed, [plan]),
            ("substitute",),
        ),
        (
            "our_names",
            _("Our leaders have not confirmed"),
            lambda r: r.status == plan and r.home_department_id in ours,
            ("nominate",),
        ),
    ]
    found = []
    for name, label, belongs, actions in kinds:
        chosen = [row for row in rows if belongs(row)]
        drawn = [SittingRow(row, _acts(name, row, user, actions), _light(name, row, calendar, today)) for row in chosen]
        url = _names_due(chosen[0]) if name == "names" and chosen else run
        found.append(SittingGroup(name, label, drawn[:SHOWN], len(chosen), url))
    return [group for group in found if group.count]


def _names_due(row: Any) -> str:
    """Which departments owe names for the week of this session."""
    return f"{reverse('window_sessions:names_due', args=[row.programme_id])}?week={Week.of(row.date).key}"


def _mine(row: Any, user: User) -> bool:
    return bool(row.director_id == user.pk)


def _is(row: Any, state: str) -> bool:
    return bool(row.status == SessionStatus[state])


def _in(row: Any, halls: frozenset[int], states: list[str]) -> bool:
    return row.window.hall_id in halls and row.status in states


def _light(name: str, row: Any, calendar: Calendar, today: date) -> lights.Light | None:
    """Names are due some days ahead of the sitting, as the programme says."""
    if name not in {"confirm", "names", "our_names"}:
        return None
    return lights.date_light(row.date - timedelta(days=row.programme.days_ahead), calendar, today)


def _acts(name: str, row: Any, user: User, actions: tuple[str, ...]) -> list[Act]:
    if name == "feedback":
        return [_link("submit_feedback", "feedback", _("Fill in the feedback"), row)]
    if name in {"hall", "left_open"} and row.status in NOW and may(user, "start", row):
        label = _("Go on") if row.status == SessionStatus.IN_PROGRESS else _("Start the walk-through")
        return [_link("start", "run", label, row)]
    allowed = [action for action in actions if row.status in WORKFLOW[action].sources and may(user, action, row)]
    return [_link(action, action, WORKFLOW[action].label, row, action == actions[-1]) for action in allowed]


def _link(action: str, route: str, label: Text, row: Any, primary: bool = True) -> Act:
    return Act(action, label, reverse(f"window_sessions:{route}", args=[row.pk]), primary=primary)


def unpublished(rows: list[Any], user: User, today: date) -> list[Unpublished]:
    """Weeks ahead with sessions that no released list holds yet, for the halls this person administers."""
    halls = user.grants.halls(Role.HALL_ADMINISTRATOR)
    waiting = [r for r in rows if r.date >= today and r.announced and _in(r, halls, PLANNED)]
    counted = Counter((r.programme_id, r.date - timedelta(days=r.date.weekday()), r.status) for r in waiting)
    programmes = {r.programme_id: r.programme for r in waiting}
    weeks = sorted({(monday, pk) for pk, monday, _status in counted})
    return [
        Unpublished(
            programmes[pk],
            monday,
            counted[(pk, monday, SessionStatus.CONFIRMED.value)],
            counted[(pk, monday, SessionStatus.DRAFT.value)],
        )
        for monday, pk in weeks
    ]


def coming(rows: list[Any], user: User, today: date) -> list[Any]:
    """Own sessions after today that are settled."""
    return [r for r in rows if _mine(r, user) and r.date > today and r.status in COMING][:SHOWN]


def at_our_windows(rows: list[Any], user: User) -> list[Any]:
    """For a liaison: who comes to the department's windows, and where its own leaders go."""
    ours = user.grants.departments(Role.LIAISON)
    shown = [*COMING, SessionStatus.IN_PROGRESS.value]
    return [r for r in rows if {r.host_department_id, r.home_department_id} & ours and r.status in shown][:SHOWN]


def elsewhere(rows: list[Any], user: User, today: date) -> list[Any]:
    """Today's sessions of all halls, for those who look on: reform office and auditor."""
    if not user.grants.has(Role.REFORM_OFFICE, Role.AUDITOR):
        return []
    return [r for r in rows if r.date == today and r.status in OCCUPYING[1:]][:SHOWN]
