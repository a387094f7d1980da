"""The verbs of the register: what each changes, writes down and refuses."""

import pytest

from core import ledger
from issues.choices import ClockKind, IssueStatus
from issues.models import Issue, IssueEvent
from tests.issues.stages import WAYS, Stage


@pytest.mark.parametrize("status", WAYS)
def test_every_state_is_reached_through_the_verbs_and_the_ledger_holds(stage: Stage, status: str) -> None:
    issue = stage.issue(status)
    assert Issue.objects.get(pk=issue.pk).status == status
    assert list(ledger.verify(IssueEvent)) == []


def test_closing_gives_a_number_and_plans_two_look_backs(stage: Stage) -> None:
    issue = stage.issue(IssueStatus.CLOSED)
    assert issue.close_out_number.startswith("销〔")
    assert issue.follow_ups.count() == 2
    assert {row.kind: row.met for row in issue.clocks.all()} == {
        ClockKind.ACKNOWLEDGE: True,
        ClockKind.RECTIFY: True,
        ClockKind.VERIFY: True,
    }
