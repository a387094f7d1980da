"""Pictures over HTTP: who opens them, how they are served, uploading and checking them."""

import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.idempotency import new_token
from core.images import MAX_BYTES
from issues import services
from issues.choices import IssueStatus, Redaction
from issues.models import Issue, Screenshot
from tests.conftest import District
from tests.issues.pictures import BAD, content, upload
from tests.issues.stages import Stage, registered
from tests.issues.walks import walk

pytestmark = pytest.mark.usefixtures("monday")


def address(picture: Screenshot, name: str = "screenshot") -> str:
    return reverse(f"issues:{name}", args=[picture.pk])


def status_for(client: Client, user: User, picture: Screenshot, name: str = "screenshot") -> int:
    client.force_login(user)
    return client.get(address(picture, name)).status_code


def form(**given: Any) -> dict[str, Any]:
    fields = {"token": new_token(), "pictures": upload(), "kind": "before", "caption": "", "taken_on": "2026-05-18"}
    return fields | given


@pytest.fixture
def picture(stage: Stage) -> Screenshot:
    """An unchecked picture of an issue that B rectifies, uploaded by its finder."""
    issue = stage.issue()
    found = services.add_screenshot(stage.finder, upload(), issue=issue)
    stage.acknowledge(stage.assign(Issue.objects.get(pk=issue.pk)))
    return found


def test_a_picture_is_served_without_traces(client: Client, picture: Screenshot, director_a: User) -> None:
    client.force_login(director_a)
    response = client.get(address(picture))
    assert response.status_code == 200
    assert response["Content-Type"] in ("image/png", "image/jpeg")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


UNCHECKED = {"director_a": 200, "liaison": 200, "reform_officer": 200}
STRANGERS = ["director_b", "hall_administrator", "guide", "auditor", "outsider", "experience_officer"]


@pytest.mark.parametrize(("name", "expected"), [*UNCHECKED.items(), *((name, 404) for name in STRANGERS)])
@pytest.mark.parametrize("view", ["screenshot", "screenshot_thumb", "check_screenshot"])
def test_who_opens_an_unchecked_picture(
    client: Client, picture: Screenshot, request: pytest.FixtureRequest, name: str, expected: int, view: str
) -> None:
    assert status_for(client, request.getfixturevalue(name), picture, view) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("director_b", 200), ("auditor", 200), ("hall_administrator", 404), ("guide", 404), ("outsider", 404)],
)
def test_who_opens_a_checked_picture(
    client: Client, picture: Screenshot, stage: Stage, request: pytest.FixtureRequest, name: str, expected: int
) -> None:
    services.mark_clean(picture, stage.office)
    assert status_for(client, request.getfixturevalue(name), picture) == expected


def test_a_hall_administrator_opens_the_own_uploads_only(
    client: Client, stage: Stage, hall_administrator: User
) -> None:
    issue = registered(stage.district, hall_administrator)
    own = services.add_screenshot(hall_administrator, upload(), issue=issue)
    other = services.add_screenshot(stage.office, upload(), issue=issue)
    services.mark_clean(other, stage.office)
    assert status_for(client, hall_administrator, own) == 200
    assert status_for(client, hall_administrator, other) == 404


@pytest.mark.parametrize("view", ["screenshot", "screenshot_thumb"])
def test_an_auditor_leaves_a_trace(
    client: Client, picture: Screenshot, stage: Stage, auditor: User, caplog: pytest.LogCaptureFixture, view: str
) -> None:
    services.mark_clean(picture, stage.office)
    with caplog.at_level(logging.INFO, logger="huanwei.audit"):
        status_for(client, auditor, picture, view)
    assert f"user={auditor.pk} picture={picture.pk}" in caplog.text


def test_anonymous_people_are_sent_to_the_door(client: Client, picture: Screenshot) -> None:
    assert client.get(address(picture)).status_code == 302


def test_a_director_opens_the_pictures_of_the_own_walk(
    client: Client, district: District, director_a: User, guide: User, director_b: User
) -> None:
    picture = services.add_screenshot(director_a, upload(), step_run=walk(district, director_a))
    assert status_for(client, director_a, picture) == 200
    assert status_for(client, director_b, picture) == 404
    assert status_for(client, guide, picture) == 404
    services.mark_clean(picture, director_a)
    assert status_for(client, guide, picture) == 200


def add(client: Client, user: User, issue: Issue, **given: Any) -> Any:
    client.force_login(user)
    return client.post(reverse("issues:add_screenshot", args=[issue.pk]), form(**given))


def test_several_pictures_at_once(client: Client, stage: Stage) -> None:
    issue = stage.issue()
    response = add(client, stage.finder, issue, pictures=[upload("甲.png"), upload("乙.png")], boxes="0,0,0.5,0.5|")
    assert response.status_code == 302
    found = Screenshot.objects.order_by("number")
    assert [picture.caption for picture in found] == ["甲", "乙"]
    assert [picture.redaction for picture in found] == [Redaction.REDACTED, Redaction.UNCHECKED]


@pytest.mark.parametrize("kind", sorted(BAD))
def test_a_bad_file_keeps_what_was_typed(client: Client, stage: Stage, kind: str) -> None:
    response = add(client, stage.finder, stage.issue(), pictures=BAD[kind](), caption="受理窗口要求复印")
    assert response.status_code == 400
    assert "受理窗口要求复印" in response.content.decode()
    assert not Screenshot.objects.exists()


