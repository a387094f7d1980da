"""Placing, moving, confirming, declining, substituting, cancelling and missing a window session."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.choices import Role
from accounts.models import Posting, User
from catalog.models import Hall, Window
from core.doors import Conflict, StaleVersion, lock, require
from core.notices import notify
from core.words import long_date, stamp
from sessions import planning, rules, visits
from sessions.choices import OCCUPYING, Purpose, RuleName, SessionStatus
from sessions.models import Programme, SessionEvent, WindowSession
from sessions.permissions import may
from sessions.posts import Person
from sessions.services.acting import hold, record
from sessions.weeks import Week

ONCE_PER_HALF_DAY = {"director_once_per_half_day": "director_id", "window_once_per_half_day": "window_id"}
"""The constraints that make a double booking impossible, each with the column of who or what is booked."""


def judge(placement: rules.Placement, programme: Programme) -> list[rules.Finding]:
    """What the rules say of a placement in this programme; the facts are read now."""
    plan = planning.load(programme.pk, placement.date, placement.date)
    return rules.judge(placement, plan.facts)


def person_on(director: User, day: date, known: planning.Known | None = None) -> Person:
    """The director with rank and department of that day. Raises ValidationError for who leads no department."""
    person = known.person_on(director.pk, day) if known else _read_person(director, day)
    if person is None:
        raise ValidationError(_("%(who)s leads no department on that day.") % {"who": director.display_name})
    return person


def _read_person(director: User, day: date) -> Person | None:
    posting = Posting.objects.current(day).filter(user=director).select_related("user", "department").first()
    return planning.person_of(posting) if posting else None


def place(
    programme: Programme,
    director: User,
    window: Window,
    date: date,
    half: str,
    actor: User,
    *,
    mode: str = "",
    purpose: str = Purpose.WALK,
    known: planning.Known | None = None,
) -> WindowSession:
    """Put a director on a window for a half-day, as a draft that the director is asked to confirm.

    `known` spares a run of placements in one transaction from reading the same facts for each.
    Raises PermissionDenied; ValidationError with every blocking finding; Conflict when the window or the director
    has been taken, naming who and when.
    """
    require(may(actor, "place", window))
    person = person_on(director, date, known)
    placement = rules.Placement(person=person, window=window, date=date, half=half, mode=mode or programme.default_mode)
    findings = _passed(rules.judge(placement, known.plan.facts) if known else judge(placement, programme))
    row = _unwritten(programme, director, placement)
    row.purpose = purpose

    def write() -> None:
        row.status = SessionStatus.DRAFT
        row.save()
        row.status = ""
        record(row, "place", actor, data=_cell(row) | _warned(findings))
        _ask(row)

    _book(placement, write)
    if known:
        known.plan.facts.add(row)
    return row


def place_visit(
    programme: Programme, director: User, window: Window, date: date, half: str, actor: User, *, mode: str = ""
) -> list[WindowSession]:
    """Place as many half-days in a row at one window as the programme wants of a visit, all of them or none.

    Raises like `place`, and ValidationError when the window is not open often enough up to the end of the week.
    """
    wanted = programme.half_days_per_visit
    slots = [(date, half)]
    if wanted > 1:
        slots = visits.half_days(window, date, half, planning.load(programme.pk, date, Week.of(date).sunday).facts)
    if len(slots) < wanted:
        raise ValidationError(visits.too_short(window, wanted, len(slots)))
    with transaction.atomic():
        return [place(programme, director, window, day, part, actor, mode=mode) for day, part in slots]


def _unwritten(programme: Programme, director: User, placement: rules.Placement) -> WindowSession:
    """The session of a placement, with the snapshots of this day, before anything is written."""
    return WindowSession(
        programme=programme,
        director=director,
        rank=placement.person.rank,
        home_department_id=placement.person.department_id,
        window=placement.window,
        host_department=placement.window.department,
        date=placement.date,
        half=placement.half,
        mode=placement.mode,
        cross_department=rules.crosses_departments(programme),
        announced=programme.announced,
        status="",
    )


def move(
    window_session: WindowSession,
    window: Window,
    date: date,
    half: str,
    actor: User,
    *,
    version: int | None = None,
    reason: str = "",
) -> WindowSession:
    """Put a draft or confirmed session somewhere else; it becomes a draft that must be confirmed anew."""

    def write() -> None:
        row = _held(window_session, "move", actor, version)
        require(may(actor, "move", window))
        held.append(row)
        before = _cell(row)
        # Judged and kept with rank and department of the new day: the director may have changed departments between.
        person = person_on(row.director, date)
        target = replace(rules.standing(row, person), window=window, date=date, half=half, standing=False)
        placements.append(target)
        findings = _passed(judge(target, row.programme))
        row.window, row.host_department, row.date, row.half = window, window.department, date, half
        row.rank, row.home_department_id = person.rank, person.department_id
        fields = ("window", "host_department", "date", "half", "rank", "home_department")
        record(row, "move", actor, note=reason, data={"before": before} | _cell(row) | _warned(findings), fields=fields)
        _ask(row)

    held: list[WindowSession] = []
    placements: list[rules.Placement] = []
    _book(placements, write)
    return held[0]


def substitute(
    window_session: WindowSession, director: User, reason: str, actor: User, *, version: int | None = None
) -> WindowSession:
    """Send somebody else to the same window and half-day; the row stays, names both and keeps its state.

    The rules judge the new person again, rank and own department included. Raises like `place`.
    """
    _need(reason)
    return exchange(window_session, "substitute", director, reason, actor, version=version)


def exchange(
    window_session: WindowSession,
    action: str,
    director: User,
    reason: str,
    actor: User,
    *,
    version: int | None = None,
) -> WindowSession:
    """Let somebody else sit there, by one of the acts that do so; a substitute keeps the name of whom they replace."""

    def write() -> None:
        row = _held(window_session, action, actor, version)
        held.append(row)
        if row.director_id == director.pk:
            raise ValidationError({"director": _("This person sits there already. Please choose somebody else.")})
        former = row.director
        person = person_on(director, row.date)
        # Judged for the new person only: the former one may lead no department any more.
        target = replace(rules.standing(row, person), standing=False, replaces_rank=row.rank)
        placements.append(target)
        findings = _passed(judge(target, row.programme))
        if action == "substitute":
            row.replaced_director = former
        row.director, row.rank = director, person.rank
        row.home_department_id, row.reason = person.department_id, reason
        data = {"former": former.display_name, "now": director.display_name} | _warned(findings)
        fields = ("replaced_director", "director", "rank", "home_department", "reason")
        record(row, action, actor, note=reason, data=data, fields=fields)
        _tell([former], row, gettext_noop("Somebody else takes your sitting at %(window)s on %(day)s"), reason)
        _ask(row)

    held: list[WindowSession] = []
    placements: list[rules.Placement] = []
    _book(placements, write)
    return held[0]


@transaction.atomic
def confirm(window_session: WindowSession, actor: User, *, version: int | None = None) -> WindowSession:
    """The director will come."""
    row = _held(window_session, "confirm", actor, version)
    record(row, "confirm", actor)
    return row


@transaction.atomic
def confirm_for(
    window_session: WindowSession, reason: str, actor: User, *, version: int | None = None
) -> WindowSession:
    """Note that the director has agreed in another way, such as by the department's list; the director is told."""
    _need(reason)
    row = _held(window_session, "confirm_for", actor, version)
    record(row, "confirm_for", actor, note=reason)
    _tell([row.director], row, gettext_noop("Your sitting at %(window)s on %(day)s is noted as confirmed"), reason)
    return row


