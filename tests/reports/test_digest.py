"""The morning digest: as many as the page of today says, once, in the morning of a working day, never empty."""

from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.utils import translation

from accounts.models import User
from core import clock
from core.models import Notice, NoticeRule, OutgoingMessage
from core.notice_kinds import EVERYBODY
from issues.choices import IssueStatus
from issues.models import Clock
from reports import digest, today
from tests.issues.stages import Stage
from tests.reports.conftest import WEDNESDAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses(settings: Any) -> None:
    settings.PUBLIC_URL = "https://huanwei.example"


def address(*people: User) -> None:
    for person in people:
        person.email = f"{person.username}@example.org"
        person.save()


def send(moment: str) -> int:
    with clock.at(datetime.fromisoformat(f"{moment}+08:00")):
        digest.send_morning()
    return Notice.objects.filter(kind="digest").count()


def english(found: digest.Digest) -> str:
    return " ".join(str(label) for label, _count in found.lines)


def test_it_counts_what_the_page_of_today_counts(work: Stage) -> None:
    found = digest.compose(work.office, WEDNESDAY.date())
    shown = [(tile.label, tile.count) for tile in today.build(work.office).tiles]
    assert found.lines == shown
    assert found.late == 0
    Clock.objects.filter(stopped_at__isnull=True).update(due_on=WEDNESDAY.date().replace(day=18))
    assert digest.compose(work.lead, WEDNESDAY.date()).late > 0


def test_a_sitter_reads_of_today_and_the_next_working_day(sittings: Stage) -> None:
    with clock.at(datetime.fromisoformat("2026-05-20T09:00+08:00")):
        lines = dict(digest.compose(sittings.finder, clock.today()).lines)
    assert sum(lines.values()) == 3  # today's, tomorrow's draft to confirm, the feedback
    with clock.at(datetime.fromisoformat("2026-05-21T09:00+08:00")), translation.override("en"):
        assert "Own sittings on the next working day" in english(digest.compose(sittings.finder, clock.today()))


@pytest.mark.parametrize(
    ("moment", "sent"),
    [("2026-05-20T08:29", 0), ("2026-05-20T08:45", 1), ("2026-05-20T12:00", 0), ("2026-05-23T09:00", 0)],
)
def test_it_goes_out_in_the_morning_of_a_working_day(stage: Stage, moment: str, sent: int) -> None:
    stage.issue(IssueStatus.ASSIGNED)
    assert send(moment) == sent


def test_one_a_day_and_none_for_those_with_nothing_to_do(stage: Stage, outsider: User, auditor: User) -> None:
    stage.issue(IssueStatus.ASSIGNED)
    address(stage.lead, outsider)
    assert send("2026-05-20T08:45") == send("2026-05-20T09:45") == 1
    assert send("2026-05-21T08:45") == 2
    assert set(Notice.objects.filter(kind="digest").values_list("recipient", flat=True)) == {stage.lead.pk}
    assert [message.to for message in mail.outbox] == [["liaison_b@example.org"]] * 2


def test_the_mail_holds_counts_and_a_link_and_nothing_typed(stage: Stage) -> None:
    issue = stage.issue(IssueStatus.RECTIFYING)
    address(stage.lead)
    send("2026-05-20T08:45")
    (message,) = mail.outbox
    assert "https://huanwei.example/" in message.body
    assert issue.title not in message.body
    assert issue.number not in message.body


@pytest.mark.parametrize("off", ["profile", "rule"])
def test_mail_can_be_refused_and_the_inbox_stays(stage: Stage, off: str) -> None:
    stage.issue(IssueStatus.ASSIGNED)
    address(stage.lead)
    User.objects.filter(pk=stage.lead.pk).update(wants_mail=off != "profile")
    if off == "rule":
        NoticeRule.objects.create(kind="digest", role="liaison", channel="mail", enabled=False)
    assert send("2026-05-20T08:45") == 1
    assert OutgoingMessage.objects.count() == 0


def test_the_group_chat_gets_figures_only_where_somebody_turned_it_on(stage: Stage, settings: Any) -> None:
    settings.NOTIFY_URLS = ["json://127.0.0.1:9/"]  # a port at which nobody listens
    stage.issue(IssueStatus.AWAITING_VERIFICATION)
    send("2026-05-20T08:45")
    assert OutgoingMessage.objects.filter(channel="group").count() == 0
    NoticeRule.objects.create(kind="figures", role=EVERYBODY, channel="group")
    send("2026-05-21T08:45")
    message = OutgoingMessage.objects.get(channel="group")
    assert (message.status, message.tries, message.error) == ("waiting", 1, "NotDelivered")
