"""`manage.py import_issues PATH… --as USERNAME`: a hall's existing register, history replayed through the services."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import services as accounts
from accounts.choices import Role
from accounts.models import Department, Posting, User
from catalog.importing.reading import UnreadableError
from catalog.importing.report import CREATED, SKIPPED, Entry, Report
from core import clock, workdays
from core.workdays import Calendar
from issues import services
from issues.importing.read import read_categories, resolve_rows, tables
from issues.importing.register import fields_of
from issues.importing.replay import Actors, Timeline, advance
from issues.importing.rows import IssueRow
from issues.models import Issue


class Command(BaseCommand):
    help = "Bring in an issue register (xlsx, xls, csv). Issues that exist are skipped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path)
        parser.add_argument("--as", dest="officer", required=True, help="user name of the reform officer who acts")
        parser.add_argument("--second", required=True, help="user name of a second reform officer, who closes out")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--report", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        report = Report()
        try:
            with transaction.atomic():
                found = tables(options["paths"])
                read_categories(found, report)
                self._bring_in(resolve_rows(found, report), options)
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except UnreadableError as error:
            raise CommandError(str(error), returncode=2) from error
        if options["report"]:
            text = "".join(report.as_json())
            options["report"].write_text(text, encoding="utf-8")
        for entry in report.entries:
            for message in entry.messages:
                self.stderr.write(f"{entry.where} {entry.row}: {message}")
        self.stdout.write(f"issues: {report.count(CREATED, 'issue')} created, {report.count(SKIPPED)} skipped")
        if report.exit_code:
            raise SystemExit(report.exit_code)

    def _bring_in(self, rows: list[tuple[IssueRow, Entry]], options: dict[str, Any]) -> None:
        if not rows:
            return
        officer, second = self._officer(options["officer"]), self._officer(options["second"])
        actors = Actors(officer, second, _neutral(officer), _liaisons())
        calendar = workdays.load()
        existing = set(Issue.objects.values_list("number", flat=True))
        for row, entry in rows:
            if row.number in existing:
                entry.status, entry.code = SKIPPED, "exists"
                continue
            bring_in(row, actors, calendar)
            entry.status = CREATED

    def _officer(self, username: str) -> User:
        user = User.objects.filter(username=username, role_grants__role=Role.REFORM_OFFICE).first()
        if user is None:
            raise CommandError(f"{username} is no reform officer.")
        return user


def bring_in(row: IssueRow, actors: Actors, calendar: Calendar) -> Issue:
    """One row: registered on its day, then brought to its state."""
    now = clock.now()
    line = Timeline(calendar, now.replace(year=2000), now)
    with line.at(row.found_on, 16, 40):
        issue = services.register(actors.officer, **fields_of(row))
    line.last += timedelta(minutes=10)
    return advance(issue, row, line, actors)


def _neutral(officer: User) -> User:
    """A director of another department than the reform office's own; without one, the officer."""
    directors = User.objects.filter(postings__in=Posting.objects.current(clock.today()))
    return directors.exclude(department=officer.department).first() or officer


def _liaisons() -> dict[int, User]:
    """A liaison for every department; one without log-in is made where there is none, to carry the history."""
    found: dict[int, User] = {}
    for department in Department.objects.all():
        holder = User.objects.filter(role_grants__role=Role.LIAISON, role_grants__department=department).first()
        found[department.pk] = holder or _silent_liaison(department)
    return found


def _silent_liaison(department: Department) -> User:
    try:
        user = accounts.create_account(
            f"liaison_{department.code.lower()}", f"{department.short_name}联络员", department=department
        )
    except ValidationError as error:
        raise CommandError(f"{department.code}: {'; '.join(error.messages)}") from error
    accounts.grant_role(user, Role.LIAISON, department=department)
    return user
