"""What the detail page of an issue draws: path of states, limits, holders, conditions, acts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import User
from core import clock, shapes
from core.doors import Act
from core.words import short_date, stamp
from core.workdays import Calendar
from issues import lights
from issues.acts import acts_for
from issues.choices import ClockKind, IssueStatus
from issues.conditions import last_rectification, open_tasks, passed_verification
from issues.models import Clock, Issue, IssueEvent
from issues.permissions import of_lead_department
from issues.reading import Dossier
from issues.tiles import Tile
from issues.timeline import ICONS
from issues.workflow import WORKFLOW
from sessions.choices import ENDED as SESSION_ENDED
from sessions.models import WindowSession

PATH = [
    IssueStatus.REGISTERED,
    IssueStatus.ASSIGNED,
    IssueStatus.RECTIFYING,
    IssueStatus.AWAITING_VERIFICATION,
    IssueStatus.CLOSED,
]
LIMIT_OF = {
    IssueStatus.ASSIGNED: ClockKind.ACKNOWLEDGE,
    IssueStatus.RECTIFYING: ClockKind.RECTIFY,
    IssueStatus.SUSPENDED: ClockKind.RECTIFY,
    IssueStatus.AWAITING_VERIFICATION: ClockKind.VERIFY,
}
WITH_LEAD = {IssueStatus.ASSIGNED, IssueStatus.RECTIFYING}
ENDED = {IssueStatus.CLOSED, IssueStatus.REJECTED, IssueStatus.MERGED}


@dataclass(frozen=True, slots=True)
class PlannedWalk:
    """A re-walk planned since the last handing in, as its event says it."""

    session: int
    walker: str
    window: str
    openable: bool


def secret_walks(issue: Issue, user: User) -> frozenset[int]:
    """The planned re-walks (keys of sessions) that come unannounced to this reader: the lead's, until they ended."""
    planned = {event.data["session"] for event in issue.events.all() if event.action == "plan_re_walk"}
    if not planned or user.grants.has(Role.REFORM_OFFICE, Role.AUDITOR) or not of_lead_department(user, issue):
        return frozenset()
    over = WindowSession.objects.filter(pk__in=planned, status__in=SESSION_ENDED).values_list("pk", flat=True)
    return frozenset(planned.difference(over))


def planned_walks(issue: Issue, user: User, secret: frozenset[int]) -> list[PlannedWalk]:
    """The re-walks that were planned for this state, while it lasts, without the `secret` ones.

    A link to the walk is for those who see the session.
    """
    if issue.status != IssueStatus.AWAITING_VERIFICATION:
        return []
    handed_in = last_rectification(issue)
    since = handed_in.submitted_at if handed_in else issue.registered_at
    events = [event for event in issue.events.all() if event.action == "plan_re_walk" and event.at >= since]
    shown = [event.data for event in events if event.data["session"] not in secret]
    keys = {data["session"] for data in shown}
    seen = WindowSession.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)
    openable = keys if user.grants.has(Role.REFORM_OFFICE, Role.AUDITOR) or not keys else set(seen)
    return [PlannedWalk(data["session"], data["walker"], data["window"], data["session"] in openable) for data in shown]


def path(dossier: Dossier) -> list[dict[str, Any]]:
    """The nodes across the page: what was passed with date and actor, where it stands, what comes."""
    issue = dossier.issue
    states = _path_of(IssueStatus(issue.status))
    position = states.index(IssueStatus(issue.status))
    limits = {row.kind: row for row in issue.clocks.all() if row.round == issue.round}
    return [
        {
            "label": state.label,
            "icon": shapes.ISSUE_STATES[state.value.upper()][1],
            "state": _reached(at, position, ended=issue.status in ENDED),
            "here": at == position,
            "text": _entered(dossier.events, state) if at <= position else "",
            "light": _light_of(limits.get(LIMIT_OF.get(state, "")), dossier.calendar) if at <= position else None,
        }
        for at, state in enumerate(states)
    ]


def _reached(at: int, position: int, *, ended: bool) -> str:
    if at == position:
        return "done" if ended else "now"
    return "done" if at < position else "next"


def _path_of(status: IssueStatus) -> list[IssueStatus]:
    if status in (IssueStatus.REJECTED, IssueStatus.MERGED):
        return [IssueStatus.REGISTERED, status]
    if status == IssueStatus.SUSPENDED:
        return [status if state == IssueStatus.RECTIFYING else state for state in PATH]
    return PATH


def _entered(events: Sequence[IssueEvent], state: IssueStatus) -> str:
    found = [event for event in events if event.to_state == state and event.from_state != state]
    if not found:
        return ""
    event = found[-1]
    return f"{timezone.localdate(event.at):%m-%d} {event.actor_label}"


def _light_of(limit: Clock | None, calendar: Calendar) -> lights.Light | None:
    return lights.light(limit, calendar, clock.today()) if limit else None


@dataclass(frozen=True, slots=True)
class Line:
    """One limit as the clock component draws it."""

    name: Any
    light: lights.Light
    dates: list[date]
    extension_dates: list[date]
    due_on: date
    skipped: str
    note: str
    round: int


def clock_lines(dossier: Dossier) -> list[Line]:
    """The limits of all rounds in the order they were set, with the working days behind each."""
    limits = sorted(dossier.issue.clocks.all(), key=lambda row: row.pk)
    return [_line(row, dossier.calendar) for row in limits]


def _line(row: Clock, calendar: Calendar) -> Line:
    found = lights.clock_sum(row, calendar)
    skipped = [
        _("%(day)s %(name)s not counted") % {"day": f"{gap.first:%m-%d}", "name": gap.name} for gap in found.skipped
    ]
    return Line(
        name=row.get_kind_display(),
        light=lights.light(row, calendar, clock.today()),
        dates=[*found.counted, *found.paused],
        extension_dates=found.extended,
        due_on=row.due_on,
        skipped=_("; ").join(skipped),
        note=_stopped(row),
        round=row.round,
    )


