"""The task queue: who sees it, what it says of a silent worker, and what trying again does."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from core import clock
from core.job_services import FAILED, READY
from core.models import JobRun, OutgoingMessage, WorkerBeat
from reports import queue

ADDRESS = reverse("upkeep:task_queue")
CHECK = "catalog.import_services.check_import"


def dead(path: str = CHECK, *, args: tuple[Any, ...] = (1,), **given: Any) -> Any:
    now = clock.now()
    fields = {"status": FAILED, "worker_ids": ["w"] * 5, "task_path": path, "run_after": now, "finished_at": now}
    fields |= {"args_kwargs": {"args": list(args), "kwargs": {}}, "exception_class_path": "django.db.utils.DataError"}
    return DBTaskResult.objects.create(**(fields | given))


def mail(person: User, number: int = 1, **given: Any) -> OutgoingMessage:
    fields = {"key": f"digest:{number}", "kind": "digest", "channel": "mail", "recipient": person, "tries": 5}
    return OutgoingMessage.objects.create(**(fields | {"status": "dead", "ended_at": clock.now()} | given))


@pytest.fixture
def administrator(client: Client, wednesday: datetime, hall_administrator: User) -> User:
    client.force_login(hall_administrator)
    return hall_administrator


def test_a_dead_task_is_tried_again_once(client: Client, administrator: User) -> None:
    task = dead()
    page = client.get(ADDRESS)
    assert [(row.error, row.tries) for row in page.context["rows"]] == [("DataError", 5)]
    again = reverse("upkeep:retry_task", args=[task.pk])
    assert client.post(again).status_code == 302
    assert client.post(again).status_code == 409
    task.refresh_from_db()
    assert (task.status, task.worker_ids) == (READY, [])


def test_a_dead_message_is_tried_again_once(client: Client, administrator: User) -> None:
    message = mail(administrator)
    again = reverse("upkeep:retry_message", args=[message.pk])
    assert client.post(again).status_code == 302
    message.refresh_from_db()
    assert (message.status, message.tries) == ("withheld", 1)  # an account without an address
    assert client.post(again).status_code == 409


def test_a_living_task_is_not_queued_twice(client: Client, administrator: User) -> None:
    task = dead(worker_ids=["w"], status="RUNNING")
    assert client.post(reverse("upkeep:retry_task", args=[task.pk])).status_code == 409


def test_an_auditor_sees_the_queue_without_the_button(client: Client, auditor: User) -> None:
    dead()
    client.force_login(auditor)
    assert reverse("upkeep:retry_task", args=[DBTaskResult.objects.get().pk]) not in client.get(ADDRESS).text


@pytest.mark.parametrize(("age", "silent"), [(None, True), (10, True), (1, False)])
def test_a_silent_worker_is_named(db: None, age: int | None, silent: bool) -> None:
    if age is not None:
        WorkerBeat.objects.create(worker_id="w", seen_at=clock.now() - timedelta(minutes=age))
    assert queue.pulse().silent == silent


def test_a_periodic_task_shows_the_name_of_its_job(client: Client, administrator: User) -> None:
    run = JobRun.objects.create(job="core.job_services.tidy", period="x")
    dead(queue.JOB, args=(run.pk,), worker_ids=["w"])
    page = client.get(ADDRESS, {"list": "waiting"})
    assert [row.label for row in page.context["rows"]] == [queue.LABELS["core.job_services.tidy"]]


@pytest.mark.parametrize("name", ["tasks", "messages", "waiting", "outbox", "nonsense"])
def test_every_list_costs_the_same_with_one_row_and_thirty(client: Client, administrator: User, name: str) -> None:
    counts = []
    for number in (1, 30):
        for one in range(number):
            dead()
            dead(queue.JOB, args=(one,), worker_ids=[])
            mail(administrator, one + 100 * number)
            mail(administrator, one + 1000 * number, status="waiting")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(ADDRESS, {"list": name}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
