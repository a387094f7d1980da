"""Who gets what: one row for each switch that holds, with the moment from which it holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core import clock
from core.notice_kinds import KINDS, Channel


class NoticeRule(models.Model):
    """Whether people of a role get a kind of notice through a channel. Where no row stands, the kind's default holds.

    `since` is when it was last turned on: what began earlier is never told afterwards.
    """

    kind = models.CharField(_("kind"), max_length=30)
    role = models.CharField(_("role"), max_length=30)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    enabled = models.BooleanField(_("turned on"), default=True)
    since = models.DateTimeField(_("since"), default=clock.now)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "role", "channel"], name="notice_rule_once")]


@dataclass(frozen=True, slots=True)
class Rules:
    """The whole table, read once."""

    rows: dict[tuple[str, str, str], tuple[bool, datetime]]

    @classmethod
    def load(cls) -> Self:
        found = NoticeRule.objects.values_list("kind", "role", "channel", "enabled", "since")
        return cls({(kind, role, channel): (enabled, since) for kind, role, channel, enabled, since in found})

    def on(self, kind: str, role: str, channel: str) -> bool:
        stored = self.rows.get((kind, role, channel))
        return stored[0] if stored else KINDS[kind].default(role, channel)

    def state(self, kind: str) -> int:
        """The switches of a kind as one number: a form that was opened at another number is stale."""
        row = KINDS[kind]
        switches = [self.on(kind, role, channel) for channel in row.channels for role in row.roles]
        return sum(1 << place for place, is_on in enumerate(switches) if is_on)

    def on_for(self, kind: str, roles: frozenset[str], channel: str) -> bool:
        """Whether one of these roles gets it."""
        return any(self.on(kind, role, channel) for role in roles & set(KINDS[kind].roles))

    def holds_for(self, kind: str, role: str, channel: str, began: datetime) -> bool:
        """Whether it is on, and was already when the thing began."""
        stored = self.rows.get((kind, role, channel))
        return self.on(kind, role, channel) and stored is not None and began >= stored[1]


def settle() -> None:
    """Write down the defaults that nobody has touched, so that they hold from now on and not backwards."""
    known = set(NoticeRule.objects.values_list("kind", "role", "channel"))
    wanted = {
        (kind.name, role, channel)
        for kind in KINDS.values()
        for role in kind.roles
        for channel in kind.channels
        if kind.default(role, channel)
    }
    missing = [NoticeRule(kind=kind, role=role, channel=channel) for kind, role, channel in sorted(wanted - known)]
    NoticeRule.objects.bulk_create(missing, ignore_conflicts=True)
