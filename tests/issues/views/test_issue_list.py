"""The register: who sees what, tabs, conditions, pages, and what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from core import clock
from issues import counting, services
from issues.models import Issue
from tests.conftest import District
from tests.issues.pictures import upload
from tests.issues.stages import Stage

pytestmark = pytest.mark.usefixtures("monday")
LIST = "/issues/"
MOST_QUERIES = 12


def get(client: Client, user: User, **conditions: Any) -> Any:
    client.force_login(user)
    return client.get(LIST, conditions)


def numbers(response: Any) -> list[str]:
    return [row.issue.number for row in response.context["list"].rows]


def found(client: Client, user: User, **conditions: Any) -> list[str]:
    return sorted(numbers(get(client, user, state="all", **conditions)))


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("reform_officer", 2),
        ("auditor", 2),
        ("hall_administrator", 2),
        ("guide", 2),
        ("director_a", 2),
        ("liaison", 1),
        ("director_b", 1),
        ("outsider", 0),
        ("experience_officer", 0),
    ],
)
def test_who_sees_which_rows(
    client: Client, stage: Stage, request: pytest.FixtureRequest, name: str, count: int
) -> None:
    stage.issue()
    stage.issue("assigned")
    response = get(client, request.getfixturevalue(name))
    assert len(numbers(response)) == count
    assert response.context["list"].counts["all"] == count


def test_anonymous_people_are_sent_to_the_door(client: Client, db: None) -> None:
    assert client.get(LIST).status_code == 302
    assert client.post(LIST).status_code in (302, 405)


def cost(client: Client, user: User) -> int:
    client.force_login(user)
    client.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(LIST).status_code == 200
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


def test_the_cost_is_the_same_for_one_and_thirty_rows(client: Client, stage: Stage) -> None:
    services.add_screenshot(stage.finder, upload(), issue=stage.issue())
    one = cost(client, stage.office)
    for n in range(29):
        issue = stage.issue("assigned" if n % 3 else "registered")
        if n % 7 == 0:
            services.add_screenshot(stage.office, upload(), issue=issue)
    thirty = cost(client, stage.office)
    assert one == thirty
    assert thirty <= MOST_QUERIES


def test_tabs_count_states(client: Client, stage: Stage) -> None:
    for status in ("registered", "assigned", "closed", "rejected"):
        stage.issue(status)
    counts = get(client, stage.office).context["list"].counts
    assert [counts[name] for name in ("open", "registered", "assigned", "closed", "settled", "all")] == [
        2,
        1,
        1,
        1,
        1,
        4,
    ]
    assert len(numbers(get(client, stage.office, state="settled"))) == 1


def test_conditions_narrow_the_list(client: Client, stage: Stage) -> None:
    one = stage.issue("assigned", title="护照只能去别的厅领", severity="severe")
    two = stage.issue(holding_departments=[], source="meeting", needing_department=stage.district.c, item=None)
    for conditions, expected in narrowing(stage.district, one, two):
        assert found(client, stage.office, **conditions) == expected, conditions


def narrowing(district: District, one: Issue, two: Issue) -> list[tuple[dict[str, Any], list[str]]]:
    """Conditions, and the numbers that they leave of these two issues."""
    a, b, c = district.a.pk, district.b.pk, district.c.pk
    return [
        ({"q": "护照"}, [one.number]),
        ({"q": two.number}, [two.number]),
        ({"q": district.item_b.name}, [one.number]),
        ({"q": "%"}, []),
        ({"lead": b}, [one.number]),
        ({"need": c}, [two.number]),
        ({"hold": a}, [one.number]),
        ({"need": b, "hold": a}, [one.number]),
        ({"severity": "severe"}, [one.number]),
        ({"source": "meeting"}, [two.number]),
        ({"hall": district.hall.pk}, [one.number, two.number]),
        ({"window": district.window_a.pk}, []),
        ({"category": one.category_id}, [one.number, two.number]),
        ({"registered_from": "2026-05-18", "registered_to": "2026-05-18"}, [one.number, two.number]),
        ({"registered_to": "2026-05-17"}, []),
        ({"closed_from": "2026-01-01"}, []),
        ({"round": 1}, [one.number, two.number]),
        ({"own": "yes"}, []),
    ]


def test_initials_of_the_item_are_found(client: Client, stage: Stage) -> None:
    item = stage.district.item_b
    item.initials = "JZLJ"
    item.save()
    issue = stage.issue()
    assert found(client, stage.office, q="jzlj") == [issue.number]


def test_lights_agree_with_the_rows(client: Client, stage: Stage) -> None:
    soon = stage.issue("assigned")
    stage.issue("rectifying")
    assert found(client, stage.office, light="yellow") == [soon.number]
    assert found(client, stage.office, light="red") == []
    with clock.at(clock.now() + timedelta(days=3)):
        page = get(client, stage.office, light="red")
        assert numbers(page) == [soon.number]
        assert {row.light.colour for row in page.context["list"].rows} == {"red"}
        assert page.context["list"].counts["red"] == 1
        assert found(client, stage.office, light="late") == [soon.number]


@pytest.mark.parametrize("long", [False, True])
def test_a_long_register_answers_as_a_short_one(
    client: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch, long: bool
) -> None:
    """Beyond the bound the limits are walked instead of the rows: same lights, same order, no limit last."""
    over, rests_late = stage.issue("assigned", source="intake"), stage.issue("rectifying")
    with clock.at(clock.now() + timedelta(days=14)):
        stage.suspend(rests_late)
        soon, none = stage.issue("assigned"), stage.issue()
        rests = stage.suspend(stage.issue("rectifying"))
    monkeypatch.setattr(counting, "beyond", lambda count: long)
    with clock.at(clock.now() + timedelta(days=14, hours=1)):
        red = [over.number, rests_late.number]
        assert numbers(get(client, stage.office, light="red")) == red
        assert numbers(get(client, stage.office, light="late")) == [*red, soon.number]
        assert numbers(get(client, stage.office, light="yellow")) == [soon.number]
        by_date = [*red, soon.number, rests.number]
        assert numbers(get(client, stage.office, sort="due")) == [*by_date, none.number]
        assert numbers(get(client, stage.office, sort="-due")) == [*reversed(by_date), none.number]
        assert numbers(get(client, stage.office, sort="due", state="closed")) == []


def test_a_rest_begun_in_time_is_not_red(client: Client, stage: Stage) -> None:
    stage.suspend(stage.issue("rectifying"))
    with clock.at(clock.now() + timedelta(days=60)):
        page = get(client, stage.office).context["list"]
    assert (page.counts["red"], page.counts["yellow"]) == (0, 0)


def test_an_own_finding_is_found(client: Client, stage: Stage) -> None:
    issue = stage.issue("assigned", found_by_department=stage.district.b)
    assert found(client, stage.office, own="yes") == [issue.number]


BAD = {"lead": "x", "registered_from": "gestern", "round": "-1", "severity": "'; drop", "state": "nowhere", "sort": "x"}


@pytest.mark.parametrize(("name", "value"), BAD.items())
def test_what_cannot_be_read_is_left_out_and_named(client: Client, stage: Stage, name: str, value: str) -> None:
    stage.issue()
    response = get(client, stage.office, **{name: value})
    assert response.status_code == 200
    assert len(numbers(response)) == 1
    assert response.context["list"].ignored == [name]


def test_chosen_conditions_can_be_taken_away(client: Client, stage: Stage) -> None:
    stage.issue()
    page = get(client, stage.office, severity="normal", q="复印件").context["list"]
    assert [chip.remove_url for chip in page.chips] == ["?severity=normal", "?q=%E5%A4%8D%E5%8D%B0%E4%BB%B6"]


def test_sorting(client: Client, stage: Stage) -> None:
    with clock.at(clock.now() - timedelta(days=7)):
        old = stage.issue("assigned")
    new = stage.issue("assigned")
    assert numbers(get(client, stage.office)) == [new.number, old.number]
    assert numbers(get(client, stage.office, sort="registered")) == [old.number, new.number]
    assert numbers(get(client, stage.office, sort="due")) == [old.number, new.number]
    assert numbers(get(client, stage.office, sort="-due")) == [new.number, old.number]


def test_pages(client: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("issues.listing.PER_PAGE", 2)
    monkeypatch.setattr(counting, "BOUND", 3)
    for _n in range(5):
        stage.issue()
    page = get(client, stage.office, page=2).context["list"].page
    assert (page.number, page.paginator.num_pages, page.paginator.beyond) == (2, 2, True)
    assert get(client, stage.office, page="x").context["list"].page.number == 1
    assert "3,000" in get(client, stage.office).content.decode()


def test_an_empty_register_says_what_brings_issues(client: Client, reform_officer: User, auditor: User) -> None:
    assert reverse("issues:register") in get(client, reform_officer).content.decode()
    assert reverse("issues:register") not in get(client, auditor).content.decode()
    assert "Any" not in get(client, reform_officer, q="zz").content.decode()


def test_a_picture_in_the_row_follows_the_rule(client: Client, stage: Stage, director_b: User) -> None:
    issue = stage.issue()
    services.add_screenshot(stage.finder, upload(), issue=issue)
    stage.assign(Issue.objects.get(pk=issue.pk))
    assert get(client, stage.finder).context["list"].rows[0].thumb.thumbnail_url
    hidden = get(client, director_b).context["list"].rows[0]
    assert (hidden.thumb.thumbnail_url, hidden.shots) == ("", 1)


def test_a_notice_stands_in_the_row(client: Client, stage: Stage) -> None:
    issue = stage.issue("rectifying")
    services.supervise(issue, stage.office, colour="orange", text="请说明", due_on=clock.today())
    assert get(client, stage.office).context["list"].rows[0].notice == ("orange", 1)
