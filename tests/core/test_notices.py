"""The inbox: whose it is, in which language, and what becomes of a rolled-back act."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import transaction
from django.utils import translation

from accounts.choices import Role
from core import clock, notices
from core.models import Notice, NoticeRule, OutgoingMessage
from core.notice_kinds import kind_of
from core.notices import Reminder, mark_read, notify, remind
from core.rule_models import settle
from tests.factories import grant

pytestmark = pytest.mark.django_db

TITLE = "Issue %(number)s waits for you"
MONDAY = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def known_address(settings: Any) -> None:
    settings.PUBLIC_URL = "https://huanwei.example"


def person(name: str, **fields: Any) -> Any:
    return get_user_model()._default_manager.create(username=name, **fields)


def tell(*users: Any, **fields: Any) -> list[Notice]:
    given = {"kind": "issue.assigned", "title": TITLE, "url": "/issues/7/", "params": {"number": "WT-7"}} | fields
    return notify(users, **given)


def test_each_recipient_gets_one_notice_with_one_query(django_assert_num_queries: Callable[[int], Any]) -> None:
    wang, li = person("wang"), person("li")
    with django_assert_num_queries(1):
        tell(wang, li, wang)
    assert sorted(Notice.objects.values_list("recipient_id", "kind", "url")) == sorted(
        [(wang.pk, "issue.assigned", "/issues/7/"), (li.pk, "issue.assigned", "/issues/7/")]
    )


def test_who_has_left_is_not_told() -> None:
    assert tell(person("gone", is_active=False)) == []


def test_title_is_filled_and_in_the_language_of_the_reader() -> None:
    (notice,) = tell(person("wang"), title="Close", params={})
    (filled,) = tell(person("li"))
    with translation.override("en"):
        assert notice.title == "Close"
        assert str(filled) == "Issue WT-7 waits for you"


def test_a_title_that_lost_its_parameters_is_still_shown() -> None:
    assert Notice(msgid=TITLE, params={}).title == TITLE


@pytest.mark.parametrize("params", [{}, None, {"other": 1}])
def test_a_title_without_its_parameters_is_an_error_at_once(params: dict[str, str | int] | None) -> None:
    with pytest.raises(KeyError):
        tell(person("wang"), params=params)
    assert Notice.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        tell(person("wang"))
    assert Notice.objects.count() == 0


def test_a_rolled_back_act_tells_nobody() -> None:
    wang = person("wang", email="wang@example.org")
    with transaction.atomic():
        tell(wang, kind="issue.supervise")
        transaction.set_rollback(True)
    assert (Notice.objects.count(), OutgoingMessage.objects.count()) == (0, 0)


def test_mail_goes_by_the_rules_once_a_day_and_says_only_that_there_is_something() -> None:
    wang, li, zhao = person("wang", email="wang@example.org"), person("li"), person("zhao", email="z@example.org")
    for someone in (wang, li):
        grant(someone, Role.DIRECTOR)  # by default a director gets mail of supervision, and others do not
    tell(wang, li, zhao, kind="issue.supervise", text="张三丰的材料")
    tell(wang, kind="issue.supervise")
    tell(wang, kind="issue.comment")
    (message,) = mail.outbox
    assert message.to == ["wang@example.org"]
    assert not re.search("WT-7|张三丰|wang", f"{message.subject} {message.body}")
    assert "https://huanwei.example/notices/" in message.body


def test_who_wants_no_mail_gets_none_and_keeps_the_inbox() -> None:
    wang = grant(person("wang", email="wang@example.org", wants_mail=False), Role.DIRECTOR)
    tell(wang, kind="issue.supervise")
    assert (len(mail.outbox), Notice.objects.count()) == (0, 1)


def reminder(*users: Any, **given: Any) -> Reminder:
    fields: dict[str, Any] = {"kind": "overdue", "role": "liaison", "key": "clock:1:over", "began": MONDAY}
    fields |= {"title": "Close", "url": "/", "users": users}
    return Reminder(**(fields | given))


def test_a_reminder_comes_once_and_never_for_what_began_before_its_rule() -> None:
    wang, li = person("wang"), person("li")
    with clock.at(MONDAY):
        settle()
    assert remind([reminder(wang, wang, li), reminder(wang, began=MONDAY - timedelta(days=1), key="clock:2:over")]) == 2
    assert remind([reminder(wang, li), reminder(wang, key="clock:3:over")]) == 1
    assert Notice.objects.filter(recipient=wang).count() == 2


def test_more_reminders_than_one_query_asks_for_are_sent_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "KEYS_AT_ONCE", 2)
    wang = person("wang")
    with clock.at(MONDAY):
        settle()
    due = [reminder(wang, key=f"clock:{number}:over") for number in range(5)]
    assert (remind(due), remind(due)) == (5, 0)


def test_a_rule_turned_off_reminds_nobody() -> None:
    NoticeRule.objects.create(kind="overdue", role="liaison", channel="inbox", enabled=False, since=MONDAY)
    assert remind([reminder(person("wang"))]) == 0


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        ("issue.assign", "assigned"),
        ("issue.rule_transfer", "assigned"),
        ("issue.register", "desk"),
        ("issue.comment", "progress"),
        ("something.new", "progress"),
        ("roster", "sitting"),
        ("digest", "digest"),
    ],
)
def test_every_notice_belongs_to_a_kind(act: str, kind: str) -> None:
    assert kind_of(act) == kind


def test_nobody_sees_anothers_inbox() -> None:
    wang, li = person("wang"), person("li")
    tell(wang)
    assert [n.recipient for n in Notice.objects.visible_to(wang)] == [wang]
    assert Notice.objects.visible_to(li).count() == 0
    assert Notice.objects.visible_to(AnonymousUser()).count() == 0


def test_unread_count_falls_when_read(django_assert_num_queries: Callable[[int], Any]) -> None:
    wang, li = person("wang"), person("li")
    tell(wang, li)
    tell(wang)
    with django_assert_num_queries(1):
        assert Notice.objects.unread_count(wang) == 2
    assert mark_read(Notice.objects.visible_to(wang)) == 2
    assert mark_read(Notice.objects.visible_to(wang)) == 0
    assert (Notice.objects.unread_count(wang), Notice.objects.unread_count(li)) == (0, 1)
    assert all(notice.is_read for notice in Notice.objects.visible_to(wang))


def test_an_anonymous_visitor_has_no_bell_and_costs_no_query(django_assert_num_queries: Callable[[int], Any]) -> None:
    with django_assert_num_queries(0):
        assert Notice.objects.unread_count(AnonymousUser()) == 0
