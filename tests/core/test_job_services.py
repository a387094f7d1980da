"""Periodic jobs run once a period; what a killed worker or a fault left behind is tried again, five times at most."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.utils.module_loading import import_string
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from core import clock, job_services
from core.job_services import RUNNING
from core.management.commands.worker import outlive_the_database
from core.models import JobRun, UsedToken, WorkerBeat

MORNING = datetime(2026, 6, 1, 1, 7, tzinfo=UTC)  # 09:07 in Shanghai
HERE = "tests.core.test_job_services"
ran: list[str] = []


def quarter() -> None:
    ran.append("quarter")


def daily() -> None:
    ran.append("daily")


@task()  # type: ignore[untyped-decorator]
def chore() -> None:
    ran.append("chore")


@pytest.fixture(autouse=True)
def two_jobs(settings: Any) -> Iterator[None]:
    settings.TICKS = {f"{HERE}.quarter": 15, f"{HERE}.daily": 1440}
    ran.clear()
    with clock.at(MORNING):
        yield


def left(**given: Any) -> Any:
    """A task as a worker left it."""
    fields = {
        "args_kwargs": {"args": [], "kwargs": {}},
        "task_path": f"{HERE}.chore",
        "backend_name": "default",
        "run_after": MORNING,
        "status": RUNNING,
        "started_at": MORNING - timedelta(minutes=2),
        "worker_ids": ["w1"],
    }
    return DBTaskResult.objects.create(**(fields | given))


@pytest.mark.django_db
def test_each_job_runs_once_a_period_however_often_one_looks() -> None:
    assert (job_services.start_due(), job_services.start_due()) == (2, 0)
    with clock.at(MORNING + timedelta(minutes=10)):  # 09:17: the next quarter
        assert job_services.start_due() == 1
    assert sorted(ran) == ["daily", "quarter", "quarter"]


@pytest.mark.django_db
def test_two_workers_that_saw_the_same_gap_start_it_once() -> None:
    assert job_services._start(f"{HERE}.daily", "2026-06-01 00:00") is True
    assert job_services._start(f"{HERE}.daily", "2026-06-01 00:00") is False
    assert ran == ["daily"]


@pytest.mark.django_db
def test_a_late_repeat_of_an_old_period_does_nothing() -> None:
    old = JobRun.objects.create(job=f"{HERE}.quarter", period="2026-06-01 08:45")
    job_services.start_due()
    ran.clear()
    job_services.run_job.func(old.pk)
    job_services.run_job.func(old.pk + 1000)
    assert ran == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seen_before", "started_before", "tries", "state"),
    [
        (10, 300, 1, "RUNNING"),  # its worker lives and takes long
        (90, 30, 1, "RUNNING"),  # just started
        (90, 300, 1, "READY"),
        (90, 300, 4, "READY"),
        (90, 300, 5, "FAILED"),
    ],
)
def test_a_lost_workers_task_is_given_back(seen_before: int, started_before: int, tries: int, state: str) -> None:
    WorkerBeat.objects.create(worker_id="w1", seen_at=MORNING - timedelta(seconds=seen_before))
    row = left(started_at=MORNING - timedelta(seconds=started_before), worker_ids=["w0"] * (tries - 1) + ["w1"])
    job_services.reap()
    row.refresh_from_db()
    assert row.status == state
    assert DBTaskResult.objects.filter(job_services.DEAD).count() == (state == "FAILED")


@pytest.mark.django_db
@pytest.mark.parametrize(("tries", "minutes"), [(1, 1), (2, 5), (3, 25), (4, 125), (5, None)])
def test_a_failed_task_rests_before_the_next_try(tries: int, minutes: int | None) -> None:
    row = left(status=job_services.FAILED, finished_at=MORNING, worker_ids=["w"] * tries)
    assert job_services.reap() == (minutes is not None)
    row.refresh_from_db()
    assert row.status == (job_services.READY if minutes else job_services.FAILED)
    if minutes:
        assert row.run_after == MORNING + timedelta(minutes=minutes)


@pytest.mark.django_db
def test_a_worker_whose_own_sign_was_held_up_judges_nobody() -> None:
    assert job_services.beat("w1") is False  # its first
    with clock.at(MORNING + timedelta(seconds=15)):
        assert job_services.beat("w1") is True
    with clock.at(MORNING + timedelta(seconds=75)):
        assert job_services.beat("w1") is False
    assert job_services.last_beat() == MORNING + timedelta(seconds=75)


@pytest.mark.django_db
def test_one_turn_costs_six_queries(django_assert_max_num_queries: Any) -> None:
    job_services.start_due()
    job_services.beat("w1")
    with django_assert_max_num_queries(6):
        assert job_services.beat("w1")
        job_services.reap()
        job_services.start_due()


@pytest.mark.django_db
def test_old_traces_go_and_recent_ones_stay() -> None:
    for age in (timedelta(days=8), timedelta(days=1)):
        JobRun.objects.create(job="a", period=str(age), created_at=MORNING - age)
        left(status="SUCCESSFUL", finished_at=MORNING - age)
        left(status="FAILED", finished_at=MORNING - age, worker_ids=["w"] * 5)
        Session.objects.create(session_key=f"{age}", session_data="", expire_date=MORNING - age + timedelta(days=2))
        UsedToken.objects.create(token=f"{age}", url="/")
    UsedToken.objects.filter(token=f"{timedelta(days=8)}").update(used_at=MORNING - timedelta(days=8))
    UsedToken.objects.exclude(token=f"{timedelta(days=8)}").update(used_at=MORNING - timedelta(days=1))
    job_services.tidy()
    assert (Session.objects.count(), UsedToken.objects.count()) == (1, 1)
    assert (JobRun.objects.count(), DBTaskResult.objects.count()) == (1, 3)


@pytest.mark.django_db
def test_a_database_that_stays_away_does_not_end_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    class Twice:
        running = True
        calls = 0

        def run(self) -> None:
            self.calls += 1
            self.running = self.calls < 3
            if self.running:
                raise OperationalError("server closed the connection")

    worker = Twice()
    monkeypatch.setattr("core.management.commands.worker.REST_SECONDS", 0)
    monkeypatch.setattr("core.management.commands.worker.connections", type("None", (), {"close_all": lambda s: 0})())
    outlive_the_database(worker)
    assert worker.calls == 3


@pytest.mark.parametrize(("job", "minutes"), list(site.TICKS.items()))
def test_every_job_exists_and_its_period_divides_the_day(job: str, minutes: int) -> None:
    assert callable(import_string(job))
    assert 1440 % minutes == 0
