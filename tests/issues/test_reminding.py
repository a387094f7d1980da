"""Reminders of the register: who is told at which stage, once, in working hours, and nothing backwards."""

from datetime import date, datetime, timedelta

import pytest

from accounts.models import User
from core import clock
from core.models import Notice
from core.rule_models import settle
from issues import reminding, services
from issues.choices import IssueStatus, NoticeColour
from issues.models import Clock
from tests.issues.stages import Stage

MONDAY = datetime.fromisoformat("2026-05-18T10:00+08:00")


@pytest.fixture
def stage(district: object, reform_officer: User, liaison: User, director_a: User, director_b: User) -> Stage:
    """Led by B; the table of rules holds since Monday morning."""
    with clock.at(MONDAY - timedelta(hours=1)):
        settle()
    return Stage(district, reform_officer, liaison, director_a)  # type: ignore[arg-type]


def told(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def at(moment: str) -> None:
    with clock.at(datetime.fromisoformat(f"{moment}+08:00")):
        reminding.remind_due()


def test_a_limit_is_told_of_when_it_turns_yellow_and_when_it_is_over(stage: Stage) -> None:
    with clock.at(MONDAY):
        stage.issue(IssueStatus.RECTIFYING)  # five working days: due on the 25th, yellow from the 22nd
    for moment in ("2026-05-21T10:00", "2026-05-22T07:00", "2026-05-23T10:00"):  # early, before hours, Saturday
        at(moment)
    assert told("due_soon") == []
    for moment in ("2026-05-22T09:00", "2026-05-22T15:00", "2026-05-25T09:00"):
        at(moment)
    assert (told("due_soon"), told("overdue")) == (["liaison_b"], [])
    at("2026-05-26T09:00")
    at("2026-05-27T09:00")
    assert (told("due_soon"), told("overdue")) == (["liaison_b"], ["director_b", "liaison_b", "reform1"])


def test_a_moved_date_is_a_new_stage(stage: Stage) -> None:
    with clock.at(MONDAY):
        stage.issue(IssueStatus.RECTIFYING)
    at("2026-05-25T09:00")
    Clock.objects.filter(stopped_at__isnull=True).update(due_on=date(2026, 6, 1), extended_days=5)
    at("2026-05-26T09:00")
    assert (told("due_soon"), told("overdue")) == (["liaison_b"], [])
    at("2026-06-01T09:00")
    assert told("due_soon") == ["liaison_b", "liaison_b"]


def test_what_was_over_before_the_rules_held_is_left_alone(stage: Stage) -> None:
    with clock.at(MONDAY - timedelta(days=30)):
        stage.issue(IssueStatus.RECTIFYING)
    at("2026-05-19T09:00")
    assert Notice.objects.exclude(once_key="").count() == 0


def test_a_resting_limit_reminds_nobody(stage: Stage) -> None:
    with clock.at(MONDAY):
        stage.issue(IssueStatus.SUSPENDED)
    at("2026-06-15T09:00")
    assert (told("due_soon"), told("overdue")) == ([], [])


def test_the_offices_own_limit_is_told_to_the_office(stage: Stage) -> None:
    with clock.at(MONDAY):
        due_on = stage.issue(IssueStatus.AWAITING_VERIFICATION).clocks.get(stopped_at=None).due_on
    at(f"{due_on}T09:00")
    assert (told("due_soon"), told("overdue")) == (["reform1"], [])
    at("2026-06-15T09:00")
    assert told("overdue") == ["reform1"]


def test_a_supporting_departments_task_is_told_to_its_liaison(stage: Stage, outsider: User) -> None:
    with clock.at(MONDAY):
        helped = stage.issue(IssueStatus.RECTIFYING)
        services.add_task(helped, stage.lead, department=stage.district.c, title="接口", due_on=date(2026, 5, 20))
    at("2026-05-21T09:00")
    assert told("overdue") == ["outsider"]


def test_a_notice_without_an_answer_and_a_look_back_come_on_their_day(stage: Stage) -> None:
    with clock.at(MONDAY):
        late = stage.issue(IssueStatus.RECTIFYING)
        services.supervise(late, stage.office, colour=NoticeColour.BLUE, text="请说明", due_on=date(2026, 5, 19))
        stage.issue(IssueStatus.CLOSED)
    at("2026-05-19T09:00")
    assert told("unanswered") == []
    at("2026-05-20T09:00")
    at("2026-06-17T09:00")  # 30 days after closing
    assert (told("unanswered"), told("look_back_due")) == (["director_b", "liaison_b", "reform1"], ["reform1"])


def test_queries_do_not_grow_with_issues(stage: Stage, django_assert_max_num_queries: object) -> None:
    with clock.at(MONDAY):
        for _n in range(3):
            stage.issue(IssueStatus.RECTIFYING)
    with clock.at(MONDAY + timedelta(days=30)), django_assert_max_num_queries(7):  # type: ignore[operator]
        assert len(reminding.current()) == 9