def test_the_good_one_stays_when_another_is_bad(client: Client, stage: Stage) -> None:
    token = new_token()
    files = [upload(), BAD["text"]()]
    response = add(client, stage.finder, stage.issue(), pictures=files, token=token)
    assert response.status_code == 400
    assert Screenshot.objects.count() == 1
    assert token not in response.content.decode()


def test_no_file_and_a_day_to_come(client: Client, stage: Stage) -> None:
    issue = stage.issue()
    assert add(client, stage.finder, issue, pictures="").status_code == 400
    assert add(client, stage.finder, issue, taken_on="2030-01-01").status_code == 400
    assert add(client, stage.finder, issue, pictures=[upload() for _n in range(10)]).status_code == 400


def test_a_double_click_adds_once(client: Client, stage: Stage) -> None:
    issue, token = stage.issue(), new_token()
    for _n in range(2):
        assert add(client, stage.finder, issue, token=token).status_code == 302
    assert Screenshot.objects.count() == 1


def test_adding_is_refused_by_role_and_state(client: Client, stage: Stage, auditor: User, outsider: User) -> None:
    issue = stage.issue()
    assert add(client, auditor, issue).status_code == 403
    assert add(client, outsider, issue).status_code == 404
    assert add(client, stage.office, stage.issue(IssueStatus.CLOSED)).status_code == 409
    assert client.get(reverse("issues:add_screenshot", args=[issue.pk])).status_code == 200


def post(client: Client, user: User, picture: Screenshot, name: str, **data: Any) -> Any:
    client.force_login(user)
    return client.post(address(picture, name), data)


BOX = {"left_1": "0", "top_1": "0", "width_1": "50", "height_1": "50"}


@pytest.mark.parametrize("data", [BOX, {"drawn": "0,0,0.5,0.5;0.6,0.6,0.1,0.1"}])
def test_covering_by_number_and_by_drawing(
    client: Client, picture: Screenshot, liaison: User, data: dict[str, str]
) -> None:
    assert post(client, liaison, picture, "redact", **data).status_code == 302
    picture.refresh_from_db()
    assert picture.redaction == Redaction.REDACTED


@pytest.mark.parametrize("data", [{}, {"left_1": "5"}, {"drawn": "x"}, {"drawn": "2,2,1,1"}, BOX | {"width_1": "0"}])
def test_boxes_that_cover_nothing(client: Client, picture: Screenshot, liaison: User, data: dict[str, str]) -> None:
    assert post(client, liaison, picture, "redact", **data).status_code == 400
    picture.refresh_from_db()
    assert picture.redaction == Redaction.UNCHECKED


def test_checking_and_its_refusals(client: Client, picture: Screenshot, liaison: User, director_b: User) -> None:
    assert post(client, director_b, picture, "mark_clean").status_code == 404
    assert post(client, liaison, picture, "mark_clean").status_code == 302
    assert post(client, liaison, picture, "mark_clean").status_code == 409
    assert post(client, director_b, picture, "redact", **BOX).status_code == 403
    assert client.get(address(picture, "redact")).status_code == 405


WORDS = {"caption": "改过的说明", "kind": "after", "taken_on": "2026-05-17", "number": "2"}


def test_describing(client: Client, picture: Screenshot, reform_officer: User, liaison: User) -> None:
    assert post(client, reform_officer, picture, "describe", **WORDS).status_code == 302
    picture.refresh_from_db()
    assert picture.caption == "改过的说明"
    late = post(client, reform_officer, picture, "describe", **(WORDS | {"taken_on": "2031-01-01"}))
    assert late.status_code == 400
    assert "改过的说明" in late.content.decode()
    assert post(client, reform_officer, picture, "describe", caption="x").status_code == 400
    assert post(client, liaison, picture, "describe", **WORDS).status_code == 403


def test_the_pictures_of_a_step(client: Client, district: District, director_a: User, outsider: User) -> None:
    step = walk(district, director_a)
    where = reverse("issues:add_step_screenshot", args=[step.pk])
    client.force_login(director_a)
    assert client.post(where, form()).status_code == 302
    part = client.post(where, form(), headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert b"<html" not in part.content
    assert client.post(where, form(pictures=BAD["html"]())).status_code == 400
    assert client.get(where).status_code == 405
    page = reverse("issues:step_panel", args=[step.pk])
    assert b"<html" in client.get(page).content
    assert step.screenshots.count() == 2
    client.force_login(outsider)
    assert client.get(page).status_code == 404


def test_a_step_that_only_others_record(client: Client, district: District, director_a: User, auditor: User) -> None:
    step = walk(district, director_a)
    client.force_login(auditor)
    assert client.get(reverse("issues:step_panel", args=[step.pk])).status_code == 200
    assert client.post(reverse("issues:add_step_screenshot", args=[step.pk]), form()).status_code == 403


def test_the_page_of_a_step_picture_leads_back(client: Client, district: District, director_a: User) -> None:
    step = walk(district, director_a)
    picture = services.add_screenshot(director_a, upload(), step_run=step)
    client.force_login(director_a)
    page = client.get(address(picture, "check_screenshot"))
    assert reverse("issues:step_panel", args=[step.pk]) in page.content.decode()


def test_the_bound_is_twenty_megabytes() -> None:
    assert MAX_BYTES == 20 * 1024 * 1024
    assert len(content()) < MAX_BYTES
