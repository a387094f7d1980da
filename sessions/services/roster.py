"""Publishing a hall's week: one numbered release with frozen lines and its difference from the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Posting, User
from catalog.models import Hall
from core import clock, workdays
from core.doors import StaleVersion, lock, require
from core.notices import notify
from sessions import planning, rules
from sessions.choices import ENDED, SessionStatus
from sessions.models import Roster, WindowSession
from sessions.permissions import may
from sessions.posts import Person
from sessions.release_days import calendar_of, release_day, shut_days
from sessions.services.acting import hold, record
from sessions.weeks import Week

OUT = frozenset(
    {
        SessionStatus.PUBLISHED.value,
        SessionStatus.IN_PROGRESS.value,
        *ENDED,
        SessionStatus.MISSED.value,
    }
)
SAME = ("date", "half", "window", "director")

Line = dict[str, Any]


@dataclass
class Preview:
    """What publishing this week would do, shown before it is done."""

    hall: Hall
    monday: date
    last: Roster | None
    going_out: list[WindowSession] = field(default_factory=list)
    left_out: list[WindowSession] = field(default_factory=list)
    findings: list[rules.Finding] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    difference: list[Line] = field(default_factory=list)
    rows: list[WindowSession] = field(default_factory=list)
    """The week's sessions of the hall, in every state."""
    told: list[WindowSession] = field(default_factory=list)
    """The sessions whose directors get a notice: those that this release newly names or names differently."""
    due_on: date | None = None
    """The release day of the week; None when nobody works in it, or when it was not asked."""

    @property
    def number(self) -> int:
        """The number of the release to come."""
        return self.last.number + 1 if self.last else 1

    @property
    def blocks(self) -> list[rules.Finding]:
        return [finding for finding in self.findings if finding.blocks]

    @property
    def has_news(self) -> bool:
        """Whether publishing would do anything: say what the last release does not, or send somebody off."""
        return self.shows_news or bool(self.going_out)

    @property
    def shows_news(self) -> bool:
        """Whether the roster itself would change. Unannounced sessions go out without that."""
        return bool(self.difference) if self.last else bool(self.lines)

    @property
    def unannounced(self) -> list[WindowSession]:
        """Those that go out and stay off the roster until they have ended."""
        return [row for row in self.going_out if not row.announced]

    @property
    def told_by_person(self) -> list[tuple[str, list[WindowSession]]]:
        """Each person who gets notices, once, with all that the notices are about, in order of time."""
        told = sorted(self.told, key=lambda row: (row.date, row.half))
        people = {row.director_id: str(row.director) for row in told}
        return [(name, [row for row in told if row.director_id == pk]) for pk, name in people.items()]

    @property
    def overdue(self) -> bool:
        """The release day has come and nothing is out yet."""
        return self.last is None and self.due_on is not None and self.due_on <= clock.today()

    @property
    def counts(self) -> dict[str, int]:
        """How many lines were added, moved, cancelled or given to somebody else."""
        kinds = [row["kind"] for row in self.difference]
        return {kind: kinds.count(kind) for kind in ("added", "moved", "cancelled", "substituted")}


def latest_release(hall: Hall, monday: date) -> Roster | None:
    """The release in force for a hall's week."""
    year, week, _day = monday.isocalendar()
    return Roster.objects.filter(hall=hall, iso_year=year, iso_week=week).order_by("-number").first()


def in_order(line: Line) -> tuple[str, str, str, bool]:
    """Lines by day, half-day and window; a cancelled one stands above who came in its place."""
    return str(line["date"]), str(line["half"]), str(line["window"]), not line["cancelled"]


