"""docs/transitions.md says what the tables say."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from issues.act_urls import urlpatterns
from issues.management.commands import transition_tables
from issues.permissions import HOLDERS
from issues.workflow import WORKFLOW

# Acts with pages of another kind: forms of raising, pictures, a draw of many, and what follows from the calendar.
ELSEWHERE = {"register", "add_screenshot", "redact", "mark_clean", "describe", "recompute", "draw_sample"}


def test_the_document_is_current() -> None:
    call_command("transition_tables", "--check")


def test_a_stale_document_is_refused_and_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transition_tables, "PATH", tmp_path / "docs" / "transitions.md")
    with pytest.raises(CommandError):
        call_command("transition_tables", "--check")
    call_command("transition_tables")
    call_command("transition_tables", "--check")


def test_every_row_has_address_rule_and_template() -> None:
    rows = set(WORKFLOW.rows) - ELSEWHERE
    assert rows == {str(route.name) for route in urlpatterns}
    assert rows <= set(HOLDERS)
    for action in rows:
        assert (settings.BASE_DIR / "templates" / "issues" / f"issue_{action}.html").exists()
        assert action.replace("_", "-") in {str(route.pattern).split("/")[1] for route in urlpatterns}
