"""The verbs of a planned rotation: ask for one, stop it, keep or discard it, put it into the programme."""

import logging
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from time import monotonic
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_tasks import task

from accounts.models import User
from core import clock
from core.doors import Conflict, WrongState, lock, require
from core.notices import notify
from core.words import short_date
from sessions import planning, rotation, rotation_facts, rotation_report, shortfalls
from sessions.choices import RotationStatus
from sessions.models import PlannedPlacement, Programme, RotationPlan
from sessions.permissions import may
from sessions.rotation_models import AT_WORK, SILENT_AFTER
from sessions.services.placing import place

audit = logging.getLogger("huanwei.audit")
ASK_EVERY = 1.0
DIAGNOSIS_SECONDS = 60.0
FEW = 6
LONG = timedelta(seconds=30)
TIME_UP, NO_MEMORY, LOST, FAULT = "time_up", "no_memory", "lost", "fault"
"""Why a plan has broken off, as its page says it in words."""

ENDED = {
    RotationStatus.DONE.value: gettext_noop("The rotation of %(programme)s has been planned: a proposal is ready"),
    RotationStatus.INFEASIBLE.value: gettext_noop("The rotation of %(programme)s: no plan meets every rule"),
    RotationStatus.FAILED.value: gettext_noop("The planning of %(programme)s has broken off"),
}


def request_plan(programme: Programme, actor: User, *, base: RotationPlan | None = None, **asked: Any) -> RotationPlan:
    """Have the worker plan a rotation; with `base`, around the placements that are locked in that plan.

    `asked`: starts_on, ends_on, seed, seconds, firm, weights. Raises PermissionDenied; ValidationError for days outside
    of the programme; WrongState while another plan of the programme is at work.
    """
    require(may(actor, "plan_rotation", programme))
    if asked["starts_on"] < programme.starts_on or asked["ends_on"] > programme.ends_on:
        raise ValidationError({"ends_on": _("These days lie outside of the programme.")})
    reap()
    now = clock.now()
    try:
        with transaction.atomic():
            row = RotationPlan.objects.create(
                programme=programme, created_by=actor, created_at=now, updated_at=now, **asked
            )
            if base is not None:
                _copy_locked(base, row)
            solve_plan.enqueue(row.pk)
    except IntegrityError as error:
        raise _already(programme) from error
    audit.info("rotation asked for: user=%s programme=%s plan=%s", actor.pk, programme.pk, row.pk)
    return row


def _copy_locked(base: RotationPlan, row: RotationPlan) -> None:
    kept = base.placements.filter(locked=True, window_session=None, date__range=(row.starts_on, row.ends_on))
    PlannedPlacement.objects.bulk_create(
        PlannedPlacement(
            plan=row, director_id=p.director_id, window_id=p.window_id, date=p.date, half=p.half, locked=True
        )
        for p in kept
    )


def _already(programme: Programme) -> WrongState:
    other = RotationPlan.objects.filter(programme=programme, status__in=AT_WORK).first()
    back = reverse("window_sessions:rotation_detail", args=[other.pk]) if other else ""
    return WrongState(
        _("A rotation of this programme is being planned already. Look at that one first."), back_url=back
    )


@task()  # type: ignore[untyped-decorator]
def solve_plan(pk: int) -> None:
    """The planning itself. A plan that was stopped or taken over meanwhile is left alone."""
    started = RotationPlan.objects.filter(pk=pk, status=RotationStatus.QUEUED)
    if not started.update(status=RotationStatus.RUNNING, updated_at=clock.now()):
        return
    row = RotationPlan.objects.get(pk=pk)
    try:
        _solve(row)
    except rotation.Cancelled:
        audit.info("rotation stopped: plan=%s", pk)
    except rotation.TimeUp:
        _end(row, RotationStatus.FAILED, report={"why": TIME_UP})
    except MemoryError:
        audit.exception("rotation broke off: plan=%s", pk)
        _end(row, RotationStatus.FAILED, report={"why": NO_MEMORY})
    except Exception:
        audit.exception("rotation broke off: plan=%s", pk)
        _end(row, RotationStatus.FAILED, report={"why": FAULT})
        raise


