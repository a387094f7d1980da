"""`manage.py bench`: what the main pages cost on the data at hand, one JSON line each."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.test.utils import override_settings

from reports.bench import lines, page_lines


class Command(BaseCommand):
    help = "Measure the main pages, the image door, the ledgers and the rotation on the present data; nothing is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rounds", type=int, default=20, help="how often each page is opened")
        parser.add_argument("--only", default="", help="only pages whose name begins so, such as register")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(), override_settings(ALLOWED_HOSTS=["testserver"]):
            rounds, only = max(1, options["rounds"]), options["only"]
            for line in page_lines(rounds, only) if only else lines(rounds):
                self.stdout.write(json.dumps(line))
            # The sessions of the measuring visits go again.
            transaction.set_rollback(True)
