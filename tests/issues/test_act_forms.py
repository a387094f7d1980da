"""What forms of acts refuse, suggest and say before the act."""

from datetime import date
from typing import Any

import pytest

from accounts.models import User
from issues import act_forms, services, work_forms
from issues.act_words import consequences, done
from issues.choices import IssueStatus
from issues.models import Issue
from issues.permissions import may
from tests.issues.stages import Stage


def bound(form: type[act_forms.ActForm], issue: Issue, user: User, **data: Any) -> act_forms.ActForm:
    return form({"version": issue.version} | data, issue=issue, user=user)


def test_an_agreed_date_is_a_working_day(stage: Stage, monday: None) -> None:
    issue = stage.issue()
    form = bound(act_forms.AssignForm, issue, stage.office, lead_department=stage.district.b.pk, due_on="2026-05-23")
    assert {"rectify_days", "due_on"} == set(form.errors)
    assert form.fields["due_on"].to_python("2026-05-25") == date(2026, 5, 25)


def test_the_seam_is_suggested_from_the_issue(stage: Stage) -> None:
    form = act_forms.AssignForm(issue=stage.issue(), user=stage.office)
    assert form["lead_department"].initial == stage.district.b.pk
    assert form["supporting"].initial == [stage.district.a.pk]


def test_merging_suggests_open_issues_of_the_same_item(stage: Stage) -> None:
    other, issue = stage.issue(), stage.issue()
    form = act_forms.MergeForm(issue=issue, user=stage.office)
    assert other.number in str(form.fields["into"].help_text)
    assert "into" in bound(act_forms.MergeForm, issue, stage.office, into="WT-1999-001").errors
    assert act_forms.MergeForm(issue=stage.issue(item=None), user=stage.office).similar() == []


def test_too_many_measures_are_refused(stage: Stage) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    lines = "\n".join(f"措施 {n}" for n in range(21))
    form = bound(work_forms.SubmitRectificationForm, issue, stage.lead, measures=lines, outcome="solved")
    assert set(form.errors) == {"measures"}


@pytest.mark.parametrize(
    ("kind", "missing"),
    [("re_walk", {"passed", "case"}), ("document_check", {"passed"}), ("return_visit", {"answer"})],
)
def test_each_way_of_verification_asks_for_its_own(stage: Stage, kind: str, missing: set[str]) -> None:
    issue = stage.issue(IssueStatus.AWAITING_VERIFICATION)
    form = bound(work_forms.VerifyForm, issue, stage.office, kind=kind, note="看过")
    assert set(form.errors) == missing


def test_the_words_before_an_act_name_what_it_leads_to(stage: Stage, outsider: User) -> None:
    issue = stage.issue(IssueStatus.ASSIGNED)
    before = consequences("transfer", issue)
    issue = services.transfer(issue, stage.lead, to=stage.district.c, note="不归我们管")
    assert consequences("transfer", issue) != before
    assert consequences("comment", issue) == []
    moved = done("transfer", issue)
    assert "市场监管局" in moved
    asked = services.transfer(issue, outsider, to=stage.district.a, note="不归我们管")
    assert done("transfer", asked) != moved


def test_the_words_before_closing_name_the_second_officer(stage: Stage) -> None:
    issue = stage.issue(IssueStatus.AWAITING_VERIFICATION)
    plain = len(consequences("close_out", issue))
    User.objects.filter(pk=stage.office.pk).update(department=stage.district.b)
    assert len(consequences("close_out", Issue.objects.get(pk=issue.pk))) == plain + 1


def test_the_words_of_reopening_follow_the_state(stage: Stage) -> None:
    rejected, closed = stage.issue(IssueStatus.REJECTED), stage.issue(IssueStatus.CLOSED)
    assert consequences("reopen", rejected) != consequences("reopen", closed)
    again = services.reopen(closed, stage.office, note="又要复印件")
    assert "2" in done("reopen", again)
    assert done("look_back", closed) != done("look_back", again)


def test_pictures_are_added_by_the_raiser_until_triage_then_by_the_lead(stage: Stage) -> None:
    fresh, assigned = stage.issue(), stage.issue(IssueStatus.ASSIGNED)
    rectifying = stage.issue(IssueStatus.RECTIFYING)
    assert may(stage.finder, "add_screenshot", fresh)
    assert not may(stage.finder, "add_screenshot", assigned)
    assert not may(stage.lead, "add_screenshot", assigned)
    assert may(stage.lead, "add_screenshot", rectifying)
    assert may(stage.office, "add_screenshot", assigned)
