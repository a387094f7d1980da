"""The steps of a case: in order, each with a result; none can be skipped."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.doors import StaleVersion, WrongState, lock
from sessions.choices import StepResult
from sessions.models import HandledCase, StepRun, WindowSession
from sessions.services.acting import record
from sessions.services.cases import hold_case

DRAFT = ("documents_asked", "signatures", "note")


def _hold_step(step_run: StepRun, action: str, actor: User) -> tuple[WindowSession, HandledCase, StepRun]:
    row, case = hold_case(step_run.case, action, actor)
    return row, case, lock(step_run)


def _draft(documents_asked: int, signatures: int, note: str) -> dict[str, Any]:
    return {"documents_asked": documents_asked, "signatures": signatures, "note": note}


def _readable(values: dict[str, Any]) -> dict[str, str]:
    """The step's values by the words of the page, for the 409 page."""
    return {str(StepRun._meta.get_field(name).verbose_name): str(value) for name, value in values.items()}  # type: ignore[union-attr]


def _check_running(case: HandledCase, step: StepRun) -> None:
    """Raises WrongState unless this very step is the one that runs."""
    if case.ended_at is not None:
        raise WrongState(_("This case is closed. Its figures can no longer be changed."))
    if step.result:
        raise WrongState(
            _("Step %(number)s has its result already: %(result)s.")
            % {"number": step.number, "result": step.get_result_display()}
        )
    if step.started_at is None:
        raise WrongState(
            _("Step %(number)s waits for the one before it. No step can be skipped.") % {"number": step.number}
        )


def _check_version(step: StepRun, version: int | None, typed: dict[str, Any]) -> None:
    if version is not None and version != step.version:
        current = {name: getattr(step, name) for name in DRAFT}
        if current != typed:
            raise StaleVersion(
                _("Somebody has saved this step since you opened it."),
                current=_readable(current),
                typed=_readable(typed),
            )


def _write(step: StepRun, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(step, name, value)
    step.version += 1
    step.save(update_fields=[*values, "version"])


def _start_next(step: StepRun) -> None:
    following = step.case.steps.filter(number=step.number + 1).first()
    if following is not None:
        _write(following, {"started_at": step.ended_at})


@transaction.atomic
def save_step(
    step_run: StepRun,
    actor: User,
    *,
    documents_asked: int = 0,
    signatures: int = 0,
    note: str = "",
    version: int | None = None,
) -> StepRun:
    """Keep counters and note of the running step while it goes on (autosave). Writes no event.

    Raises WrongState for a step that does not run, StaleVersion when somebody else has saved other values.
    """
    _row, case, step = _hold_step(step_run, "save_step", actor)
    values = _draft(documents_asked, signatures, note)
    _check_running(case, step)
    _check_version(step, version, values)
    _write(step, values)
    return step


@transaction.atomic
def complete_step(
    step_run: StepRun,
    actor: User,
    *,
    documents_asked: int = 0,
    signatures: int = 0,
    note: str = "",
    version: int | None = None,
) -> StepRun:
    """The running step is passed and the next one starts. A repeat of the same changes nothing.

    Raises WrongState for a step that does not run, StaleVersion when it was completed or saved with other values.
    """
    row, case, step = _hold_step(step_run, "complete_step", actor)
    values = _draft(documents_asked, signatures, note)
    if step.result == StepResult.OK:
        _check_version(step, -1, values)
        return step
    _check_running(case, step)
    _check_version(step, version, values)
    _write(step, values | {"ended_at": clock.now(), "result": StepResult.OK})
    _start_next(step)
    record(row, "complete_step", actor, data={"case": case.number, "step": step.number})
    return step


@transaction.atomic
def block_step(step_run: StepRun, issue_number: str, actor: User, *, note: str = "") -> StepRun:
    """The running step is blocked and an issue says why; the walk goes on with the next step.

    Called by `issues.services.register_from_step` in the transaction that makes the issue; its number is kept as
    text. Raises WrongState without an issue number or for a step that does not run.
    """
    row, case, step = _hold_step(step_run, "block_step", actor)
    if not issue_number.strip():
        raise WrongState(_("A blocked step needs an issue. Please say what went wrong."))
    _check_running(case, step)
    values: dict[str, Any] = {"ended_at": clock.now(), "result": StepResult.BLOCKED, "issue_number": issue_number}
    if note:
        values["note"] = note
    _write(step, values)
    _start_next(step)
    data = {"case": case.number, "step": step.number, "issue": issue_number}
    record(row, "block_step", actor, data=data)
    return step
