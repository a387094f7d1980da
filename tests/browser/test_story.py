"""The whole loop once, by hand: schedule → confirm → publish → run → feedback → register → close-out → dashboard."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts import services as accounts
from accounts.choices import Role
from accounts.models import Department, User
from catalog.importing.report import Report
from catalog.importing.run import Options, import_files
from catalog.models import Hall
from core.calendar_services import seed
from core.models import CalendarDay
from core.words import short_date
from issues.importing.read import read_categories, tables
from issues.models import Issue
from tests.browser import story
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.browser.story import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignedIn = Callable[..., Person]


@pytest.fixture
def district(settings: pytest.FixtureRequest) -> None:
    """The demo district's own files, its people with one password, and today a working day."""
    demo = settings.DEMO_DIR  # type: ignore[attr-defined]
    today = timezone.localdate()
    seed([today.year, today.year + 1])
    CalendarDay.objects.filter(pk=today).update(is_workday=True)
    assert import_files([demo / "hall_register.xlsx", demo / "services.xlsx"], Options()).exit_code == 0
    read_categories(tables([demo / "issues_sample.xlsx"]), Report())
    call_command("import_feedback_questions", str(demo / "feedback_questions.csv"), verbosity=0)
    _staff()


def _staff() -> None:
    hall = Hall.objects.get(code="H01")
    police = Department.objects.get(code="D09")
    office = Department.objects.get(code="D19")
    accounts.grant_role(_account("gly", "大厅管理员（示例）"), Role.HALL_ADMINISTRATOR, hall_id=hall.pk)
    accounts.grant_role(_account("zhifa", "执法局联络员（示例）", police), Role.LIAISON, department=police)
    for username in ("ggb", "ggb2"):
        accounts.grant_role(_account(username, f"改革办{username}（示例）", office), Role.REFORM_OFFICE)
    director = User.objects.get(code="L027")
    director.username = "juzhang"
    accounts.give_password(director, story.PASSWORD, must_change=False)
    director.save()


def _account(username: str, name: str, department: Department | None = None) -> User:
    user = accounts.create_account(username, name, department=department)
    accounts.give_password(user, story.PASSWORD, must_change=False)
    return user


@pytest.fixture
def person(new_page: NewPage) -> SignedIn:
    def make(username: str, viewport: object = DESK) -> Person:
        someone = Person(new_page(viewport))
        return someone.sign_in(username) if username else someone

    return make


def found_at_the_window(person: SignedIn) -> str:
    """Schedule, confirm, publish, run with a blocked step, feedback; gives the address of the issue."""
    today = timezone.localdate()
    half = "AM" if timezone.localtime().hour < 12 else "PM"
    admin, director = person("gly"), person("juzhang", PHONE)
    story.create_programme(admin, today)
    story.place_director(admin, f"A23 {short_date(today, half)}")
    board = admin.page.url
    story.confirm(director)
    story.publish(admin, board)
    story.public_roster(person(""))
    story.walk_to_blocked_step(director)
    story.finish_walk(director)
    story.fill_feedback(director)
    return reverse("issues:issue_detail", args=[Issue.objects.get().pk])


def put_right(person: SignedIn, issue: str) -> None:
    """Assign, acknowledge, rectify, re-walk, verify, close out by a second officer."""
    officer = person("ggb")
    story.assign(officer, Issue.objects.get().number)
    story.rectify(person("zhifa"))
    story.plan_re_walk(officer, issue, "改革办ggb2（示例）")
    story.re_walk(person("ggb2", PHONE), issue)
    story.verify(officer, issue)
    second = person("ggb2")
    story.close_out(second, issue)
    story.dashboard_has_moved(second)


def test_the_loop_turns_once(district: None, person: SignedIn) -> None:
    issue = found_at_the_window(person)
    put_right(person, issue)
    assert Issue.objects.get().status == "closed"
    call_command("verify_ledger")