@transaction.atomic
def decline(window_session: WindowSession, reason: str, actor: User, *, version: int | None = None) -> WindowSession:
    """The director cannot come; the hall's administrators are told and the place is free again."""
    _need(reason)
    row = _held(window_session, "decline", actor, version)
    row.reason = reason
    record(row, "decline", actor, note=reason, fields=("reason",))
    title = gettext_noop("%(who)s cannot come to %(window)s on %(day)s")
    _tell(administrators(row.window.hall), row, title, reason)
    return row


@transaction.atomic
def cancel(window_session: WindowSession, reason: str, actor: User, *, version: int | None = None) -> WindowSession:
    """Call a session off before it starts; the director is told why."""
    _need(reason)
    row = _held(window_session, "cancel", actor, version)
    row.reason = reason
    record(row, "cancel", actor, note=reason, fields=("reason",))
    _tell([row.director], row, gettext_noop("Your sitting at %(window)s on %(day)s is cancelled"), reason)
    return row


@transaction.atomic
def miss(window_session: WindowSession, actor: User, *, note: str = "", version: int | None = None) -> WindowSession:
    """The director did not come. Nothing else is touched; the visit does not count."""
    row = _held(window_session, "miss", actor, version)
    record(row, "miss", actor, note=note)
    return row


def administrators(hall: Hall) -> Sequence[User]:
    """Who administers a hall."""
    return list(User.objects.filter(role_grants__role=Role.HALL_ADMINISTRATOR, role_grants__hall=hall).distinct())


