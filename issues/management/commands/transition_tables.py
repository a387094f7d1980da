"""`manage.py transition_tables [--check]`: writes docs/transitions.md from the two tables of transitions."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.functional import Promise

from core.transitions import Transition, Workflow
from issues.choices import IssueStatus
from issues.workflow import WORKFLOW as ISSUES
from sessions.choices import SessionStatus
from sessions.workflow import WORKFLOW as SESSIONS

PATH = settings.BASE_DIR / "docs" / "transitions.md"
HEAD = """# Transition tables

Written by `manage.py transition_tables` from `sessions/workflow.py` and `issues/workflow.py`; a test keeps it current.
Change the tables there, never here. A row without a target is a recorded act: it writes an event and leaves the state.
The name of an act is the name of its service, its address, its view and its template.
"""
Labels = dict[str, tuple[str, str]]


class Command(BaseCommand):
    help = "Write docs/transitions.md from the tables, or with --check say whether it is current (exit 1 if not)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        text = document()
        if not options["check"]:
            PATH.parent.mkdir(exist_ok=True)
            PATH.write_text(text, encoding="utf-8")
        elif not PATH.exists() or PATH.read_text(encoding="utf-8") != text:
            raise CommandError("docs/transitions.md is not current: run manage.py transition_tables")


def document() -> str:
    """The whole file."""
    sessions = section("Window sessions", SESSIONS, [(state.value, state.label) for state in SessionStatus])
    issues = section("Issues", ISSUES, [(state.value, state.label) for state in IssueStatus])
    return "\n".join([HEAD, sessions, issues])


def section(title: str, table: Workflow, states: list[tuple[str, str | Promise]]) -> str:
    """One table, its states first."""
    lines = [f"## {title}", "", "| state | word |", "| --- | --- |"]
    lines += [f"| `{value}` | {english(label)} |" for value, label in states]
    lines += ["", "| act | word | from | to | who |", "| --- | --- | --- | --- | --- |"]
    lines += [row_line(row, [value for value, _label in states]) for row in table.rows.values()]
    return "\n".join([*lines, ""])


def row_line(row: Transition, order: list[str]) -> str:
    """One row; where the target depends on the state left behind, both are named."""
    sources = [state for state in ["", *order] if state in row.sources]
    shown = "any" if len(sources) == len(order) else ", ".join(f"`{state}`" if state else "—" for state in sources)
    return f"| `{row.action}` | {english(row.label)} | {shown} | {targets(row)} | {row.actors} |"


def targets(row: Transition) -> str:
    """Where the row leads."""
    if row.target is None:
        return "—"
    special = [f"`{to}` from `{state}`" for state, to in sorted(row.by_source.items())]
    return "; ".join([f"`{row.target}`", *special])


def english(text: str | Promise) -> str:
    """The text as it stands in the source, whatever language the command runs in."""
    with translation.override("en"):
        return str(text)