def limits(dossier: Dossier) -> dict[str, Any]:
    """The limits, the light of the running one, and the years not announced yet into which one reaches."""
    issue, calendar = dossier.issue, dossier.calendar
    running = [row.due_on for row in issue.clocks.all() if row.stopped_at is None]
    return {
        "clocks": clock_lines(dossier),
        "light": lights.issue_light(issue, calendar, clock.today()),
        "provisional": calendar.provisional_between(clock.today(), max(running)) if running else (),
    }


def _stopped(row: Clock) -> str:
    if row.stopped_at is None:
        return _("due %(day)s") % {"day": short_date(row.due_on)}
    facts = {"day": short_date(row.due_on), "moment": stamp(row.stopped_at)}
    return _("due %(day)s, stopped %(moment)s") % facts


@dataclass(slots=True)
class Holder:
    """Who had the issue in hand, how many working days, and whether now."""

    name: str
    days: int
    lead: bool
    now: bool = False
    bar: int = 0


def holders(dossier: Dossier) -> list[Holder]:
    """Everybody who had the issue in hand, in order; days are working days, computed from the ledger."""
    turns = _turns(dossier)
    today = clock.today()
    stops = [start for start, _name, _lead in turns[1:]] + [today]
    found: list[Holder] = []
    for (start, name, lead), end in zip(turns, stops, strict=False):
        if not name:
            continue
        days = max(0, dossier.calendar.between(start, end))
        if found and found[-1].name == name:
            found[-1].days += days
        else:
            found.append(Holder(name, days, lead))
    if found and dossier.issue.status not in ENDED:
        found[-1].now = True
    longest = max((holder.days for holder in found), default=0) or 1
    for holder in found:
        holder.bar = max(2, round(100 * holder.days / longest))
    return found


def _turns(dossier: Dossier) -> list[tuple[date, str, bool]]:
    """(from which day, who, whether as lead) for every change of state; nobody once it has ended."""
    lead, turns = "", []
    for event in dossier.events:
        code = str(event.data.get("lead") or (event.data.get("to") if event.to_state else "") or "")
        found = dossier.departments.get(code)
        lead = found.label if found else lead
        if not event.to_state:
            continue
        day = timezone.localdate(event.at)
        if event.to_state in ENDED:
            turns.append((day, "", False))
        elif event.to_state in WITH_LEAD:
            turns.append((day, lead or str(dossier.issue.lead_department or ""), True))
        else:
            turns.append((day, _("Reform office"), False))
    return turns


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of the way to close-out: met, still open, or worth a look."""

    mark: str
    text: str

    @property
    def icon(self) -> str:
        return {"yes": "check-lg", "warn": "exclamation-triangle", "no": "dash-lg"}[self.mark]


def checks(issue: Issue, pictures: Sequence[Tile]) -> list[Check]:
    """What close-out waits for, while the work is under way."""
    if issue.status not in (IssueStatus.RECTIFYING, IssueStatus.AWAITING_VERIFICATION):
        return []
    done = last_rectification(issue)
    measures = len(done.measures) if done else 0
    evidence = sum(tile.after and tile.picture.round == issue.round for tile in pictures)
    evidence += bool(done and done.evidence_note)
    lines = [
        Check(
            "yes" if measures and evidence else "no",
            _("%(measures)d measures, %(evidence)d pieces of evidence") % {"measures": measures, "evidence": evidence},
        )
    ]
    tasks = [task for task in issue.tasks.all() if task.round == issue.round]
    if tasks:
        left = len(open_tasks(issue))
        facts = {"done": len(tasks) - left, "all": len(tasks)}
        lines.append(Check("no" if left else "yes", _("%(done)d / %(all)d tasks of others done") % facts))
    if issue.status == IssueStatus.AWAITING_VERIFICATION:
        passed = passed_verification(issue) is not None
        text = _("Verified by somebody neutral: passed") if passed else _("No passed verification yet")
        lines.append(Check("yes" if passed else "no", text))
    unchecked = sum(tile.unchecked for tile in pictures)
    if unchecked:
        text = _("%(n)d pictures to be checked, they will not be printed") % {"n": unchecked}
        lines.append(Check("warn", text))
    return lines


@dataclass(frozen=True, slots=True)
class Button:
    """An act with its icon."""

    act: Act
    icon: str
    danger: bool = False


@dataclass(slots=True)
class Acts:
    """The acts of this reader, as the side panel groups them."""

    primary: Button | None = None
    moving: list[Button] = field(default_factory=list)
    recorded: list[Button] = field(default_factory=list)
    refused: list[Button] = field(default_factory=list)
    later: list[Button] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether something can be done now."""
        return bool(self.primary or self.moving or self.recorded)


DANGER = {"reject", "send_back", "return_for_rework"}


def acts(issue: Issue, user: User) -> Acts:
    """Primary, those that move the issue, those that are recorded, the refused ones with their reasons."""
    found = Acts()
    for act in acts_for(issue, user):
        row = WORKFLOW[act.action]
        button = Button(act, ICONS.get(act.action, "chevron-right"), act.action in DANGER)
        if act.primary:
            found.primary = button
        elif act.verdict:
            (found.moving if row.target else found.recorded).append(button)
        else:
            (found.refused if issue.status in row.sources else found.later).append(button)
    return found


def role_name(user: User) -> str:
    """In which role the reader acts here."""
    held = [role.label for role in Role if role in user.grants.roles]
    return str(held[0]) if held else ""