def _solve(row: RotationPlan) -> None:
    locked = [(p.director_id, p.window_id, p.date, p.half) for p in row.placements.filter(locked=True)]
    question = rotation_facts.build(row.programme_id, row.starts_on, row.ends_on, locked)
    work = rotation.Work(seed=row.seed, seconds=row.seconds, stop=_stopped(row), tell=_progress(row))
    wish = rotation.Wish(soft=not row.firm, shared_last=True, weights=rotation.Weights(**row.weights))
    try:
        plan = rotation.solve(question.instance, work, wish)
    except rotation.NoPlan:
        report = _diagnosis(question.instance, work)
        _end(row, RotationStatus.INFEASIBLE, report=report, duration=round(work.used, 2), solver=rotation.version())
        return
    report = _diagnosis(question.instance, work) if plan.short else {}
    _keep(row, question, plan, report)


def _diagnosis(instance: rotation.Instance, work: rotation.Work) -> dict[str, Any]:
    """Why not all quotas can be met, in every language."""
    frame = rotation.Work(seed=work.seed, seconds=DIAGNOSIS_SECONDS, stop=work.stop)
    return rotation_report.of(instance, rotation.diagnose(instance, frame))


def _stopped(row: RotationPlan) -> Callable[[], bool]:
    """Whether somebody stopped the plan; asking says at the same time that the worker lives."""
    asked, stopped = monotonic(), False

    def ask() -> bool:
        nonlocal asked, stopped
        if not stopped and monotonic() - asked > ASK_EVERY:
            asked = monotonic()
            running = RotationPlan.objects.filter(pk=row.pk, status=RotationStatus.RUNNING)
            stopped = not running.update(updated_at=clock.now())
        return stopped

    return ask


def _progress(row: RotationPlan) -> Callable[[float], None]:
    def tell(share: float) -> None:
        RotationPlan.objects.filter(pk=row.pk, status=RotationStatus.RUNNING).update(progress=round(100 * share))

    return tell


@transaction.atomic
def _keep(row: RotationPlan, question: rotation_facts.Question, plan: rotation.Plan, report: dict[str, Any]) -> None:
    """Write the placements with their reasons, and the figures."""
    fresh = lock(row)
    if fresh.status != RotationStatus.RUNNING:
        return
    instance = question.instance
    reasons = rotation.explain(instance, plan.placements)
    known = {(p.director_id, p.window_id, p.date, p.half): p for p in fresh.placements.all()}
    proposed = set(plan.placements)
    for one, found in reasons.items():
        slot = instance.slots[one.slot]
        key = int(one.director), int(one.desk), slot.date, slot.half
        words = [reason.as_list() for reason in found]
        if key in known:
            known[key].reasons = words
            known[key].save(update_fields=["reasons"])
        elif one in proposed:
            PlannedPlacement.objects.create(
                plan=fresh, director_id=key[0], window_id=key[1], date=key[2], half=key[3], reasons=words
            )
    fresh.figures = rotation_report.figures(instance, plan, len(question.standing))
    _write(fresh, RotationStatus.DONE, report=report, duration=round(plan.seconds, 2), solver=plan.solver)
    _tell(fresh)


def _tell(plan: RotationPlan) -> None:
    """Whoever asked is told of what broke off, and of a result that took so long that they have left its page."""
    if plan.status == RotationStatus.FAILED or clock.now() - plan.created_at > LONG:
        notify(
            [plan.created_by],
            kind="session.rotation",
            title=ENDED[plan.status],
            url=_page(plan),
            params={"programme": plan.programme.name},
        )


@transaction.atomic
def _end(row: RotationPlan, status: str, **values: Any) -> None:
    fresh = lock(row)
    if fresh.status in AT_WORK:
        _write(fresh, status, **values)
        _tell(fresh)


