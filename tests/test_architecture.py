"""The house rules that no linter knows. Each failure says what to do instead."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver

from issues import services as issue_services
from issues import workflow as issue_workflow
from sessions import services as session_services
from sessions import workflow as session_workflow

ROOT = Path(settings.BASE_DIR)
APPS = ("core", "accounts", "catalog", "sessions", "issues", "reports", "portal")
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "misc.py", "selectors.py"}
AUDITED = {"Department", "Posting", "RoleGrant", "Hall", "Window", "ServiceItem", "Programme", "ClockRule"}
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", re.I)
STATUS = re.compile(r"(?<![=!<>.\w])(?!(?:\w+\.)*entry\.)\w+(\.\w+)*\.status\s*=(?!=)|\bset\([^)]*\bstatus=")
SIGNAL = re.compile(r"django\.db\.models\.signals|django\.dispatch|@receiver")


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders or APPS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def lines(node: ast.FunctionDef | ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def functions(path: Path) -> Iterator[tuple[str, int, list[str]]]:
    """Name, length in lines without decorators and docstring, and decorators of every function of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            length = lines(node) - (lines(node.body[0]) if ast.get_docstring(node) else 0)
            yield node.name, length, [ast.unparse(one) for one in node.decorator_list]


def is_service(path: Path) -> bool:
    return path.stem == "services" or "services" in path.parts or path.stem.endswith("_services")


def test_status_is_assigned_only_in_services() -> None:
    found = [
        f"{name(path)}:{number}"
        for path in sources()
        if not is_service(path)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if STATUS.search(line)
    ]
    assert not found, f"change the state through the app's services: {found}"


def test_templates_hold_no_inline_script_style_or_handler() -> None:
    found = [name(path) for path in templates() if INLINE.search(path.read_text(encoding="utf-8"))]
    assert not found, f"move it to assets/ and bind it by a data attribute: {found}"


def test_files_stay_short() -> None:
    long = [f"{name(p)} ({n})" for p in sources() if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400]
    assert not long, f"split by subject, at most 400 lines: {long}"
    wide = [f"{name(p)} ({n})" for p in templates() if (n := len(p.read_text(encoding="utf-8").splitlines())) > 150]
    assert not wide, f"take a part out, at most 150 lines: {wide}"


def test_functions_stay_short() -> None:
    long = [f"{name(p)}::{f} ({n})" for p in sources(*APPS, "config") for f, n, _marks in functions(p) if n > 40]
    assert not long, f"at most 40 lines a function: {long}"


def test_views_stay_short() -> None:
    found = [
        f"{name(path)}::{function} ({length})"
        for path in sources()
        if "views" in path.stem or "views" in path.parts
        for function, length, marks in functions(path)
        if length > 25 and any("staff" in mark or "require" in mark or "view" in mark for mark in marks)
    ]
    assert not found, f"at most 25 lines a view; the rest belongs to forms, services or querysets: {found}"


def test_modules_are_named_by_what_they_own() -> None:
    found = [name(path) for path in sources(*APPS, "config") if path.name in FORBIDDEN_NAMES]
    assert not found, f"name the module by what it owns: {found}"


def test_no_signals_of_our_own() -> None:
    found = [name(path) for path in sources() if SIGNAL.search(path.read_text(encoding="utf-8"))]
    assert not found, f"an effect is a line in a service: {found}"


def test_no_bulk_change_on_models_with_history() -> None:
    bulk = re.compile(rf"\b({'|'.join(AUDITED)})\.objects\.[^\n]*(update|bulk_update|bulk_create)\(")
    found = [name(path) for path in sources() if bulk.search(path.read_text(encoding="utf-8"))]
    assert not found, f"bulk changes leave no history; save row by row: {found}"


@pytest.mark.parametrize("path", templates(), ids=name)
def test_every_template_compiles(path: Path) -> None:
    get_template(path.relative_to(ROOT / "templates").as_posix())


def route_names(namespace: str) -> set[str]:
    _prefix, resolver = get_resolver().namespace_dict[namespace]
    return {key for key in resolver.reverse_dict if isinstance(key, str)}


UNROUTED = {"recompute", "redact", "describe", "mark_clean", "add_screenshot", "register"}
"""Acts of the register without a form of their own: the calendar's, and those with pages for pictures or raising."""


@pytest.mark.parametrize("action", sorted(set(issue_workflow.WORKFLOW.rows) - UNROUTED))
def test_every_act_of_the_register_has_route_verb_and_page(action: str) -> None:
    assert action in route_names("issues"), f"add a route issues:{action}"
    assert hasattr(issue_services, action), f"add issues.services.{action}"
    get_template(f"issues/issue_{action}.html")


@pytest.mark.parametrize(
    "action", sorted(set(session_workflow.WORKFLOW.rows) - {"publish", "plan_on_the_spot", "block_step"})
)
def test_every_act_of_a_session_has_route_and_verb(action: str) -> None:
    assert action in route_names("window_sessions"), f"add a route window_sessions:{action}"
    assert hasattr(session_services, action), f"add sessions.services.{action}"
