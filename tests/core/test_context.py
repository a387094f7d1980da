"""The frame of every page: navigation by role and the unread count."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import resolve

from accounts.models import User
from core import context


def frame(user: Any, path: str = "/") -> context.Frame:
    request = RequestFactory().get(path)
    request.user = user
    request.resolver_match = resolve(path)
    return context.Frame(request)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["reform_officer", "director_a", "liaison", "guide", "auditor", "hall_administrator"])
def test_at_most_six_words_and_today_first(who: str, request: pytest.FixtureRequest) -> None:
    nav = frame(request.getfixturevalue(who)).nav
    assert 1 <= len(nav) <= 6
    assert (nav[0].url, nav[0].current) == ("/", True)


def test_anonymous_has_no_navigation_and_asks_nothing(django_assert_num_queries: Any, db: None) -> None:
    stranger = frame(AnonymousUser())
    with django_assert_num_queries(0):
        assert (stranger.nav, stranger.tabs, stranger.unread, stranger.idle_seconds) == ([], [], 0, 0)


def test_unread_costs_one_query(reform_officer: User, django_assert_num_queries: Any) -> None:
    mine = frame(reform_officer)
    with django_assert_num_queries(1):
        assert mine.unread == 0
        assert mine.unread == 0


def test_person_without_a_role_still_finds_today(outsider: User) -> None:
    outsider.role_grants.all().delete()
    assert [place.url for place in frame(outsider).nav] == ["/"]


def test_back_leads_to_the_part_of_the_site(reform_officer: User) -> None:
    inside = frame(reform_officer, "/reports/dashboard/")
    assert inside.section_url == "/reports/dashboard/"
    assert not inside.is_landing


def test_route_that_is_not_there_draws_no_word(reform_officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "TABS", (context.Word("nowhere:at_all", "x", "X", "house", "X"),))
    assert frame(reform_officer).tabs == []


def test_frame_without_a_resolved_address() -> None:
    request = RequestFactory().get("/")
    assert context.Frame(request).section == ""
