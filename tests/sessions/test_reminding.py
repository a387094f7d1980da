"""Reminders of sittings: names not confirmed in time, feedback not filled in."""

from datetime import date, datetime

import pytest

from accounts.models import User
from core import clock
from core.models import Notice
from core.rule_models import settle
from sessions import reminding
from sessions.choices import SessionStatus
from sessions.models import WindowSession
from tests.conftest import District
from tests.sessions.stage import published

MONDAY = datetime.fromisoformat("2026-05-18T08:31+08:00")


@pytest.fixture(autouse=True)
def rules(db: None) -> None:
    with clock.at(MONDAY):
        settle()


def at(moment: str) -> list[tuple[str, str]]:
    """Who has been told of what after the job ran at `moment`."""
    with clock.at(datetime.fromisoformat(f"{moment}+08:00")):
        reminding.remind_due()
    return sorted(Notice.objects.exclude(once_key="").values_list("kind", "recipient__username"))


def test_a_draft_is_told_of_when_names_are_due(district: District, director_a: User, hall_administrator: User) -> None:
    with clock.at(MONDAY):
        row = published(district, director_a, status=SessionStatus.DRAFT, date=date(2026, 5, 25))
    due = row.date.day - row.programme.notice_days
    assert at(f"2026-05-{due - 1:02}T10:00") == []
    both = [("unconfirmed", "admin1"), ("unconfirmed", "director_a")]
    assert at(f"2026-05-{due:02}T10:00") == at("2026-05-22T10:00") == both


def test_who_is_asked_late_has_until_the_next_day(
    district: District, director_a: User, hall_administrator: User
) -> None:
    with clock.at(datetime.fromisoformat("2026-05-21T09:00+08:00")):
        published(district, director_a, status=SessionStatus.DRAFT, date=date(2026, 5, 22))
    assert at("2026-05-21T16:00") == []
    assert len(at("2026-05-22T09:00")) == 2


def test_a_confirmed_sitting_reminds_nobody(district: District, director_a: User) -> None:
    with clock.at(MONDAY):
        published(district, director_a, status=SessionStatus.CONFIRMED, date=date(2026, 5, 20))
    assert at("2026-05-20T09:00") == []


def test_feedback_is_asked_for_on_the_next_working_day(district: District, director_a: User) -> None:
    with clock.at(datetime.fromisoformat("2026-05-22T10:00+08:00")):  # a Friday
        row = published(district, director_a, status=SessionStatus.AWAITING_FEEDBACK)
        WindowSession.objects.filter(pk=row.pk).update(finished_at=clock.now())
    assert at("2026-05-22T15:00") == at("2026-05-23T10:00") == []
    assert at("2026-05-25T09:00") == at("2026-05-26T09:00") == [("feedback_due", "director_a")]