def _held(window_session: WindowSession, action: str, actor: User, version: int | None) -> WindowSession:
    """The session locked for this act. A version from an older page raises StaleVersion (409)."""
    if version is not None:
        row = lock(window_session)
        if version != row.version:
            raise StaleVersion(_("This session has changed since you opened the page."), current=_as_it_is(row))
    return hold(window_session, action, actor)


def _as_it_is(row: WindowSession) -> dict[str, str]:
    """Where a session stands now, and who changed it last: what somebody with an older page has to know."""
    last = SessionEvent.objects.filter(window_session=row).order_by("-pk").first()
    now = {
        _("Window"): f"{row.window.number} {row.window.name}",
        _("When"): long_date(row.date, row.half),
        _("Director"): row.director.display_name,
        _("State"): row.get_status_display(),
    }
    if last:
        now[_("Last changed by")] = f"{last.actor_label} {stamp(last.at)}"
    return now


def _need(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Please say why; the people concerned will read it.")})


def _passed(findings: list[rules.Finding]) -> list[rules.Finding]:
    """The findings when none blocks. A double booking is a Conflict, everything else a ValidationError."""
    taken = [finding.text for finding in findings if finding.rule == RuleName.DOUBLE_BOOKING]
    if taken:
        raise Conflict(" ".join(taken))
    if any(finding.blocks for finding in findings):
        raise ValidationError([finding.text for finding in findings if finding.blocks])
    return findings


def _warned(findings: list[rules.Finding]) -> dict[str, Any]:
    return {"warnings": [finding.rule for finding in findings]} if findings else {}


def _cell(row: WindowSession) -> dict[str, Any]:
    return {"window": row.window.number, "date": row.date, "half": row.half, "director": row.director.display_name}


def _book(placement: rules.Placement | list[rules.Placement], write: Callable[[], None]) -> None:
    """Run `write` in a transaction; when another booking was faster, say who holds the place.

    The two conditional unique constraints decide between two administrators at one moment; whatever else the
    database refuses is an error and stays one.
    """
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        wanted = placement if isinstance(placement, rules.Placement) else next(reversed(placement), None)
        if wanted is None or not _booked_twice(error):
            raise
        raise Conflict(_holder_text(wanted)) from error


def _booked_twice(error: IntegrityError) -> bool:
    """Whether one of the two half-day constraints refused: PostgreSQL names it, SQLite names its columns."""
    table, text = WindowSession._meta.db_table, str(error)
    columns = [f"{table}.{who}, {table}.date, {table}.half" for who in ONCE_PER_HALF_DAY.values()]
    return any(mark in text for mark in (*ONCE_PER_HALF_DAY, *columns))


def _holder_text(p: rules.Placement) -> str:
    """Who holds the window or the director in that half-day."""
    rows = WindowSession.objects.filter(date=p.date, half=p.half, status__in=OCCUPYING).exclude(pk=p.session_id)
    held = rows.filter(window=p.window).select_related("director").first()
    if held:
        text = _("%(window)s was taken a moment ago on %(when)s for %(who)s. Please choose another place.")
        return text % {"window": p.window.number, "when": p.when, "who": held.director.display_name}
    text = _("%(who)s was placed elsewhere on %(when)s a moment ago. Please choose another half-day.")
    return text % {"when": p.when, "who": p.person.label}


def _ask(row: WindowSession) -> None:
    """Ask the director of a draft to confirm."""
    if row.status == SessionStatus.DRAFT:
        _tell([row.director], row, gettext_noop("Please confirm your sitting at %(window)s on %(day)s"))
    else:
        _tell([row.director], row, gettext_noop("You sit at %(window)s on %(day)s"), row.reason)


def _tell(people: Sequence[User], row: WindowSession, title: str, text: str = "") -> None:
    notify(
        people,
        kind="session",
        title=title,
        url=reverse("window_sessions:session_detail", args=[row.pk]),
        text=text,
        params={"window": row.window.number, "day": f"{row.date:%Y-%m-%d}", "half": row.half}
        | {"who": row.director.display_name},
    )
