"""The inbox: whose it is, in which language, and what becomes of a rolled-back act."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import transaction
from django.utils import translation

from core.notice_models import Notice
from core.notices import mail_notices, mark_read, notify

pytestmark = pytest.mark.django_db

TITLE = "Issue %(number)s waits for you"
CaptureCommits = Callable[..., AbstractContextManager[list[Callable[[], Any]]]]


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


def test_a_rolled_back_act_tells_nobody(django_capture_on_commit_callbacks: CaptureCommits) -> None:
    wang = person("wang", email="wang@example.org")
    with django_capture_on_commit_callbacks() as queued, transaction.atomic():
        tell(wang)
        transaction.set_rollback(True)
    assert (queued, Notice.objects.count()) == ([], 0)


def test_mail_is_queued_on_commit_for_those_with_an_address(
    django_capture_on_commit_callbacks: CaptureCommits,
) -> None:
    with django_capture_on_commit_callbacks() as queued:
        tell(person("wang", email="wang@example.org"), person("li"))
    assert len(queued) == 1
    with django_capture_on_commit_callbacks() as queued:
        tell(person("zhao"))
    assert queued == []


def test_the_mail_repeats_the_notice() -> None:
    (notice,) = tell(person("wang", email="wang@example.org"), text="请于周五前签收")
    (silent,) = tell(person("li"))
    mail_notices.func([notice.pk, silent.pk])
    (message,) = mail.outbox
    assert (message.subject, message.to, message.body) == (notice.title, ["wang@example.org"], "请于周五前签收")


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
