"""The worker's recount of limits: in portions, taken up where it had come to, and by nobody who lost the right."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import RoleGrant, User
from core import clock
from core.calendar_models import CalendarDay
from core.doors import WrongState
from issues import services
from issues.choices import IssueStatus
from issues.models import Clock, Issue, LimitRecount
from issues.services import recounting
from tests.issues.stages import Stage
from tests.reports.conftest import stage, wednesday  # noqa: F401  a fixed Wednesday, and the cast on it

PAGE = "/issues/calendar/"


@pytest.fixture
def moving(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[int]:  # noqa: F811
    """Five issues whose limit ends on a day that the calendar has just made free; two are counted at a time."""
    monkeypatch.setattr(recounting, "PORTION", 2)
    issues = [stage.issue(IssueStatus.RECTIFYING) for _n in range(5)]
    due = Clock.objects.filter(stopped_at=None).values_list("due_on", flat=True)[0]
    CalendarDay.objects.filter(date=due).update(is_workday=False)
    return [issue.pk for issue in issues]


def asked(keeper: User, **given: int | bool) -> LimitRecount:
    """A recount that no worker has taken up."""
    now = clock.now()
    return LimitRecount.objects.create(note="新安排", asked_by=keeper, created_at=now, updated_at=now, **given)


def test_all_portions_are_counted_and_the_second_run_does_nothing(moving: list[int], hall_administrator: User) -> None:
    row = LimitRecount.objects.get(pk=services.request_recount(hall_administrator, "新安排").pk)
    assert (row.total, row.seen, row.moved, row.at_work) == (5, 5, 5, False)
    recounting.count_limits.enqueue(row.pk)
    assert Issue.objects.filter(events__action="recompute").count() == 5


def test_it_goes_on_where_a_lost_worker_had_come_to(moving: list[int], hall_administrator: User) -> None:
    row = asked(hall_administrator, last_issue=moving[2], seen=3, moved=3)
    recounting.count_limits.enqueue(row.pk)
    row.refresh_from_db()
    assert (row.seen, row.moved, row.at_work) == (5, 5, False)
    assert list(Issue.objects.filter(events__action="recompute").values_list("pk", flat=True)) == moving[:2:-1]


def test_who_lost_the_right_counts_no_more_and_another_goes_on(
    moving: list[int], hall_administrator: User, client: Client
) -> None:
    row = asked(User.objects.create(username="left", display_name="离任（示例）"))
    recounting.count_limits.enqueue(row.pk)
    client.force_login(hall_administrator)
    assert "接着重算" in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}resume-recount/").status_code == 302
    row.refresh_from_db()
    assert (row.moved, row.at_work, row.asked_by) == (5, False, hall_administrator)


def test_only_what_stands_still_is_told_to_go_on(moving: list[int], hall_administrator: User) -> None:
    with pytest.raises(WrongState):
        services.resume_recount(hall_administrator)
    asked(hall_administrator)
    with pytest.raises(WrongState):
        services.resume_recount(hall_administrator)
    with clock.at(clock.now() + timedelta(minutes=4)):
        assert not LimitRecount.objects.get(pk=services.resume_recount(hall_administrator).pk).at_work


def test_the_office_counts_nothing_again(stage: Stage) -> None:  # noqa: F811
    with pytest.raises(PermissionDenied):
        services.request_recount(stage.office, "")
    with pytest.raises(PermissionDenied):
        services.resume_recount(stage.office)


def test_the_page_tells_how_far_it_is(moving: list[int], hall_administrator: User, client: Client) -> None:
    asked(hall_administrator, total=5, seen=2, moved=1)
    client.force_login(hall_administrator)
    part = client.get(PAGE, headers={"hx-request": "true"}).content.decode()
    assert "未结问题共 5 件，已重算 2 件，时限有变的 1 件" in part
    assert "<html" not in part
    RoleGrant.objects.filter(user=hall_administrator).delete()
    assert client.get(PAGE, headers={"hx-request": "true"}).status_code == 403
