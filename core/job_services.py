"""The worker's own work: periodic jobs, signs of life, and tasks that a dead worker or a fault left behind.

A periodic job is a function without arguments, named by its path in `settings.TICKS` with its period in minutes. It
runs as a task at most once a period, whatever the number of workers, and must be idempotent: a task runs at least
once. A period in which no worker was alive is left out, so a job looks at the state of the rows, never at what
happened since it last ran.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from core import clock
from core.doors import WrongState
from core.models import JobRun, UsedToken, WorkerBeat

log = logging.getLogger("huanwei.jobs")
audit = logging.getLogger("huanwei.audit")

BEAT = timedelta(seconds=15)
LEASE = timedelta(seconds=60)
TRIES = 5
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=25), timedelta(minutes=125))
"""How long a failed task rests before its second, third, fourth and fifth try."""

KEPT = timedelta(days=7)
KEPT_DEAD = timedelta(days=90)
LOST = "core.job_services.WorkerLost"
RUNNING, READY, FAILED = TaskResultStatus.RUNNING, TaskResultStatus.READY, TaskResultStatus.FAILED
DEAD = Q(status=FAILED, worker_ids__4__isnull=False)
"""A task that failed five times: nobody tries it again unless somebody asks for it."""


def beat(worker_id: str) -> bool:
    """Write down that this worker lives; whether its last sign is recent enough for it to judge others.

    A worker whose own sign was held up (one long write holds a SQLite database) says nothing about its neighbours:
    theirs were held up too.
    """
    now = clock.now()
    last = WorkerBeat.objects.filter(worker_id=worker_id).values_list("seen_at", flat=True).first()
    row = WorkerBeat(worker_id=worker_id, started_at=now, seen_at=now)
    WorkerBeat.objects.bulk_create([row], update_conflicts=True, unique_fields=["worker_id"], update_fields=["seen_at"])
    return last is not None and now - last < LEASE / 2


def last_beat() -> datetime | None:
    """When any worker was last alive."""
    return WorkerBeat.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()


def start_due() -> int:
    """Queue every periodic job whose present period nobody has started; how many they were."""
    now = localtime(clock.now())
    due = {(job, _period(now, minutes)) for job, minutes in settings.TICKS.items()}
    started = JobRun.objects.filter(period__in={period for _job, period in due}).values_list("job", "period")
    return sum(_start(job, period) for job, period in sorted(due - set(started)))


def _period(now: datetime, minutes: int) -> str:
    """The beginning of the period that holds `now`, counted from midnight."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    passed = (now - midnight) // timedelta(minutes=minutes) * timedelta(minutes=minutes)
    return f"{midnight + passed:%Y-%m-%d %H:%M}"


def _start(job: str, period: str) -> bool:
    try:
        with transaction.atomic():
            run_job.enqueue(JobRun.objects.create(job=job, period=period).pk)
    except IntegrityError:  # another worker was faster
        return False
    return True


@task()  # type: ignore[untyped-decorator]
def run_job(run_id: int) -> None:
    """Run one periodic job, unless a later period of it has been started: that one does the work."""
    run = JobRun.objects.filter(pk=run_id).first()
    if run is None or run.job not in settings.TICKS:
        return
    if not JobRun.objects.filter(job=run.job, pk__gt=run.pk).exists():
        import_string(run.job)()


def reap() -> int:
    """Give back what dead workers left behind and what failed, with pauses, until five tries are used up.

    Returns the number of tasks given back. A task whose last worker was lost on the fifth try is dead at once.
    """
    now = clock.now()
    alive = set(WorkerBeat.objects.filter(seen_at__gt=now - LEASE).values_list("worker_id", flat=True))
    left = DBTaskResult.objects.running().filter(started_at__lt=now - LEASE)
    lost = [row for row in left if row.worker_ids[-1] not in alive]
    failed = DBTaskResult.objects.failed().exclude(DEAD)
    return sum(_give_back_lost(row, now) for row in lost) + sum(_give_back_failed(row, now) for row in failed)


def _give_back_lost(row: DBTaskResult, now: datetime) -> bool:
    log.warning("A worker was lost: task=%s id=%s try=%s", row.task_path, row.pk, len(row.worker_ids))
    same = DBTaskResult.objects.filter(pk=row.pk, status=RUNNING, started_at=row.started_at)
    if len(row.worker_ids) < TRIES:
        return bool(same.update(status=READY, run_after=now))
    same.update(status=FAILED, finished_at=now, exception_class_path=LOST, traceback="")
    return False


def _give_back_failed(row: DBTaskResult, now: datetime) -> bool:
    tries = max(1, len(row.worker_ids))
    after = (row.finished_at or now) + WAITS[tries - 1]
    log.warning("A task failed: task=%s id=%s try=%s error=%s", row.task_path, row.pk, tries, row.exception_class_path)
    same = DBTaskResult.objects.filter(pk=row.pk, status=FAILED, finished_at=row.finished_at)
    return bool(same.update(status=READY, run_after=after))


def retry_dead(row: DBTaskResult, actor: Any) -> None:
    """Queue a task that was given up again, with five new tries. Raises WrongState when it is not given up."""
    dead = DBTaskResult.objects.filter(DEAD, pk=row.pk)
    if not dead.update(status=READY, worker_ids=[], run_after=clock.now()):
        raise WrongState(_("This task is in the queue again already."), back_url=reverse("upkeep:task_queue"))
    audit.info("task queued again: user=%s task=%s id=%s", actor.pk, row.task_path, row.pk)


def tidy() -> None:
    """Forget old periods, workers that are gone, tasks done a week ago, dead tasks after three months, old sign-ins.

    A form's one-time token is kept as long: nobody sends a form again after a week.
    """
    now = clock.now()
    Session.objects.filter(expire_date__lt=now).delete()
    UsedToken.objects.filter(used_at__lt=now - KEPT).delete()
    JobRun.objects.filter(created_at__lt=now - KEPT).delete()
    WorkerBeat.objects.filter(seen_at__lt=now - KEPT).delete()
    DBTaskResult.objects.successful().filter(finished_at__lt=now - KEPT).delete()
    DBTaskResult.objects.failed().filter(finished_at__lt=now - KEPT_DEAD).delete()
