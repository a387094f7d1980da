"""The task queue as a page shows it: what was given up, what waits, and whether a worker is alive."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from core import clock
from core.doors import Text
from core.health import SILENT
from core.job_models import JobRun
from core.job_services import DEAD, FAILED, READY, RUNNING, last_beat
from core.notice_kinds import KINDS, Channel
from core.outbox_models import OPEN, MessageStatus, OutgoingMessage

PER_PAGE = 30
JOB = "core.job_services.run_job"
LABELS: dict[str, Text] = {
    "catalog.import_services.apply_import": _("Taking in an import"),
    "catalog.import_services.check_import": _("Checking an import"),
    "catalog.import_services.forget_files": _("Deleting files of an import"),
    "catalog.import_services.sweep": _("Deleting files of imports"),
    "issues.reminding.remind_due": _("Reminders of issues"),
    "reports.digest.send_morning": _("The morning digest"),
    "catalog.import_services.undo_import": _("Taking an import back"),
    "sessions.services.rotations.solve_plan": _("Working out a rotation"),
    "sessions.services.scheduled.publish_due_weeks": _("Publishing the weeks that are due"),
    "sessions.strengths.refresh": _("Counting how strong the seams are"),
    "sessions.reminding.remind_due": _("Reminders of sittings"),
    "core.job_services.tidy": _("Clearing the queue of what is done"),
    "core.notices.mail_notices": _("Mail of a notice"),
    "core.outbox_services.send_soon": _("Sending messages"),
    "core.outbox_services.send_waiting": _("Sending messages again"),
    "core.outbox_services.tidy": _("Clearing the outbox of what was sent"),
}
"""What a task is called on the page; one without a name here shows its path."""


@dataclass(frozen=True, slots=True)
class Row:
    """One task or message; `retry_url` where it was given up."""

    label: Text
    detail: Text
    error: str
    tries: int
    moment: datetime | None
    retry_url: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    label: Text
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Pulse:
    """When a worker was last alive, and whether that is too long ago."""

    seen_at: datetime | None

    @property
    def silent(self) -> bool:
        return self.seen_at is None or clock.now() - self.seen_at > SILENT


def pulse() -> Pulse:
    return Pulse(last_beat())


def lists() -> dict[str, tuple[Text, QuerySet[Any]]]:
    """The lists of the page by name: its label and its rows, newest first."""
    waiting = DBTaskResult.objects.filter(Q(status__in=[READY, RUNNING]) | (Q(status=FAILED) & ~DEAD))
    messages = OutgoingMessage.objects.select_related("recipient")
    return {
        "tasks": (_("Tasks given up"), DBTaskResult.objects.filter(DEAD).order_by("-finished_at", "pk")),
        "messages": (
            _("Messages given up"),
            messages.filter(status=MessageStatus.DEAD).order_by("-ended_at", "-pk"),
        ),
        "waiting": (_("Tasks waiting"), waiting.order_by("run_after", "enqueued_at")),
        "outbox": (_("Messages waiting"), messages.filter(status__in=OPEN).order_by("due_at", "pk")),
    }


class Counted(Paginator[Any]):
    """Pages of a list whose length is known already."""

    def __init__(self, rows: QuerySet[Any], total: int) -> None:
        super().__init__(rows, PER_PAGE)
        self.total = total

    @property
    def count(self) -> int:
        return self.total


def counts() -> dict[str, int]:
    """How long each list is, in two queries."""
    dead = Count("pk", filter=DEAD)
    tasks = DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL).aggregate(tasks=dead, all=Count("pk"))
    given_up = Count("pk", filter=Q(status=MessageStatus.DEAD))
    unsent = OutgoingMessage.objects.aggregate(messages=given_up, outbox=Count("pk", filter=Q(status__in=OPEN)))
    return unsent | {"tasks": tasks["tasks"], "waiting": tasks["all"] - tasks["tasks"]}


def rows(found: list[Any]) -> list[Row]:
    """Tasks or messages as the page draws them."""
    runs = [one.args_kwargs["args"][0] for one in found if isinstance(one, DBTaskResult) and one.task_path == JOB]
    jobs = dict(JobRun.objects.filter(pk__in=runs).values_list("pk", "job")) if runs else {}
    return [_task(one, jobs) if isinstance(one, DBTaskResult) else _message(one) for one in found]


def _task(task: Any, jobs: dict[int, str]) -> Row:
    job = jobs.get(task.args_kwargs["args"][0], JOB) if task.task_path == JOB else ""
    path = job or task.task_path
    error = task.exception_class_path.rpartition(".")[2]
    dead = task.status == FAILED and len(task.worker_ids) > 4
    url = reverse("upkeep:retry_task", args=[task.pk]) if dead else ""
    moment = task.finished_at if dead else max(task.run_after, task.enqueued_at) if task.run_after.year < 9999 else None
    detail = _("periodic") if job else ""
    return Row(LABELS.get(path, path), detail, error, len(task.worker_ids), moment or task.enqueued_at, url)


def _message(message: OutgoingMessage) -> Row:
    who = message.recipient.display_name if message.recipient else Channel(message.channel).label
    dead = message.status == MessageStatus.DEAD
    url = reverse("upkeep:retry_message", args=[message.pk]) if dead else ""
    moment = message.ended_at if dead else message.due_at
    return Row(KINDS[message.kind].label, who, message.error, message.tries, moment, url)
