"""An issue comes into being: typed in, raised from the step of a walk, or taken from a feedback form."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from core import clock, ledger, notices
from core.doors import require
from issues import clocks
from issues.choices import ClockKind, IssueStatus, Source
from issues.models import Issue, IssueEvent
from issues.permissions import may
from issues.services import numbers, people


def register(actor: User, **fields: Any) -> Issue:
    """A new issue at REGISTERED with its number and first ledger event; the reform office is told.

    `fields` are the issue's own; `holding_departments` a list; `number` is kept when an import gives it. Missing
    scene facts are derived: the finder from the actor, the guide revision from the item. A citizen's report starts
    the clock for the first contact. Raises PermissionDenied, and ValidationError without title, description or hall.
    """
    require(may(actor, "register"))
    holders = fields.pop("holding_departments", [])
    number = fields.pop("number", "")
    note = fields.pop("note", "")
    for name in ("title", "description", "hall", "category", "source"):
        if not fields.get(name):
            raise ValidationError({name: _("Please fill this in.")})
    with transaction.atomic():
        number = numbers.keep(number) if number else numbers.issue_number()
        issue = Issue(number=number, registered_by=actor, registered_at=clock.now(), **_derived(actor, fields))
        issue.save()
        issue.holding_departments.set(holders)
        _write_first_event(issue, actor, note)
        if issue.source == Source.INTAKE:
            clocks.start(issue, ClockKind.CONTACT)
        _tell_office(issue, actor)
    return issue


def _derived(actor: User, fields: dict[str, Any]) -> dict[str, Any]:
    finder = fields.setdefault("found_by", actor)
    fields.setdefault("found_on", clock.today())
    if finder is not None:
        fields.setdefault("found_by_department", finder.department)
    if not fields.get("found_by_label"):
        fields["found_by_label"] = (finder or actor).display_name
    item = fields.get("item")
    if item is not None and fields.get("guide_revision") is None:
        fields["guide_revision"] = item.revisions.first()
    return fields


def _write_first_event(issue: Issue, actor: User, note: str) -> None:
    data = {"round": 1, "found_by": issue.found_by_label, "on_behalf": issue.found_by_id != actor.pk}
    entry = ledger.Entry(action="register", actor=actor, to_state=IssueStatus.REGISTERED, note=note, data=data)
    ledger.append(IssueEvent, issue, entry)
    issue.save(update_fields=["version", "ledger_head"])


def _tell_office(issue: Issue, actor: User) -> None:
    notices.notify(
        [user for user in people.officers() if user.pk != actor.pk],
        kind="issue.register",
        title=gettext_noop("New issue %(number)s: %(title)s"),
        url=reverse("issues:detail", args=[issue.pk]),
        params={"number": issue.number, "title": issue.title},
    )
