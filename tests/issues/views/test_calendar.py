"""The calendar page: what is known, the preview, what an announcement moves, and files that are no calendar."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import ledger, workdays
from core.calendar_models import CalendarDay
from issues.choices import IssueStatus
from issues.models import Clock, Issue, IssueEvent
from tests.catalog.sheets import workbook
from tests.issues.stages import Stage
from tests.reports.conftest import stage, wednesday  # noqa: F401  a fixed Wednesday, and the cast on it

PAGE, POST = "/issues/calendar/", "/issues/calendar/announce/"
NOTICE = "2027-02-05 至 2027-02-11 休 春节\n2027-02-20 班 调休上班"


@pytest.fixture
def keeper(client: Client, hall_administrator: User) -> Client:
    client.force_login(hall_administrator)
    return client


def send(client: Client, status: int = 200, **data: Any) -> str:
    answer = client.post(POST, data)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_page_shows_years_holidays_and_what_is_provisional(keeper: Client) -> None:
    text = keeper.get(PAGE).content.decode()
    assert "10-01（周四） 至 10-07（周三）" in text
    assert "10-10（周六）" in text
    assert text.count("暂定") == 1


def test_a_preview_changes_nothing_and_its_confirmation_settles_the_year(keeper: Client) -> None:
    before = list(CalendarDay.objects.values_list())
    text = send(keeper, lines=NOTICE)
    assert "2027-02-20（周六）" in text
    assert "2027 年不再是暂定" in text
    assert list(CalendarDay.objects.values_list()) == before
    send(keeper, 302, lines=NOTICE, confirm="1")
    assert workdays.load().provisional_years == ()
    assert workdays.load().is_workday(date(2027, 2, 20))


def test_the_official_table_is_read_as_csv_and_as_workbook(keeper: Client) -> None:
    content = (settings.DEMO_DIR / "workdays_2026.csv").read_bytes()
    assert "每一天都和现在一样" in send(keeper, table=SimpleUploadedFile("a.csv", content))
    rows = [line.split(",") for line in content.decode("utf-8-sig").splitlines()]
    assert "每一天都和现在一样" in send(keeper, table=SimpleUploadedFile("a.xlsx", workbook(*rows)))


def test_open_limits_move_with_a_recorded_note(keeper: Client, stage: Stage) -> None:  # noqa: F811
    issue = stage.issue(IssueStatus.RECTIFYING)
    limit = Clock.objects.get(issue=issue, stopped_at=None)
    send(keeper, 302, lines=f"{limit.due_on} 休 防汛", confirm="1")
    moved = Clock.objects.get(pk=limit.pk)
    assert moved.due_on > limit.due_on
    event = Issue.objects.get(pk=issue.pk).events.latest("number")
    assert (event.action, event.note) == ("recompute", "2026 年工作日安排已公布")
    assert list(ledger.verify(IssueEvent)) == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "请选择文件"),
        ({"lines": "2027-02-05 休\n春节放假"}, "第 2 行看不懂"),
        ({"lines": "2027-02-05 也许"}, "第 1 行"),
        ({"lines": "2027-02-30 休"}, "第 1 行"),
        ({"lines": "2027-02-11 至 2027-02-05 休"}, "第 1 行"),
        ({"lines": "2027-02-05 休\n2027-02-05 班"}, "2027-02-05"),
        ({"table": ("a.csv", "姓名,电话\n甲,1\n")}, "是否工作日"),
        ({"table": ("a.csv", "日期,是否工作日\n2027-01-01,也许\n")}, "第 2 行"),
        ({"table": ("a.xlsx", "PK\x03\x04broken")}, "a.xlsx"),
    ],
)
@pytest.mark.parametrize("confirm", [{}, {"confirm": "1"}])
def test_what_is_no_calendar_is_refused_in_words(
    keeper: Client, data: dict[str, Any], words: str, confirm: dict[str, str]
) -> None:
    before = list(CalendarDay.objects.values_list())
    given = {name: SimpleUploadedFile(v[0], v[1].encode()) if name == "table" else v for name, v in data.items()}
    text = send(keeper, 400, **given, **confirm)
    assert words in text
    assert data.get("lines", "") in text
    assert list(CalendarDay.objects.values_list()) == before


def test_the_banner_stands_when_a_programme_reaches_into_a_provisional_year(keeper: Client, stage: Stage) -> None:  # noqa: F811
    programme, words = stage.district.programme, "2027 年的工作日还没公布"
    assert words not in keeper.get(reverse("home")).content.decode()
    programme.ends_on = date(2027, 1, 20)
    programme.save(update_fields=["ends_on"])
    assert words in keeper.get(reverse("home")).content.decode()
    assert words in keeper.get(PAGE).content.decode()


def test_a_limit_that_reaches_into_a_provisional_year_says_so(keeper: Client, stage: Stage) -> None:  # noqa: F811
    issue, words = stage.issue(IssueStatus.RECTIFYING), "2027 年的工作日还没公布"
    address = reverse("issues:issue_detail", args=[issue.pk])
    assert words not in keeper.get(address).content.decode()
    Clock.objects.filter(issue=issue, stopped_at=None).update(due_on=date(2027, 1, 5))
    assert words in keeper.get(address).content.decode()


def test_seeding_adds_years_that_are_missing_and_leaves_the_others(db: None, wednesday: Any) -> None:  # noqa: F811
    CalendarDay.objects.filter(date__year=2027).update(is_workday=True)
    call_command("seed_calendar")
    assert not CalendarDay.objects.filter(date__year=2027, is_workday=False).exists()
    assert CalendarDay.objects.filter(date__year=2028).count() == 366