def compare(
    hall: Hall,
    monday: date,
    last: Roster | None,
    rows: Sequence[WindowSession],
    people: Mapping[int, Person],
) -> Preview:
    """What a release would hold and change, from the week's sessions of this hall; without a query."""
    found = Preview(hall, monday, last, rows=list(rows))
    found.going_out = [row for row in rows if row.status == SessionStatus.CONFIRMED]
    found.left_out = [row for row in rows if row.status == SessionStatus.DRAFT]
    out = [row for row in rows if _is_public(row)]
    before = {line["session"]: line for line in last.lines} if last else {}
    gone = [row for row in rows if row.status == SessionStatus.CANCELLED and row.pk in before]
    found.lines = [_line(row, people) for row in [*out, *gone]]
    found.lines.sort(key=in_order)
    reasons = {row.pk: row.reason for row in rows}
    found.difference = _difference(before, found.lines, reasons) if last else []
    changed = {row["line"]["session"] for row in found.difference if row["kind"] in {"moved", "substituted"}}
    found.told = [row for row in rows if row.status == SessionStatus.CONFIRMED or row.pk in changed]
    return found


def preview(hall: Hall, monday: date) -> Preview:
    """What a release of this week would hold now, and what the rules say of it. Reads only."""
    days = (monday, monday + timedelta(days=6))
    found = WindowSession.objects.filter(window__hall=hall, date__range=days).with_people()
    rows = list(found.select_related("window__department", "replaced_director"))
    ahead = [row for row in rows if _is_ahead(row)]
    plans = [planning.load(pk, *days, desks=False) for pk in sorted({row.programme_id for row in ahead})]
    shown = compare(hall, monday, latest_release(hall, monday), rows, _titles(rows, plans, monday))
    shown.findings = _findings(ahead, plans)
    weekdays = {row.programme.publication_weekday for row in rows if row.status != SessionStatus.CANCELLED}
    shown.due_on = release_day(monday, weekdays, _calendar(hall, monday, weekdays, plans))
    return shown


def _calendar(hall: Hall, monday: date, weekdays: set[int | None], plans: Sequence[planning.Plan]) -> workdays.Calendar:
    """The hall's working days: those the rules have read already, when the release day lies in the week itself."""
    if not plans or any(weekdays):
        return calendar_of(hall, monday)
    facts = plans[0].facts
    closed = [(day, half) for (pk, day), rows in facts.closures.items() if pk == hall.pk for half, _why in rows]
    return facts.calendar.closed(shut_days(hall, monday, monday + timedelta(days=6), closed))


def publish_week(
    hall: Hall,
    monday: date,
    actor: User,
    note: str = "",
    *,
    number: int | None = None,
    by_schedule: bool = False,
) -> Roster | None:
    """Release the hall's week: confirmed sessions are published, drafts stay out, those concerned are told.

    Returns None when only unannounced sessions went out: a new release number would give them away. `number` is the
    release that the page announced: when somebody was faster, StaleVersion (409). Raises ValidationError while a
    finding blocks, or when there is nothing new to say.
    """
    require(may(actor, "publish_week", hall))
    with transaction.atomic():
        lock(hall)
        found = preview(hall, monday)
        if number is not None and number != found.number:
            raise StaleVersion(
                _("Release %(number)s of week %(week)s of %(hall)s is already out.")
                % {"number": found.number - 1, "week": Week.of(monday).number, "hall": hall.name},
                back_url=f"{reverse('window_sessions:publish_week', args=[hall.pk])}?week={Week.of(monday).key}",
            )
        if found.blocks:
            raise ValidationError([finding.text for finding in found.blocks])
        if not found.has_news:
            raise ValidationError(_("Nothing has changed since the last release."))
        release = _write(found, actor, note, by_schedule=by_schedule) if found.shows_news else None
        data = {"release": release.number} if release else None
        for row in found.going_out:
            record(hold(row, "publish", actor), "publish", actor, data=data)
        _tell(found)
    return release


def _write(found: Preview, actor: User, note: str, *, by_schedule: bool) -> Roster:
    year, week, _day = found.monday.isocalendar()
    return Roster.objects.create(
        hall=found.hall,
        iso_year=year,
        iso_week=week,
        number=found.number,
        published_at=clock.now(),
        published_by=actor,
        lines=found.lines,
        difference=found.difference,
        note=note,
        by_schedule=by_schedule,
    )


