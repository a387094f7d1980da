"""Opening and closing a case, and the withdrawal of a citizen's consent."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import GuideRevision, ServiceItem, SimulationPack
from catalog.services import current_revision
from core import clock
from core.doors import StaleVersion, WrongState, lock
from sessions.choices import CaseSource, Consent
from sessions.drawing import mask_surname
from sessions.models import Draw, HandledCase, StepRun, WindowSession
from sessions.reading import items_to_walk
from sessions.services.acting import hold, record
from sessions.services.draws import forget_ticket


@transaction.atomic
def open_case(
    window_session: WindowSession,
    actor: User,
    *,
    item: ServiceItem,
    source: str,
    draw: Draw | None = None,
    surname: str = "",
    simulation_pack: SimulationPack | None = None,
    issue_number: str = "",
) -> HandledCase:
    """Open a case on the guide of this day; its steps are laid out in order and the first one starts.

    DRAWN needs a draw of this session whose holder agreed; only the ticket and the surname's first character are
    kept. SIMULATED takes the item's pack. Raises ValidationError for an item off the list, one without steps, or a
    source that does not hold.
    """
    row = hold(window_session, "open_case", actor)
    if not items_to_walk(row).filter(pk=item.pk).exists():
        raise ValidationError({"item": _("This item is not on the handling list of this session.")})
    revision = current_revision(item)
    if not revision.snapshot.get("steps"):
        raise ValidationError({"item": _("The guide of this item has no steps yet. Please choose another one.")})
    case = HandledCase(
        window_session=row,
        number=(row.cases.aggregate(last=Max("number"))["last"] or 0) + 1,
        item=item,
        guide_revision=revision,
        snapshot=revision.snapshot,
        purpose=row.purpose,
        issue_number=issue_number or row.issue_number,
        started_at=clock.now(),
        **_source_fields(row, item, source, lock(draw) if draw else None, surname, simulation_pack),
    )
    case.save()
    _lay_out_steps(case, revision)
    record(row, "open_case", actor, data={"case": case.number, "item": item.code, "source": str(source)})
    return case


def _source_fields(
    window_session: WindowSession,
    item: ServiceItem,
    source: str,
    draw: Draw | None,
    surname: str,
    pack: SimulationPack | None,
) -> dict[str, Any]:
    """What is kept of where the case comes from. Raises ValidationError when the source does not hold."""
    if source == CaseSource.SIMULATED:
        if pack is None or pack.item_id != item.pk:
            raise ValidationError({"source": _("This item has no simulated material. Please draw a citizen.")})
        return {"source": source, "simulation_pack": pack, "consent": Consent.NOT_NEEDED}
    if draw is None or draw.window_session_id != window_session.pk or not draw.agreed:
        raise ValidationError({"source": _("Please draw a ticket first and note that the person agrees.")})
    if draw.cases.exists():
        raise ValidationError({"source": _("This draw already has its case. Please draw again.")})
    return {
        "source": CaseSource.DRAWN,
        "draw": draw,
        "ticket_number": draw.agreed,
        "masked_surname": mask_surname(surname),
        "consent": Consent.YES,
    }


def _lay_out_steps(case: HandledCase, revision: GuideRevision) -> None:
    """Every step of the snapshot as a StepRun, numbered from 1; the first one runs."""
    steps = [
        StepRun(
            case=case,
            number=number,
            name=step["name"],
            place=step.get("place") or step.get("window") or "",
            expected_signatures=step.get("signatures") or 0,
            started_at=case.started_at if number == 1 else None,
        )
        for number, step in enumerate(revision.snapshot["steps"], start=1)
    ]
    StepRun.objects.bulk_create(steps)


def hold_case(case: HandledCase, action: str, actor: User) -> tuple[WindowSession, HandledCase]:
    """Session and case locked, in this order, for one act on the case."""
    row = hold(case.window_session, action, actor)
    return row, lock(case)


def _same(case: HandledCase, values: Mapping[str, Any]) -> bool:
    return all(getattr(case, name) == value for name, value in values.items())


@transaction.atomic
def save_note(case: HandledCase, actor: User, *, note: str, version: int | None = None) -> HandledCase:
    """Keep the note on an open case while it is written (autosave). Writes no event.

    Raises WrongState for a closed case, StaleVersion when somebody else has saved another note.
    """
    _row, locked = hold_case(case, "save_note", actor)
    if locked.ended_at is not None:
        raise WrongState(_("This case is closed. Its figures can no longer be changed."))
    if locked.note == note:
        return locked
    if version is not None and version != locked.version:
        raise _stale(locked, note)
    locked.note = note
    locked.version += 1
    locked.save(update_fields=["note", "version"])
    return locked


def _stale(case: HandledCase, note: str) -> StaleVersion:
    label = str(_("Note on the whole case"))
    message = _("Somebody has saved this case since you opened it.")
    return StaleVersion(message, current={label: case.note}, typed={label: note})


@transaction.atomic
def close_case(
    case: HandledCase,
    actor: User,
    *,
    waiting_minutes: int | None = None,
    trips: int | None = None,
    working_days: Decimal | None = None,
    note: str = "",
    version: int | None = None,
) -> HandledCase:
    """End a case whose every step has a result, with what the applicant went through. A repeat changes nothing.

    `waiting_minutes` are minutes, `trips` visits to the hall, `working_days` those until the result was in hand; each
    stays empty when nobody knows. Raises WrongState while a step is open, StaleVersion when the case has moved on.
    """
    row, locked = hold_case(case, "close_case", actor)
    values = {"waiting_minutes": waiting_minutes, "trips": trips, "working_days": working_days, "note": note}
    if locked.ended_at is not None:
        if _same(locked, values):
            return locked
        raise WrongState(_("This case is closed. Its figures can no longer be changed."))
    if version is not None and version != locked.version and locked.note != note:
        raise _stale(locked, note)
    missing = locked.steps.filter(result="").first()
    if missing is not None:
        raise WrongState(
            _("Step %(number)s %(name)s has no result yet. No step can be skipped.")
            % {"number": missing.number, "name": missing.name}
        )
    for name, value in values.items():
        setattr(locked, name, value)
    locked.ended_at = clock.now()
    locked.version += 1
    locked.save(update_fields=[*values, "ended_at", "version"])
    record(row, "close_case", actor, data={"case": locked.number, "trips": trips, "waiting_minutes": waiting_minutes})
    return locked


@transaction.atomic
def withdraw_consent(case: HandledCase, actor: User) -> HandledCase:
    """Erase ticket and surname from the case and from its draw; what was measured stays. A repeat changes nothing.

    A case still open ends here: nobody walks on with the matter of a person who no longer wants it.
    """
    row, locked = hold_case(case, "withdraw_consent", actor)
    if locked.consent == Consent.WITHDRAWN:
        return locked
    if locked.source != CaseSource.DRAWN:
        raise WrongState(_("This case was walked with simulated material: there is no consent to withdraw."))
    if locked.draw is not None:
        forget_ticket(locked.draw, locked.ticket_number)
    locked.ticket_number = locked.masked_surname = ""
    locked.consent = Consent.WITHDRAWN
    locked.ended_at = locked.ended_at or clock.now()
    locked.version += 1
    locked.save(update_fields=["ticket_number", "masked_surname", "consent", "ended_at", "version"])
    record(row, "withdraw_consent", actor, data={"case": locked.number})
    return locked
