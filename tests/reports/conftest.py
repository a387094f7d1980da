"""A small world of work in every state, on an ordinary Wednesday."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.models import User
from core import clock
from issues import services
from issues.choices import IssueStatus, NoticeColour, Redaction
from issues.models import Issue, Screenshot
from sessions.choices import SessionStatus
from tests.conftest import District
from tests.issues.stages import Stage, picture
from tests.sessions.stage import published

WEDNESDAY = datetime(2026, 5, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def wednesday() -> Iterator[datetime]:
    with clock.at(WEDNESDAY):
        yield WEDNESDAY


@pytest.fixture
def stage(wednesday: datetime, district: District, reform_officer: User, liaison: User, director_a: User) -> Stage:
    """Found by the director of A at B's window, led by B."""
    return Stage(district, reform_officer, liaison, director_a)


@pytest.fixture
def work(stage: Stage) -> Stage:
    """One issue or more for every group of the page of today."""
    for status in IssueStatus.values:
        stage.issue(status)
    late = stage.issue(IssueStatus.RECTIFYING)
    services.supervise(late, stage.office, colour=NoticeColour.BLUE, text="请说明", due_on=date(2026, 5, 21))
    helped = stage.issue(IssueStatus.RECTIFYING)
    services.add_task(helped, stage.lead, department=stage.district.c, title="开通接口", due_on=date(2026, 5, 22))
    asked = stage.issue(IssueStatus.RECTIFYING)
    services.request_extension(asked, stage.lead, days=3, reason="等省厅批复")
    moved = services.transfer(stage.issue(IssueStatus.ASSIGNED), stage.lead, to=stage.district.c, note="不归我局")
    assert moved.lead_department_id == stage.district.c.pk
    shot = picture(stage.issue(), stage.finder)
    Screenshot.objects.filter(pk=shot.pk).update(redaction=Redaction.UNCHECKED)
    return stage


@pytest.fixture
def sittings(stage: Stage, director_b: User) -> Stage:
    """Today's session of A, tomorrow's draft and Friday's confirmed one."""
    district, director = stage.district, stage.finder
    published(district, director)
    published(district, director, date=date(2026, 5, 21), status=SessionStatus.DRAFT)
    published(district, director, date=date(2026, 5, 22), status=SessionStatus.CONFIRMED)
    published(district, director, date=date(2026, 5, 18), status=SessionStatus.AWAITING_FEEDBACK)
    published(district, director, date=date(2026, 5, 19))
    return stage


def many(stage: Stage, count: int) -> list[Issue]:
    """As many issues waiting at B's desk."""
    return [stage.issue(IssueStatus.RECTIFYING) for _n in range(count)]
