"""The table "who gets what" as its page shows it, and how many people a switch concerns now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.choices import Role
from accounts.staff import Staff
from core.doors import Text
from core.forms import VersionForm
from core.models import NoticeRule
from core.notice_kinds import EVERYBODY, GROUP, KINDS, MAIL, Channel, Kind
from core.rule_models import Rules
from issues import reminding as issue_reminding
from reports.rule_services import Change
from sessions import reminding as session_reminding

SHOWN = 10


def role_label(role: str) -> Text:
    return gettext_lazy("The group chat") if role == EVERYBODY else Role(role).label


@dataclass(frozen=True, slots=True)
class Cell:
    """A channel of a kind: the roles that get it, and whether that can be changed."""

    channel: Text
    roles: list[Text]
    fixed: bool


@dataclass(frozen=True, slots=True)
class Row:
    kind: Kind
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Turned:
    """One change of the past."""

    moment: datetime
    who: str
    kind: Text
    role: Text
    channel: Text
    enabled: bool


def table() -> list[Row]:
    """Every kind with its channels."""
    rules = Rules.load()
    return [Row(kind, [_cell(kind, channel, rules) for channel in Channel.values]) for kind in KINDS.values()]


def _cell(kind: Kind, channel: str, rules: Rules) -> Cell:
    if channel not in kind.channels:
        return Cell(Channel(channel).label, [], fixed=True)
    fixed = not kind.may_switch(channel)
    told = [role for role in kind.roles if rules.on(kind.name, role, channel)]
    return Cell(Channel(channel).label, [role_label(role) for role in told], fixed)


def past() -> list[Turned]:
    """The last changes, newest first."""
    rows = NoticeRule.history.select_related("history_user").order_by("-history_id")[:SHOWN]
    return [
        Turned(
            row.history_date,
            row.history_user.display_name if row.history_user else "",
            KINDS[row.kind].label,
            role_label(row.role),
            Channel(row.channel).label,
            row.enabled,
        )
        for row in rows
        if row.kind in KINDS
    ]


def concerned(kind: Kind, staff: Staff) -> dict[str, tuple[int, int]]:
    """For each role: how many people it would tell now, and of how many things. Without a clock: all who hold it."""
    if kind.acts or kind.name == "digest":
        return {role: (len(staff.holding(role)), 0) for role in kind.roles}
    people: dict[str, set[int]] = defaultdict(set)
    things: dict[str, set[str]] = defaultdict(set)
    for one in [*issue_reminding.current(kind.name, staff), *session_reminding.current(kind.name, staff)]:
        if one.users:
            people[one.role].update(user.pk for user in one.users)
            things[one.role].add(one.key)
    return {role: (len(people[role]), len(things[role])) for role in kind.roles}


def addressed(kind: Kind, staff: Staff) -> dict[str, int]:
    """For each role: how many have an address and want mail."""
    return {
        role: sum(bool(user.email and user.wants_mail) for user in staff.holding(role).values()) for role in kind.roles
    }


class RuleForm(VersionForm):
    """One box for each role and channel, with the number of people it would tell now."""

    def __init__(self, kind: Kind, data: Any = None) -> None:
        rules, staff = Rules.load(), Staff.load()
        super().__init__(data, initial={"version": rules.state(kind.name)})
        self.kind = kind
        counts = concerned(kind, staff) if kind.channels != (GROUP,) else {}
        mail = addressed(kind, staff)
        for channel in filter(kind.may_switch, kind.channels):
            self.fields[channel] = forms.MultipleChoiceField(
                label=Channel(channel).label,
                required=False,
                choices=[(role, _choice(kind, role, channel, counts, mail)) for role in kind.roles],
                initial=[role for role in kind.roles if rules.on(kind.name, role, channel)],
                widget=forms.CheckboxSelectMultiple,
            )

    def wanted(self) -> dict[str, set[str]]:
        """Roles by channel."""
        return {channel: set(self.cleaned_data.get(channel, [])) for channel in self.kind.channels}


def _choice(
    kind: Kind, role: str, channel: str, counts: dict[str, tuple[int, int]], mail: dict[str, int]
) -> str | Promise:
    """A role with what turning it on would mean now."""
    if channel == GROUP:
        ready = bool(settings.NOTIFY_URLS)
        return _("The group chat") if ready else _("The group chat (not set up on the server yet)")
    facts: dict[str, Any] = {"role": role_label(role)}
    people, things = counts[role]
    if channel == MAIL:
        facts["people"] = people_words(mail[role])
        return _("%(role)s: %(people)s with an address") % facts
    facts |= {"people": people_words(people), "n": things}
    if kind.acts or kind.name == "digest":
        return _("%(role)s: %(people)s") % facts
    return _("%(role)s: now %(people)s, %(n)s matters") % facts


def people_words(number: int) -> str:
    return ngettext("%(n)s person", "%(n)s people", number) % {"n": number}


def said(kind: Kind, changes: Iterable[Change]) -> str:
    """What a save has changed, in one sentence."""
    on = [_switch(change) for change in changes if change.enabled]
    off = [_switch(change) for change in changes if not change.enabled]
    parts = []
    if on:
        parts.append(_("%(kind)s is on for %(what)s, for what happens from now on.") % _facts(kind, on))
    if off:
        parts.append(_("%(kind)s is off for %(what)s.") % _facts(kind, off))
    return " ".join(parts)


def _switch(change: Change) -> str:
    facts = {"role": role_label(change.role), "channel": Channel(change.channel).label}
    return str(facts["role"]) if change.role == EVERYBODY else _("%(role)s (%(channel)s)") % facts


def _facts(kind: Kind, switches: list[str]) -> dict[str, Text]:
    return {"kind": kind.label, "what": _(", ").join(switches)}
