"""The close-out sheet and the issues of an item."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from issues import services
from issues.choices import EvidenceKind
from issues.models import Issue
from tests.issues.pictures import upload
from tests.issues.stages import Stage

pytestmark = pytest.mark.usefixtures("monday")


def get(client: Client, user: User, issue: Issue) -> Any:
    client.force_login(user)
    return client.get(reverse("issues:close_out_sheet", args=[issue.pk]))


def closed_with_pictures(stage: Stage, before: int, after: int) -> Issue:
    """Closed, with checked pictures and one unchecked."""
    issue = stage.issue("rectifying")
    for n in range(before + after):
        kind = EvidenceKind.BEFORE if n < before else EvidenceKind.AFTER
        services.add_screenshot(stage.lead, upload(), issue=issue, kind=kind, no_personal_data=True)
    services.add_screenshot(stage.lead, upload(), issue=issue, caption="群众手机短信")
    return stage.close(stage.submit(Issue.objects.get(pk=issue.pk)))


def test_the_sheet_prints_what_was_checked(client: Client, stage: Stage) -> None:
    issue = closed_with_pictures(stage, 1, 1)
    page = get(client, stage.office, issue)
    text = page.content.decode()
    issue.refresh_from_db()
    assert issue.close_out_number in text
    assert issue.ledger_head in text
    assert "群众手机短信" not in text
    assert page.context["sheet"].left_out == 1
    assert [tile.after for tile in page.context["sheet"].front] == [False, True]
    assert "data:image/svg+xml" in text


def test_more_pictures_go_on_annexes(client: Client, stage: Stage) -> None:
    sheet = get(client, stage.office, closed_with_pictures(stage, 4, 3)).context["sheet"]
    assert [len(annex) for annex in sheet.annexes] == [4, 1]


def test_pictures_of_one_side_stand_in_their_order(client: Client, stage: Stage) -> None:
    sheet = get(client, stage.office, closed_with_pictures(stage, 3, 0)).context["sheet"]
    assert [tile.picture.number for tile in sheet.front] == [1, 2]


def test_who_may_not_open_pictures_prints_none(client: Client, stage: Stage, hall_administrator: User) -> None:
    sheet = get(client, hall_administrator, closed_with_pictures(stage, 1, 1)).context["sheet"]
    assert (sheet.front, sheet.left_out) == ([], 3)


def test_limits_say_met_or_over(client: Client, stage: Stage) -> None:
    issue = closed_with_pictures(stage, 1, 1)
    issue.clocks.filter(kind="rectify").update(met=False, extended_days=2)
    limits = get(client, stage.office, issue).context["sheet"].limits
    assert len(limits) == 3


def test_the_second_officer_is_named(client: Client, stage: Stage) -> None:
    issue = closed_with_pictures(stage, 0, 0)
    assert get(client, stage.office, issue).context["sheet"].second_officer is False


@pytest.mark.parametrize("status", ["registered", "awaiting_verification", "rejected"])
def test_only_a_closed_issue_has_a_sheet(client: Client, stage: Stage, status: str) -> None:
    assert get(client, stage.office, stage.issue(status)).status_code == 409


def test_strangers_get_no_sheet(client: Client, stage: Stage, outsider: User) -> None:
    assert get(client, outsider, stage.issue("closed")).status_code == 404


def test_the_issues_of_an_item(client: Client, stage: Stage, outsider: User) -> None:
    address = reverse("issues:item_panel", args=[stage.district.item_b.pk])
    for _n in range(11):
        stage.issue()
    client.force_login(stage.office)
    page = client.get(address)
    assert (len(page.context["issues"]), page.context["more"]) == (10, True)
    assert b"<html" not in client.get(address, headers={"HX-Request": "true"}).content
    client.force_login(outsider)
    assert client.get(address).context["issues"] == []
    assert client.get(reverse("issues:item_panel", args=[999])).status_code == 404
