"""The page of one issue: what it says in every state, to whom, and what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from catalog.models import HallClosure
from core import clock
from issues import services
from issues.choices import IssueStatus
from issues.models import Issue, IssueEvent
from tests.issues.pictures import upload
from tests.issues.stages import Stage, registered
from tests.issues.walks import walk

pytestmark = pytest.mark.usefixtures("monday")
MOST_QUERIES = 12


def get(client: Client, user: User, issue: Issue, query: str = "") -> Any:
    client.force_login(user)
    return client.get(reverse("issues:issue_detail", args=[issue.pk]) + query)


@pytest.mark.parametrize("status", list(IssueStatus))
def test_every_state_has_a_page(client: Client, stage: Stage, status: IssueStatus) -> None:
    issue = stage.issue(status)
    page = get(client, stage.office, issue)
    assert page.status_code == 200
    now = [node for node in page.context["path"] if node["here"]]
    assert [node["label"] for node in now] == [status.label]
    assert page.context["chain_holds"] is True


SEES = ["reform_officer", "auditor", "hall_administrator", "guide", "director_a", "liaison", "director_b"]


@pytest.mark.parametrize(
    ("name", "status"), [*((name, 200) for name in SEES), ("outsider", 404), ("experience_officer", 404)]
)
def test_who_reads_an_issue(
    client: Client, stage: Stage, request: pytest.FixtureRequest, name: str, status: int
) -> None:
    assert get(client, request.getfixturevalue(name), stage.issue("assigned")).status_code == status


def cost(client: Client, user: User, issue: Issue) -> int:
    client.force_login(user)
    address = reverse("issues:issue_detail", args=[issue.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


def test_the_cost_does_not_grow_with_the_papers(client: Client, stage: Stage) -> None:
    plain = stage.issue("rectifying")
    rich = stage.issue("rectifying")
    for n in range(8):
        services.add_task(rich, stage.office, department=stage.district.a, title=f"任务{n}", due_on=clock.today())
        services.add_screenshot(stage.lead, upload(), issue=rich)
        services.comment(rich, stage.office, note="看到了")
    few, many = cost(client, stage.office, plain), cost(client, stage.office, rich)
    assert many == few
    assert many <= MOST_QUERIES


def test_the_primary_act_and_the_refused_ones(client: Client, stage: Stage) -> None:
    issue = stage.issue("awaiting_verification")
    acts = get(client, stage.office, issue).context["acts"]
    assert acts.primary.act.action == "verify"
    assert "close_out" in {button.act.action for button in acts.refused}
    verified = stage.verify(Issue.objects.get(pk=issue.pk))
    page = get(client, stage.office, verified)
    assert page.context["acts"].primary.act.action == "close_out"
    assert {check.mark for check in page.context["checks"]} == {"yes"}


def test_an_auditor_has_nothing_to_do(client: Client, stage: Stage, auditor: User) -> None:
    acts = get(client, auditor, stage.issue("rectifying")).context["acts"]
    assert not acts.any
    assert acts.refused == []


def test_open_tasks_and_unchecked_pictures_are_said(client: Client, stage: Stage) -> None:
    issue = stage.issue("rectifying")
    services.add_task(issue, stage.office, department=stage.district.a, title="开通接口", due_on=clock.today())
    services.add_screenshot(stage.lead, upload(), issue=issue)
    marks = [check.mark for check in get(client, stage.lead, issue).context["checks"]]
    assert marks == ["no", "no", "warn"]


def test_holders_and_their_days(client: Client, stage: Stage) -> None:
    issue = stage.issue("rectifying")
    with clock.at(clock.now() + timedelta(days=2)):
        services.transfer(issue, stage.lead, to=stage.district.c, note="不归我们管")
        with clock.at(clock.now() + timedelta(days=1)):
            held = get(client, stage.office, issue).context["holders"]
    assert [(holder.name, holder.days, holder.now) for holder in held] == [
        ("改革办", 0, False),
        ("自然资源和规划局", 2, False),
        ("市场监管局", 1, True),
    ]


def test_a_closed_issue_is_in_nobodys_hand(client: Client, stage: Stage) -> None:
    assert not any(holder.now for holder in get(client, stage.office, stage.issue("closed")).context["holders"])


def test_limits_show_their_days_and_skip_closures(client: Client, stage: Stage) -> None:
    HallClosure.objects.create(hall=stage.district.hall, date=clock.today() + timedelta(days=1), reason="检修")
    line = get(client, stage.office, stage.issue("assigned")).context["clocks"][0]
    assert [day.isoformat() for day in line.dates] == ["2026-05-20"]


def test_the_timeline_folds_minor_acts_until_asked(client: Client, stage: Stage) -> None:
    issue = stage.issue("rectifying")
    services.comment(issue, stage.office, note="看到了")
    folded = get(client, stage.office, issue).context["entries"]
    assert [entry["important"] for entry in folded] == [False, True, True, True]
    assert all(entry["important"] for entry in get(client, stage.office, issue, "?all=1").context["entries"])


def test_a_changed_event_is_seen(client: Client, stage: Stage) -> None:
    issue = stage.issue("assigned")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE issues_issueevent SET note = %s WHERE issue_id = %s AND number = 1", ["x", issue.pk])
    assert get(client, stage.office, issue).context["chain_holds"] is False
    assert IssueEvent.objects.filter(issue=issue).count() == 2


def test_every_act_has_words_in_the_timeline(client: Client, stage: Stage) -> None:
    issue = stage.issue("rectifying")
    office, soon = stage.office, clock.today() + timedelta(days=2)
    services.supervise(issue, office, colour="red", text="请说明", due_on=soon)
    services.coordinate(issue, office, participants="两局", agreed="月底开通")
    services.request_extension(issue, stage.lead, days=2, reason="等系统")
    services.decide_extension(issue, office, granted=True, note="同意")
    services.add_task(issue, office, department=stage.district.a, title="开通接口", due_on=soon)
    texts = [entry["text"] for entry in get(client, office, issue).context["entries"]]
    joined = "\n".join(map(str, texts))
    for words in ("住建局", "两局", "1", "2"):
        assert words in joined


def test_what_one_may_not_open_is_hatched(client: Client, stage: Stage, hall_administrator: User) -> None:
    issue = stage.issue()
    picture = services.add_screenshot(stage.finder, upload(), issue=issue)
    mine = get(client, stage.finder, issue).content.decode()
    theirs = get(client, hall_administrator, issue).content.decode()
    address = reverse("issues:screenshot_thumb", args=[picture.pk])
    assert address in mine
    assert address not in theirs


def test_a_second_round_keeps_the_first(client: Client, stage: Stage) -> None:
    issue = services.reopen(stage.issue("closed"), stage.office, note="又出现了")
    page = get(client, stage.office, issue)
    assert {line.round for line in page.context["clocks"]} == {1, 2}
    assert page.context["path"][2]["state"] == "now"


def test_similar_issues_are_a_part_and_a_page(client: Client, stage: Stage, outsider: User) -> None:
    issue = stage.issue(step_name="受理")
    twin = stage.issue(step_name="受理")
    registered(stage.district, stage.office, item=None, needing_department=stage.district.c)
    client.force_login(stage.office)
    address = reverse("issues:similar_to", args=[issue.pk])
    page = client.get(address)
    assert [other.issue for other in page.context["similar"]] == [twin]
    assert b"<html" not in client.get(address, headers={"HX-Request": "true"}).content
    client.force_login(outsider)
    assert client.get(address).status_code == 404


def test_figures_of_both_walks(client: Client, stage: Stage) -> None:
    issue = stage.issue("awaiting_verification")
    case = walk(stage.district, stage.finder).case
    stage.verify(issue)
    record = issue.verifications.get()
    frozen = [("trips", 2, 1), ("documents", 8, 8), ("signatures", 1, 3), ("waiting_minutes", None, 9)]
    frozen.append(("window", "A17 综窗", "A18 综窗"))  # type: ignore[arg-type]
    record.comparison = [{"name": name, "before": old, "after": new} for name, old, new in frozen]
    record.case = case
    record.save()
    page = get(client, stage.office, issue)
    assert "第一次走在 A17 综窗，复走在 A18 综窗" in page.content.decode()
    rows = page.context["walks"][0].figures
    assert [(row.before, row.after, row.changed) for row in rows] == [
        ("2", "1", True),
        ("8", "8", False),
        ("", "9", False),
        ("1", "3", True),
    ]
    assert (rows[0].before_bar, rows[0].after_bar) == (150, 75)
