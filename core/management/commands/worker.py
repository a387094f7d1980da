"""`manage.py worker`: runs queued tasks, starts periodic jobs, and gives back what lost workers left behind."""

import logging
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connections
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker

from core.job_services import BEAT, beat, reap, start_due

log = logging.getLogger("huanwei.jobs")
REST_SECONDS = 5


class Pulse(threading.Thread):
    """Gives a sign of life every 15 seconds, beside whatever task the worker is at, and looks after the queue."""

    def __init__(self, worker_id: str) -> None:
        super().__init__(daemon=True)
        self.worker_id = worker_id
        self._ended = threading.Event()

    def run(self) -> None:
        while True:
            self.turn()
            if self._ended.wait(BEAT.total_seconds()):
                return

    def turn(self) -> None:
        """One look; a database that does not answer is tried again at the next."""
        try:
            if beat(self.worker_id):
                reap()
            start_due()
        except DatabaseError as error:
            log.warning("The worker's look at the queue was held up: %s", error)
        finally:
            connections.close_all()

    def stop(self) -> None:
        self._ended.set()
        self.join(timeout=2)


class Command(BaseCommand):
    help = "Run queued tasks and periodic jobs until it is stopped. More than one may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=1, help="seconds between two looks at an empty queue")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(
            queue_names=["*"],
            interval=options["interval"],
            batch=False,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        worker.configure_signals()
        pulse = Pulse(worker.worker_id)
        pulse.start()
        try:
            outlive_the_database(worker)
        finally:
            pulse.stop()


def outlive_the_database(worker: Any) -> None:
    """Run the worker until it is asked to stop; a database that restarts or stays away for a while does not end it."""
    while worker.running:
        try:
            worker.run()
        except DatabaseError as error:
            log.warning("The worker waits for the database: %s", error)
            connections.close_all()
            time.sleep(REST_SECONDS)
