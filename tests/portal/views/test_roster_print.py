"""The roster on paper: windows by half-days, cancelled ones struck through above who came instead."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core import clock
from portal.roster_grid import grid
from portal.rosters import shown
from sessions import services
from sessions.weeks import Week
from tests import factories
from tests.conftest import District
from tests.portal.leaks import SECRET, build
from tests.sessions.planning import BEFORE, MONDAY, put, reads

PRINT = "/portal/roster/print/?week=2026-W21"


@pytest.fixture(autouse=True)
def a_week_before() -> Any:
    with clock.at(BEFORE):
        yield


@pytest.mark.parametrize("paper", ["a4", "a3", "x"])
def test_it_prints_the_week(
    client: Client, district: District, director_a: User, hall_administrator: User, paper: str
) -> None:
    build(district, director_a, hall_administrator)
    text, queries = reads(client, f"{PRINT}&paper={paper}")
    assert "住建局局长" in text
    assert SECRET not in text
    assert f"roster-sheet-{'a3' if paper == 'a3' else 'a4'}" in text
    assert queries <= 12


def test_who_came_instead_stands_under_the_cancelled_one(
    district: District, director_a: User, hall_administrator: User
) -> None:
    row = services.confirm(put(district, director_a, hall_administrator), director_a)
    services.publish_week(district.hall, MONDAY, hall_administrator)
    services.cancel(row, "停电", hall_administrator)
    other = factories.make_director(district.c)
    services.confirm(put(district, other, hall_administrator), other)
    services.publish_week(district.hall, MONDAY, hall_administrator)
    table = grid(shown(district.hall, Week(MONDAY)))
    assert len(table.columns) == 10
    assert [(line.who, line.cancelled) for line in table.rows[0].cells[0]] == [
        ("住建局局长", True),
        ("市场监管局局长", False),
    ]


def test_a_week_without_a_roster_prints_that(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    build(district, director_a, hall_administrator)
    answer = client.get("/portal/roster/print/?week=2026-W30")
    assert answer.status_code == 200
    assert "<table" not in answer.content.decode()
    assert Week.of(date(2026, 7, 20)).key == "2026-W30"
