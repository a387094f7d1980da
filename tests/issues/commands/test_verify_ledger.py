"""`manage.py verify_ledger` is green on true chains and names the place where one byte was changed."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from issues.choices import IssueStatus
from issues.management.commands.verify_ledger import name
from issues.models import IssueEvent
from sessions.models import SessionEvent
from tests.conftest import District
from tests.issues.stages import Stage
from tests.sessions.stage import simulated_case


def run() -> str:
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    return out.getvalue()


def test_true_chains_are_green(stage: Stage) -> None:
    stage.issue(IssueStatus.CLOSED)
    assert "6" in run()


def test_one_changed_byte_is_named(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    issue = stage.issue(IssueStatus.CLOSED)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE issues_issueevent SET note = 'x' WHERE issue_id = %s AND number = 3", [issue.pk])
    with pytest.raises(CommandError) as caught:
        call_command("verify_ledger")
    assert caught.value.returncode == 1
    assert f"issue {issue.number}, event 3" in capsys.readouterr().out


def test_a_state_that_no_event_led_to_is_named(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE issues_issue SET status = 'suspended' WHERE id = %s", [issue.pk])
    with pytest.raises(CommandError):
        call_command("verify_ledger")
    assert issue.number in capsys.readouterr().out


def test_a_changed_session_is_named(district: District, director_a: User, capsys: pytest.CaptureFixture[str]) -> None:
    case = simulated_case(district, director_a)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM window_sessions_sessionevent WHERE number = 1")
    with pytest.raises(CommandError):
        call_command("verify_ledger")
    assert f"window session {case.window_session_id}, event 2" in capsys.readouterr().out


def test_an_object_that_is_gone_is_named_by_its_key(district: District) -> None:
    assert name(IssueEvent, 7) == "issue 7"
    assert name(SessionEvent, 7) == "window session 7"