def _is_public(row: WindowSession) -> bool:
    """Unannounced sessions appear in no roster until they have ended."""
    if not row.announced:
        return row.status in ENDED
    return row.status == SessionStatus.CONFIRMED or row.status in OUT


def _is_ahead(row: WindowSession) -> bool:
    """Going out, or out and still to come: what the rules are asked about."""
    return row.status == SessionStatus.CONFIRMED or (
        row.status == SessionStatus.PUBLISHED and row.date >= clock.today()
    )


def _titles(rows: Sequence[WindowSession], plans: Sequence[planning.Plan], monday: date) -> dict[int, Person]:
    """The people of these sessions as the roster names them: department and post."""
    known = {pk: person for plan in plans for pk, person in plan.people.items()}
    ids = {pk for row in rows for pk in (row.director_id, row.replaced_director_id) if pk is not None} - set(known)
    if not ids:
        return known
    postings = Posting.objects.current(monday).filter(user_id__in=ids).select_related("user", "department")
    return known | {posting.user_id: planning.person_of(posting) for posting in postings}


def _line(row: WindowSession, people: Mapping[int, Person]) -> Line:
    """One frozen line. No citizen data, and no reasons: those are for the hall."""
    person = people.get(row.director_id)
    former = people.get(row.replaced_director_id or 0)
    host = row.host_department
    return {
        "session": row.pk,
        "date": f"{row.date:%Y-%m-%d}",
        "half": row.half,
        "window": row.window.number,
        "window_name": row.window.name,
        "zone": row.window.zone.name,
        "floor": row.window.floor,
        "host": host.short_name if host else "",
        "host_en": host.name_en if host else "",
        "home": row.home_department.short_name if row.home_department else "",
        "home_en": row.home_department.name_en if row.home_department else "",
        "title": person.title if person else "",
        "director": row.director_id,
        "name": row.director.display_name,
        "rank": row.rank,
        "mode": row.mode,
        "former": former.chinese_label if former else "",
        "cancelled": row.status == SessionStatus.CANCELLED,
    }


def _difference(before: dict[int, Line], lines: list[Line], reasons: dict[int, str]) -> list[Line]:
    """What this release says that the last one did not: added, moved, cancelled, substituted, each with its reason."""
    found: list[Line] = []
    for line in lines:
        old = before.pop(line["session"], None)
        kind = _kind(old, line)
        if kind:
            reason = "" if kind == "added" else reasons.get(line["session"], "")
            found.append({"kind": kind, "line": line, "before": old, "reason": reason})
    gone = [old for old in before.values() if not old["cancelled"]]
    return found + [
        {"kind": "cancelled", "line": old, "before": old, "reason": reasons.get(old["session"], "")} for old in gone
    ]


def _kind(old: Line | None, line: Line) -> str:
    if old is None:
        return "added"
    if line["cancelled"]:
        return "" if old["cancelled"] else "cancelled"
    if old["director"] != line["director"]:
        return "substituted"
    return "" if all(old[name] == line[name] for name in SAME) else "moved"


def _findings(ahead: Sequence[WindowSession], plans: Sequence[planning.Plan]) -> list[rules.Finding]:
    """What the rules of each programme say of its sessions."""
    found: list[rules.Finding] = []
    for plan in plans:
        for row in ahead:
            person = plan.people.get(row.director_id)
            if row.programme_id == plan.programme.pk and person:
                found.extend(rules.judge(rules.standing(row, person), plan.facts))
    return found


def _tell(found: Preview) -> None:
    """Notices to those whom this release newly names or names differently, and to nobody else."""
    for row in found.told:
        out, quiet = (
            gettext_noop("The roster is out: you sit at %(window)s on %(day)s"),
            gettext_noop("You sit at %(window)s on %(day)s, unannounced"),
        )
        notify(
            [row.director],
            kind="roster",
            title=out if row.announced else quiet,
            url=reverse("window_sessions:session_detail", args=[row.pk]),
            params={"window": row.window.number, "day": f"{row.date:%Y-%m-%d}", "half": row.half},
        )
