"""The pages of acts: every state with every act, every role with every act, stale forms, bad forms, strangers."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core import clock, ledger
from issues import services
from issues.act_urls import urlpatterns
from issues.choices import IssueStatus
from issues.models import Issue, IssueEvent, Task
from issues.workflow import WORKFLOW
from tests.issues.pictures import upload
from tests.issues.stages import WAYS, Stage
from tests.issues.views.acting import actor, page, post, prepare

QUERIES = 12
ACTIONS = [str(route.name) for route in urlpatterns]
EVERYONE = ["hall_administrator", "guide", "director_a", "director_b", "liaison", "auditor", "experience_officer"]


@pytest.mark.parametrize("status", WAYS)
def test_exactly_the_documented_acts_pass_in_each_state(client: Client, stage: Stage, status: str) -> None:
    issue = stage.issue(status, found_by=stage.lead)
    for action in ACTIONS:
        mark = transaction.savepoint()
        data = prepare(stage, issue, action)
        response = post(client, actor(stage, action), issue, action, **data)
        expected = 302 if status in WORKFLOW[action].sources else 409
        assert response.status_code == expected, (action, status, getattr(response, "context", None))
        assert list(ledger.verify(IssueEvent)) == []
        row = Issue.objects.get(pk=issue.pk)
        reached = {status, WORKFLOW[action].target_from(status)} if expected == 302 else {status}
        assert row.status in reached
        transaction.savepoint_rollback(mark)


@pytest.mark.parametrize("status", WAYS)
def test_each_page_opens_where_its_act_may_start(client: Client, stage: Stage, status: str) -> None:
    issue = stage.issue(status, found_by=stage.lead)
    for action in (name for name in ACTIONS if status in WORKFLOW[name].sources):
        prepare(stage, issue, action)
        assert cost(client, actor(stage, action), issue, action) <= QUERIES, action


def cost(client: Client, user: User, issue: Issue, action: str) -> int:
    """What the page of an act asks of the database, session and sign-in included."""
    client.force_login(user)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page(issue, action)).status_code == 200, action
    return sum("SAVEPOINT" not in query["sql"] for query in asked)


def test_an_acts_page_costs_the_same_for_an_issue_with_thirty_papers(client: Client, stage: Stage) -> None:
    for status, action in ((IssueStatus.AWAITING_VERIFICATION, "close_out"), (IssueStatus.CLOSED, "look_back")):
        issue = stage.issue(status)
        user = actor(stage, action)
        few = cost(client, user, issue, action)
        for _n in range(30):
            services.comment(issue, stage.office, note="看到了")
            facts = {
                "department": stage.district.c,
                "due_on": clock.today(),
                "created_by": stage.office,
                "created_at": clock.now(),
            }
            Task.objects.create(issue=issue, round=1, title="接口", **facts)
        assert cost(client, user, issue, action) == few


OFFICE_ONLY = {
    "assign": IssueStatus.REGISTERED,
    "reject": IssueStatus.REGISTERED,
    "merge": IssueStatus.REGISTERED,
    "rule_transfer": IssueStatus.ASSIGNED,
    "suspend": IssueStatus.RECTIFYING,
    "resume": IssueStatus.SUSPENDED,
    "return_for_rework": IssueStatus.AWAITING_VERIFICATION,
    "close_out": IssueStatus.AWAITING_VERIFICATION,
    "verify": IssueStatus.AWAITING_VERIFICATION,
    "reopen": IssueStatus.CLOSED,
    "look_back": IssueStatus.CLOSED,
    "supervise": IssueStatus.RECTIFYING,
    "remind": IssueStatus.RECTIFYING,
    "decide_extension": IssueStatus.RECTIFYING,
    "coordinate": IssueStatus.RECTIFYING,
    "plan_re_walk": IssueStatus.AWAITING_VERIFICATION,
}
LEAD_ONLY = {
    "acknowledge": IssueStatus.ASSIGNED,
    "transfer": IssueStatus.ASSIGNED,
    "send_back": IssueStatus.ASSIGNED,
    "submit_rectification": IssueStatus.RECTIFYING,
    "answer_supervision": IssueStatus.RECTIFYING,
    "request_extension": IssueStatus.RECTIFYING,
}
# Who of the cast has an act besides: (state, people).
SHARED = {
    "add_task": (IssueStatus.RECTIFYING, {"liaison", "reform_officer"}),
    "follow_up": (IssueStatus.RECTIFYING, {"liaison", "reform_officer"}),
    "finish_task": (IssueStatus.RECTIFYING, {"liaison"}),
    "comment": (
        IssueStatus.RECTIFYING,
        {"liaison", "reform_officer", "director_a", "director_b", "hall_administrator"},
    ),
}
HOLDERS = (
    {action: (status, {"reform_officer"}) for action, status in OFFICE_ONLY.items()}
    | {action: (status, {"liaison"}) for action, status in LEAD_ONLY.items()}
    | SHARED
)
STRANGERS = {"experience_officer", "outsider"}


@pytest.mark.parametrize("action", HOLDERS)
def test_each_role_does_only_its_own_acts(
    client: Client, stage: Stage, action: str, request: pytest.FixtureRequest
) -> None:
    status, holders = HOLDERS[action]
    issue = stage.issue(status)
    prepare(stage, issue, action)
    strangers = STRANGERS | ({"liaison", "director_b"} if status == IssueStatus.REGISTERED else set())
    for name in [*EVERYONE, "reform_officer", "outsider"]:
        user: User = request.getfixturevalue(name)
        client.force_login(user)
        expected = 404 if name in strangers else 400 if name in holders else 403
        assert client.post(page(issue, action), {}).status_code == expected, name
    assert Issue.objects.get(pk=issue.pk).version == issue.version


def test_every_act_with_a_page_is_covered_here() -> None:
    assert set(HOLDERS) == set(ACTIONS)


def test_an_anonymous_person_is_sent_to_the_door(client: Client, stage: Stage) -> None:
    issue = stage.issue(IssueStatus.ASSIGNED)
    response = client.post(page(issue, "acknowledge"), {"version": issue.version})
    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]


def test_a_stale_form_gets_both_texts_and_changes_nothing(client: Client, stage: Stage) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    opened_at = issue.version
    post(client, stage.office, issue, "comment", note="先来一步的批注")
    response = post(client, stage.lead, issue, "comment", version=opened_at, note="我写的长文字")
    assert response.status_code == 409
    text = response.content.decode()
    assert "先来一步的批注" in text
    assert "我写的长文字" in text
    assert Issue.objects.get(pk=issue.pk).version == opened_at + 1


def test_a_stale_form_gives_choices_back_in_words(client: Client, stage: Stage) -> None:
    issue = stage.issue(IssueStatus.REGISTERED)
    post(client, stage.office, issue, "comment", note="先来一步的批注")
    lead = stage.district.a
    response = post(client, stage.office, issue, "assign", version=0, lead_department=lead.pk, note="请牵头")
    assert response.status_code == 409
    assert f"牵头单位：{lead.label}" in response.content.decode()
    assert "请牵头" in response.content.decode()


def test_a_bad_form_comes_back_with_the_text_typed(client: Client, stage: Stage) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    response = post(client, stage.lead, issue, "submit_rectification", measures="已取消复印件", outcome="solved")
    assert response.status_code == 400
    assert "已取消复印件" in response.content.decode()
    assert Issue.objects.get(pk=issue.pk).status == IssueStatus.RECTIFYING


def test_what_the_service_refuses_without_a_field_stands_on_top(client: Client, stage: Stage) -> None:
    issue = stage.issue(IssueStatus.AWAITING_VERIFICATION)
    response = post(client, stage.office, issue, "close_out", note="可以销号")
    assert response.status_code == 400
    assert response.context["form"].non_field_errors()


def test_an_error_of_a_field_the_form_lacks_stands_on_top(client: Client, stage: Stage) -> None:
    issue = stage.issue(IssueStatus.REJECTED)
    response = post(client, stage.office, issue, "reopen", note="\u200b")
    assert response.status_code == 400


def test_who_loses_sight_of_the_issue_goes_to_the_register(client: Client, stage: Stage) -> None:
    issue = stage.issue(IssueStatus.ASSIGNED)
    response = post(client, stage.lead, issue, "send_back", note="不归我们管")
    assert response["Location"] == "/issues/"


def test_htmx_is_sent_on_by_header(client: Client, stage: Stage) -> None:
    issue = stage.issue(IssueStatus.ASSIGNED)
    client.force_login(stage.lead)
    response = client.post(page(issue, "acknowledge"), {"version": issue.version}, headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == f"/issues/{issue.pk}/"


def test_fields_that_the_form_does_not_own_are_ignored(client: Client, stage: Stage) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    foreign = {"status": "closed", "lead_department": stage.district.c.pk, "registered_by": 1, "round": 9}
    post(client, stage.lead, issue, "comment", note="请看附件", **foreign)
    row = Issue.objects.get(pk=issue.pk)
    assert (row.status, row.lead_department, row.round) == (issue.status, stage.district.b, 1)


def test_the_page_of_an_act_says_what_is_missing(client: Client, stage: Stage) -> None:
    issue = stage.issue(IssueStatus.AWAITING_VERIFICATION)
    client.force_login(stage.office)
    response = client.get(page(issue, "close_out"))
    assert response.context["missing"]
    assert len(response.context["consequences"]) == 3


def test_evidence_is_handed_in_with_the_measures(client: Client, stage: Stage) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    sent = {"measures": "已取消复印件", "outcome": "solved", "pictures": [upload("一.png"), upload("二.png")]}
    assert post(client, stage.lead, issue, "submit_rectification", **sent).status_code == 302
    issue.refresh_from_db()
    assert issue.status == IssueStatus.AWAITING_VERIFICATION
    assert list(issue.screenshots.values_list("kind", flat=True)) == ["after", "after"]
    assert len(issue.events.get(action="submit_rectification").data["evidence"]) == 2


@pytest.mark.parametrize(
    ("given", "words"), [({"outcome": "solved"}, "坏.png"), ({"outcome": ""}, "请再选一次"), ({"version": 0}, "")]
)
def test_refused_evidence_hands_nothing_in(client: Client, stage: Stage, given: dict[str, Any], words: str) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    bad = SimpleUploadedFile("坏.png", b"text", "image/png")
    sent = {"measures": "已取消复印件", "pictures": [upload("好.png"), bad]} | given
    response = post(client, stage.lead, issue, "submit_rectification", **sent)
    assert response.status_code == (409 if "version" in given else 400)
    assert words in response.content.decode()
    assert "已取消复印件" in response.content.decode()
    issue.refresh_from_db()
    assert (issue.status, issue.screenshots.count()) == (IssueStatus.RECTIFYING, 0)


def test_a_picture_sent_to_an_act_that_takes_none_is_no_fault(client: Client, stage: Stage) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    sent = {"cause": "funding", "review_on": "2020-01-01", "pictures": upload()}
    assert post(client, stage.office, issue, "suspend", **sent).status_code == 400
