"""The inbox as its page shows it: unread first, then by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Case, IntegerField, Value, When
from django.utils.timezone import localdate

from core.doors import Text
from core.notice_kinds import KINDS, kind_of
from core.notice_models import Notice, NoticeQuerySet


@dataclass(frozen=True, slots=True)
class Entry:
    """One notice with the word of its kind."""

    notice: Notice
    kind: Text


@dataclass(frozen=True, slots=True)
class Day:
    """The notices of one day, either unread or read."""

    day: date
    unread: bool
    entries: list[Entry]


def ordered(notices: NoticeQuerySet) -> NoticeQuerySet:
    """Unread first, each part newest first."""
    is_read = Case(When(read_at=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    return notices.order_by(is_read, "-created_at", "-pk")


def days(notices: Iterable[Notice]) -> list[Day]:
    """A page of notices in groups."""
    grouped = groupby(notices, key=lambda one: (not one.is_read, localdate(one.created_at)))
    return [
        Day(day, unread, [Entry(one, KINDS[kind_of(one.kind)].label) for one in found])
        for (unread, day), found in grouped
    ]
