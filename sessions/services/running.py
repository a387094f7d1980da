"""Start and finish of a session, and the re-walk that is planned on the spot."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import Department, User
from catalog.choices import Half
from catalog.models import Hall, ServiceItem, Window
from core import clock, ledger
from core.doors import WrongState, require
from core.words import long_date
from sessions.choices import Mode, Purpose, SessionStatus
from sessions.models import Programme, SessionEvent, WindowSession
from sessions.permissions import may
from sessions.services.acting import hold, record
from sessions.services.feedback import ensure_feedback


def why_not_start(window_session: WindowSession) -> str:
    """The reason why a published session cannot start today, or an empty text. A session starts on its own day."""
    today, day = clock.today(), long_date(window_session.date, window_session.half)
    if window_session.date > today:
        return _("This session is on %(date)s. It can start on that day.") % {"date": day}
    if window_session.date < today:
        return _("This session was on %(date)s and did not start. The hall marks it as missed or plans a new one.") % {
            "date": day
        }
    return ""


@transaction.atomic
def start(window_session: WindowSession, actor: User) -> WindowSession:
    """Start a published session on its day. A second start of a running session changes nothing.

    Raises WrongState on another day or from another state, PermissionDenied for those who do not run it.
    """
    if WindowSession.objects.filter(pk=window_session.pk, status=SessionStatus.IN_PROGRESS).exists():
        require(may(actor, "start", window_session))
        return window_session
    row = hold(window_session, "start", actor)
    if reason := why_not_start(row):
        raise WrongState(reason)
    row.started_at = clock.now()
    record(row, "start", actor, fields=("started_at",))
    return row


def open_cases(window_session: WindowSession) -> list[int]:
    """The numbers of the cases that still run."""
    return list(window_session.cases.filter(ended_at__isnull=True).values_list("number", flat=True))


@transaction.atomic
def finish(window_session: WindowSession, actor: User) -> WindowSession:
    """End the session and open its feedback form, prefilled from the run. Raises WrongState while a case is open."""
    row = hold(window_session, "finish", actor)
    if running := open_cases(row):
        raise WrongState(
            _("Case %(numbers)s is still open. Please give every step a result and close it, then finish.")
            % {"numbers": ", ".join(map(str, running))}
        )
    row.finished_at = clock.now()
    record(row, "finish", actor, data={"cases": row.cases.count()}, fields=("finished_at",))
    ensure_feedback(row)
    return row


def half_now(hall: Hall) -> str:
    """The half-day that runs now at this hall: the morning until it closes, the afternoon afterwards."""
    return Half.AM if timezone.localtime(clock.now()).time() <= hall.am_closes else Half.PM


def _programme_for(hall: Hall) -> Programme:
    programme: Programme | None = (
        Programme.objects.filter(halls=hall, starts_on__lte=clock.today()).order_by("-starts_on").first()
    )
    if programme is None:
        raise WrongState(_("This hall has no programme yet. Please create one, then plan the re-walk."))
    return programme


def _home_of(director: User) -> tuple[Department | None, str]:
    """Department and rank of today; who leads none has no rank, and an experience officer needs no department."""
    posting = director.postings.current(clock.today()).select_related("department").first()
    if posting is not None:
        return posting.department, posting.rank
    if director.department is None and not director.grants.has(Role.EXPERIENCE_OFFICER):
        raise WrongState(_("This person belongs to no department. Please choose somebody who does."))
    return director.department, ""


@transaction.atomic
def plan_on_the_spot(
    actor: User,
    director: User,
    window: Window,
    issue_number: str,
    *,
    item: ServiceItem | None = None,
    programme: Programme | None = None,
    half: str = "",
) -> WindowSession:
    """A session of purpose VERIFICATION for today, published at once and on no roster: the re-walk of an issue.

    The director walks it as an applicant, so the own department is no obstacle; who may verify which issue is for
    `issues` to judge. Raises WrongState when the person or the window already sits in this half-day.
    """
    require(may(actor, "plan_on_the_spot", window))
    home, rank = _home_of(director)
    fields: dict[str, Any] = {
        "programme": programme or _programme_for(window.hall),
        "director": director,
        "rank": rank,
        "home_department": home,
        "window": window,
        "host_department": window.department,
        "date": clock.today(),
        "half": half or half_now(window.hall),
        "mode": Mode.APPLICANT,
        "purpose": Purpose.VERIFICATION,
        "cross_department": False,
        "announced": False,
        "issue_number": issue_number,
        "item": item,
    }
    row = _insert(fields)
    entry = ledger.Entry(
        action="plan_on_the_spot", actor=actor, to_state=row.status, data={"issue": issue_number, "half": row.half}
    )
    ledger.append(SessionEvent, row, entry)
    row.save(update_fields=["version", "ledger_head"])
    return row


def _insert(fields: dict[str, Any]) -> WindowSession:
    try:
        with transaction.atomic():
            return WindowSession.objects.create(**fields, status=SessionStatus.PUBLISHED)
    except IntegrityError as error:
        taken = WindowSession.objects.occupying().filter(date=fields["date"], half=fields["half"])
        other = taken.filter(window=fields["window"]).first() or taken.filter(director=fields["director"]).first()
        if other is None:
            raise
        raise WrongState(
            _("%(who)s already sits at window %(window)s in this half-day. Please choose another window or person.")
            % {"who": other.director.display_name, "window": other.window.number}
        ) from error
