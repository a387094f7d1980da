"""One act on an issue: lock, version, state, right, conditions, change, ledger, save. Every verb goes through here."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import User
from core import ledger, notices
from core.doors import StaleVersion, lock, require
from core.transitions import Transition
from issues.choices import IssueStatus
from issues.conditions import unmet
from issues.models import Issue, IssueEvent
from issues.permissions import may
from issues.workflow import WORKFLOW


@dataclass
class Act:
    """The act while it is carried out. `target` may be set to None where nothing moves after all."""

    issue: Issue
    actor: User
    row: Transition
    target: str | None
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)

    def set(self, **values: Any) -> None:
        """Change fields of the locked issue; only these are saved."""
        for name, value in values.items():
            setattr(self.issue, name, value)
        self.fields.update(values)

    def tell(self, users: list[User], title: str, text: str = "", **params: str | int) -> None:
        """Put a notice into the inboxes of those concerned, but for the actor's own."""
        others = [user for user in users if user.pk != self.actor.pk]
        facts = {"number": self.issue.number, "title": self.issue.title, **params}
        url = reverse("issues:issue_detail", args=[self.issue.pk])
        notices.notify(others, kind=f"issue.{self.row.action}", title=title, url=url, text=text, params=facts)


@contextmanager
def apply_act(issue: Issue, action: str, actor: User, version: int | None, note: str = "") -> Iterator[Act]:
    """Carry out `action` on the row read again under a lock, in one transaction with its ledger event.

    Raises StaleVersion and WrongState (409), PermissionDenied (403), ValidationError when a condition is missing.
    `version` None skips the stale check (imports that replay history).
    """
    with transaction.atomic():
        row = lock(issue)
        transition = check_start(row, action, actor, version)
        if missing := unmet(row, action, actor):
            raise ValidationError(missing)
        act = Act(row, actor, transition, transition.target_from(row.status), note)
        yield act
        _write(act)


def check_start(issue: Issue, action: str, actor: User, version: int | None) -> Transition:
    """The row of the table, if the act may start: version and state (409), then right (403)."""
    _check_version(issue, version)
    transition = WORKFLOW.check(action, issue.status, wrong_state(action, issue))
    require(may(actor, action, issue))
    return transition


def wrong_state(action: str, issue: Issue) -> str:
    """Why the act cannot start: what it needs and where the issue stands."""
    needed = " / ".join(str(IssueStatus(state).label) for state in IssueStatus if state in WORKFLOW[action].sources)
    facts = {"act": WORKFLOW[action].label, "needed": needed, "state": issue.get_status_display()}
    return _("“%(act)s” is possible in the state %(needed)s; this issue stands at %(state)s.") % facts


def _check_version(issue: Issue, version: int | None) -> None:
    if version is None or version == issue.version:
        return
    last = issue.events.latest("number")
    current = {
        _("State"): issue.get_status_display(),
        _("Last act"): f"{last.actor_label} · {WORKFLOW[last.action].label}",
        _("Time"): date_format(localtime(last.at), "Y-m-d H:i"),
        _("Remark"): last.note,
    }
    raise StaleVersion(
        _("Somebody else has acted on this issue since you opened the form. Your text is kept below."),
        current=current,
        back_url=reverse("issues:issue_detail", args=[issue.pk]),
    )


def _write(act: Act) -> None:
    before = act.issue.status
    if act.target is not None:
        act.set(status=str(act.target))
    entry = ledger.Entry(
        action=act.row.action,
        actor=act.actor,
        from_state=before,
        to_state=str(act.target or ""),
        note=act.note,
        data={"round": act.issue.round, **act.data},
    )
    ledger.append(IssueEvent, act.issue, entry)
    act.issue.save(update_fields=[*sorted(act.fields), "version", "ledger_head"])
