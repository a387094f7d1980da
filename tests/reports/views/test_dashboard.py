"""The dashboard: every number leads to a list of just as many issues; queries stay few."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from issues.models import Clock
from tests.issues.stages import Stage
from tests.reports.conftest import WEDNESDAY, many

ADDRESS = reverse("reports:dashboard")


def board(client: Client, user: User, query: str = "") -> Any:
    client.force_login(user)
    answer = client.get(f"{ADDRESS}{query}")
    assert answer.status_code == 200
    return answer.context["board"]


def listed(client: Client, url: str) -> int:
    return int(client.get(url).context["list"].counts["total"])


@pytest.fixture
def late(work: Stage) -> Stage:
    """Some limits have passed, one of them met late."""
    clocks = list(Clock.objects.filter(stopped_at__isnull=True)[:2])
    for clock in clocks:
        clock.due_on = WEDNESDAY.date().replace(day=18)
        clock.save()
    stopped = Clock.objects.filter(met=True).latest("pk")
    stopped.met = False
    stopped.save()
    return work


def test_tiles_and_states_lead_to_as_many_issues(late: Stage, client: Client) -> None:
    found = board(client, late.office)
    for figure in found.figures:
        assert listed(client, figure.numerator_url) == figure.numerator, figure.name
        assert listed(client, figure.denominator_url) == figure.denominator, figure.name
    for row in found.states:
        assert listed(client, row.url) == row.count, row.state


def test_department_rows_lead_to_as_many_issues(late: Stage, client: Client) -> None:
    for row, links in board(client, late.office, "?span=month").departments:
        shown = {"open": row.open, "closed": row.closed, "overdue": row.overdue, "own": row.own_finds}
        shown |= {"due": row.rectified.due, "met": row.rectified.met}
        assert {name: listed(client, links[name]) for name in shown} == shown


def test_seams_and_categories_lead_to_as_many_issues(late: Stage, client: Client) -> None:
    found = board(client, late.office)
    cells = [(n, url) for _need, row, _total in found.seams for n, url, _heat in row if url]
    cells += [(bar.row.total, url) for bar, url in found.categories]
    assert cells
    assert [listed(client, url) for _n, url in cells] == [n for n, _url in cells]


def test_weeks_count_what_the_filters_show(late: Stage, client: Client) -> None:
    found, address = board(client, late.office), reverse("issues:issue_list")
    week = found.weeks[-1]
    between = "state=all&{0}_from={1:%Y-%m-%d}&{0}_to={2:%Y-%m-%d}"
    for fact, count in (("registered", week.opened), ("closed", week.closed)):
        assert listed(client, f"{address}?{between.format(fact, week.monday, week.sunday)}") == count
    assert week.stock == sum(row.count for row in found.states if row.state in ("registered", "assigned")) + sum(
        row.count for row in found.states if row.state in ("rectifying", "awaiting_verification", "suspended")
    )


def test_a_liaison_counts_only_what_the_liaison_sees(late: Stage, outsider: User, client: Client) -> None:
    assert board(client, outsider).total == 2


def test_bad_dates_fall_back_to_everything(late: Stage, client: Client) -> None:
    assert board(client, late.office, "?span=custom&first=x&last=2026-99-99").period.first is None


def test_an_empty_register_says_so(reform_officer: User, client: Client) -> None:
    client.force_login(reform_officer)
    assert reverse("issues:register") in client.get(ADDRESS).content.decode()


def test_query_count_is_constant(work: Stage, client: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS)
        return sum("SAVEPOINT" not in query["sql"] for query in captured)

    client.force_login(work.office)
    few = count()
    many(work, 29)
    assert (count(), few <= 12) == (few, True)


@pytest.mark.parametrize("who", ["guide", "experience_officer"])
def test_figures_are_not_for_those_who_only_walk(who: str, request: pytest.FixtureRequest, client: Client) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(ADDRESS).status_code == 403


@pytest.mark.parametrize("who", ["hall_administrator", "director_a", "liaison", "auditor"])
def test_figures_are_for_those_who_answer_for_them(who: str, request: pytest.FixtureRequest, client: Client) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(ADDRESS).status_code == 200