def _write(row: RotationPlan, status: str, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.status, row.updated_at, row.progress = status, clock.now(), 100
    row.save()
    audit.info("rotation %s: plan=%s", row.status, row.pk)


@transaction.atomic
def cancel_plan(plan: RotationPlan, actor: User) -> RotationPlan:
    """Stop the planning. Raises WrongState when it has ended."""
    require(may(actor, "plan_rotation", plan.programme))
    fresh = lock(plan)
    if fresh.status not in AT_WORK:
        raise WrongState(_("This plan has ended already."), back_url=_page(fresh))
    _write(fresh, RotationStatus.CANCELLED)
    return fresh


@transaction.atomic
def discard_plan(plan: RotationPlan, actor: User) -> None:
    """Throw a proposal away; sessions made from it stay. Raises WrongState while it is at work."""
    require(may(actor, "plan_rotation", plan.programme))
    fresh = lock(plan)
    if fresh.at_work:
        raise WrongState(_("This plan is still at work. Please stop it first."), back_url=_page(fresh))
    audit.info("rotation discarded: user=%s plan=%s", actor.pk, fresh.pk)
    fresh.delete()


@transaction.atomic
def lock_placement(placement: PlannedPlacement, actor: User, *, locked: bool) -> PlannedPlacement:
    """Hold a placement for the next plan, or let it go. Raises WrongState once it is in the programme."""
    require(may(actor, "plan_rotation", placement.plan.programme))
    fresh = lock(placement)
    if fresh.window_session_id:
        raise WrongState(_("This placement is in the programme already."), back_url=_page(placement.plan))
    fresh.locked = locked
    fresh.save(update_fields=["locked"])
    return fresh


@transaction.atomic
def accept_plan(plan: RotationPlan, actor: User, *, days: tuple[date, date] | None = None) -> int:
    """Place everybody of the proposal, or those within `days`, by the rules as they are now; how many it were.

    Each becomes a draft that its director is asked to confirm. Raises ValidationError with a sentence for each
    placement that the rules or another booking refuse; nobody is placed then.
    """
    require(may(actor, "plan_rotation", plan.programme))
    fresh = lock(plan)
    if fresh.status != RotationStatus.DONE:
        raise WrongState(_("This plan holds no proposal."), back_url=_page(fresh))
    lock(fresh.programme)  # two proposals accepted at once would each count what is owed before the other
    rows = fresh.placements.filter(window_session=None).select_related("director", "window__department", "window__hall")
    refused = _place_all(fresh, list(rows.filter(date__range=days) if days else rows), actor)
    if refused:
        raise ValidationError(refused)
    placed = rows.model.objects.filter(plan=fresh).exclude(window_session=None).count()
    audit.info("rotation accepted: user=%s plan=%s placed=%s", actor.pk, fresh.pk, placed)
    return placed


def _place_all(plan: RotationPlan, rows: Sequence[PlannedPlacement], actor: User) -> list[str]:
    """Place one by one; the sentences of those that were refused."""
    refused: list[str] = []
    settled: list[PlannedPlacement] = []
    known = planning.known(plan.programme_id, plan.starts_on, plan.ends_on, [row.director_id for row in rows])
    for row in rows:
        if not _owed(known.plan, row):
            settled.append(row)
            continue
        at = row.director, row.window, row.date, row.half
        try:
            row.window_session = place(known.plan.programme, *at, actor, known=known)
        except (ValidationError, Conflict, PermissionDenied) as error:
            said = error.messages if isinstance(error, ValidationError) else [str(error)]
            refused += [f"{_where(row)}{text}" for text in said]
        else:
            row.save(update_fields=["window_session"])
    return _settled_words(settled) + refused


def _settled_words(rows: Sequence[PlannedPlacement]) -> list[str]:
    """That these directors sit often enough already; of many it is said once."""
    if len(rows) > FEW:
        text = _("%(count)s directors owe no sitting any more, such as after another proposal was accepted.")
        return [text % {"count": len({row.director_id for row in rows})}]
    text = _("%(who)s owes no sitting any more.")
    return [f"{_where(row)}{text % {'who': row.director.display_name}}" for row in rows]


def _where(row: PlannedPlacement) -> str:
    return f"{short_date(row.date, row.half)} {row.window.number}{_(': ')}"


def _owed(state: planning.Plan, row: PlannedPlacement) -> bool:
    """Whether the director still owes this visit: another proposal may have been accepted meanwhile."""
    person = state.people.get(row.director_id)
    return person is not None and shortfalls.owes(person, state.facts, row.date)


def reap() -> None:
    """Give up plans whose worker has not been heard of for a while, so that a new one may be asked for.

    Also a periodic job, so that the page and a notice say so by themselves.
    """
    silent = clock.now() - SILENT_AFTER
    for row in RotationPlan.objects.filter(status=RotationStatus.RUNNING, updated_at__lt=silent):
        audit.warning("rotation has no worker any more: plan=%s", row.pk)
        _end(row, RotationStatus.FAILED, report={"why": LOST})


def _page(plan: RotationPlan) -> str:
    return reverse("window_sessions:rotation_detail", args=[plan.pk])
