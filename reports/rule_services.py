"""Who gets what: the table of notice rules, changed by hall administrators, each change kept in its history."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.doors import StaleVersion, require
from core.models import NoticeRule
from core.notice_kinds import Kind
from core.rule_models import Rules
from reports.permissions import may


@dataclass(frozen=True, slots=True)
class Change:
    """One switch that was turned."""

    role: str
    channel: str
    enabled: bool


@transaction.atomic
def change_rules(actor: User, kind: Kind, wanted: Mapping[str, Set[str]], opened_at: int) -> list[Change]:
    """Turn the switches of one kind to `wanted` (roles by channel); what is turned on holds from now.

    Raises StaleVersion when somebody changed them since `opened_at`; switches the kind does not have are left alone.
    """
    require(may(actor, "change_rules"))
    list(NoticeRule.objects.select_for_update().filter(kind=kind.name))
    rules = Rules.load()
    if rules.state(kind.name) != opened_at:
        raise _stale(kind)
    changes = [
        Change(role, channel, role in wanted.get(channel, set()))
        for channel in kind.channels
        for role in kind.roles
        if kind.may_switch(channel) and rules.on(kind.name, role, channel) != (role in wanted.get(channel, set()))
    ]
    try:
        with transaction.atomic():
            for change in changes:
                _turn(kind.name, change, actor)
    except IntegrityError as error:  # no row stood yet to wait for, and somebody else wrote it a moment ago
        raise _stale(kind) from error
    return changes


def _stale(kind: Kind) -> StaleVersion:
    message = _("Somebody else has changed these rules since you opened the form. Please look again.")
    return StaleVersion(message, back_url=reverse("upkeep:change_rule", args=[kind.name]))


def _turn(kind: str, change: Change, actor: User) -> None:
    rule = NoticeRule.objects.filter(kind=kind, role=change.role, channel=change.channel).first()
    rule = rule or NoticeRule(kind=kind, role=change.role, channel=change.channel)
    rule.enabled = change.enabled
    if change.enabled:
        rule.since = clock.now()
    rule._history_user = actor  # type: ignore[attr-defined]
    rule.save()
