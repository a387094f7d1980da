"""Proposed changes to a guide: written by the own department's liaison, decided by an office, never by the writer."""

from collections.abc import Mapping, Sequence
from copy import copy
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.choices import Role
from accounts.models import User
from catalog.choices import ProposalStatus
from catalog.comparing import differences
from catalog.models import (
    ChangeProposal,
    GuideRevision,
    Prerequisite,
    ProcedureStep,
    RequiredDocument,
    ServiceItem,
)
from catalog.permissions import may
from catalog.services import Rows, readable, save_item
from catalog.snapshots import build_snapshot, bundles_of, packs_of, snapshot
from core import clock
from core.doors import StaleVersion, WrongState, lock, require
from core.notices import notify

KIND = "guide_change"


@transaction.atomic
def propose_change(
    item: ServiceItem,
    actor: User,
    *,
    version: int,
    fields: Mapping[str, Any],
    steps: Rows,
    documents: Rows,
    relations: Rows,
    reason: str,
    issue_number: str = "",
) -> ChangeProposal:
    """Keep a change for the offices to decide about, and tell them. The guide stays as it is.

    Raises PermissionDenied for anybody but the own department's liaison, StaleVersion when the item has moved on since
    `version`, WrongState while another proposal for it is open, ValidationError when nothing would change.
    """
    row = lock(item)
    require(may(actor, "propose_change", row))
    if row.version != version:
        raise StaleVersion(_("Somebody has saved this item since you opened it."), current=readable(row))
    if row.proposals.open().exists():
        raise WrongState(_("Another change to this item waits for a decision. Please withdraw it first."))
    before, after = snapshot(row), _as_it_would_be(row, fields, steps, documents, relations)
    if not differences(before, after):
        raise ValidationError(_("Nothing is different yet. Please change something first."))
    made: ChangeProposal = ChangeProposal.objects.create(
        item=row,
        base_version=version,
        change=_plain(fields, steps, documents, relations),
        before=before,
        after=after,
        reason=reason,
        issue_number=issue_number,
        proposed_by=actor,
        proposed_at=clock.now(),
    )
    title = gettext_noop("%(department)s proposes a change to %(code)s")
    _tell(_offices(row, actor), made, title, reason)
    return made


@transaction.atomic
def approve_change(proposal: ChangeProposal, actor: User) -> GuideRevision:
    """Make the proposed change the next guide revision, which names both who proposed and who approved.

    Raises StaleVersion with both texts when the guide has been revised meanwhile, WrongState when it is decided,
    PermissionDenied for the proposer and everybody but the offices, ValidationError for a code taken meanwhile.
    """
    row = _undecided(proposal, actor, "decide_change")
    item = lock(row.item)
    if item.version != row.base_version:
        changed = {
            str(n): change.sentence for n, change in zip(count(1), differences(row.before, row.after), strict=False)
        }
        text = _("The guide has been revised since this was proposed. Please decline it, so that it is proposed anew.")
        raise StaleVersion(text, current=readable(item), typed=changed, back_url=_address(row))
    change = _restored(row.change)
    if ServiceItem.objects.filter(code=change["fields"]["code"]).exclude(pk=item.pk).exists():
        raise ValidationError(_("Another item has this code."))
    revision = save_item(
        item,
        actor,
        version=item.version,
        reason=row.reason,
        issue_number=row.issue_number,
        proposed_by=row.proposed_by,
        **change,
    )
    row.revision = revision
    _decide(row, actor, ProposalStatus.APPROVED)
    _tell([row.proposed_by], row, gettext_noop("Your change to %(code)s is approved"))
    return revision


@transaction.atomic
def decline_change(proposal: ChangeProposal, actor: User, *, reason: str) -> ChangeProposal:
    """Leave the guide as it is, with a reason that the proposer reads.

    Raises WrongState when it is decided, PermissionDenied for the proposer and everybody but the offices.
    """
    row = _undecided(proposal, actor, "decide_change")
    row.answer = reason
    _decide(row, actor, ProposalStatus.DECLINED)
    _tell([row.proposed_by], row, gettext_noop("Your change to %(code)s is declined"), reason)
    return row


@transaction.atomic
def withdraw_change(proposal: ChangeProposal, actor: User) -> ChangeProposal:
    """Take an open proposal back. Raises WrongState when it is decided, PermissionDenied for other departments."""
    row = _undecided(proposal, actor, "withdraw_change")
    return _decide(row, actor, ProposalStatus.WITHDRAWN)


def _undecided(proposal: ChangeProposal, actor: User, action: str) -> ChangeProposal:
    row = lock(proposal)
    require(may(actor, action, row))
    if row.status != ProposalStatus.OPEN:
        text = _("This change is decided already: %(state)s.") % {"state": row.get_status_display()}
        raise WrongState(text, back_url=_address(row))
    return row


def _decide(row: ChangeProposal, actor: User, status: str) -> ChangeProposal:
    row.status, row.decided_by, row.decided_at = status, actor, clock.now()
    row.save(update_fields=["status", "decided_by", "decided_at", "answer", "revision"])
    return row


def _address(proposal: ChangeProposal) -> str:
    return reverse("catalog:proposal_detail", args=[proposal.pk])


def _tell(people: Sequence[User], proposal: ChangeProposal, title: str, text: str = "") -> None:
    params = {"code": proposal.item.code, "department": proposal.item.department.short_name}
    notify(people, kind=KIND, title=title, url=_address(proposal), text=text, params=params)


def _offices(item: ServiceItem, actor: User) -> list[User]:
    """The reform office, and the administrators of the hall that accepts the item (of every hall where none does)."""
    holds = Q(role_grants__role=Role.HALL_ADMINISTRATOR)
    if item.window is not None:
        holds &= Q(role_grants__hall=item.window.hall_id)
    people = User.objects.filter(holds | Q(role_grants__role=Role.REFORM_OFFICE), is_active=True)
    return list(people.exclude(pk=actor.pk).distinct())


def _as_it_would_be(
    item: ServiceItem, fields: Mapping[str, Any], steps: Rows, documents: Rows, relations: Rows
) -> dict[str, Any]:
    """The snapshot that the change would make, from rows that nobody saves."""
    draft = copy(item)
    for name, value in fields.items():
        setattr(draft, name, value)
    related = [Prerequisite(item=item, **row) for row in relations]
    related.sort(key=lambda row: (row.relation, row.related.code))
    parts = [
        [model(number=n, **_without_pk(row)) for n, row in zip(count(1), rows, strict=False)]
        for model, rows in ((ProcedureStep, steps), (RequiredDocument, documents))
    ]
    return build_snapshot(
        draft, parts[0], parts[1], related, bundles_of([item.pk])[item.pk], packs_of([item.pk]).get(item.pk)
    )


def _without_pk(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "pk"}


def _plain(fields: Mapping[str, Any], steps: Rows, documents: Rows, relations: Rows) -> dict[str, Any]:
    """The change as JSON keeps it: another row by its key."""
    return {
        "fields": _keys(fields),
        "steps": [_keys(row) for row in steps],
        "documents": [_keys(row) for row in documents],
        "relations": [_keys(row) for row in relations],
    }


FOREIGN = {"department", "window", "pickup_window", "source_department", "related"}


def _keys(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{name}_id" if name in FOREIGN else name: getattr(value, "pk", value) if name in FOREIGN else value
        for name, value in row.items()
    }


def _restored(change: Mapping[str, Any]) -> dict[str, Any]:
    """What `save_item` takes, out of what JSON kept."""
    wanted = {row["related_id"] for row in change["relations"]}
    related = ServiceItem.objects.in_bulk(wanted)
    if len(related) < len(wanted):
        raise ValidationError(_("An item that this change names is no longer there. Please decline it."))
    return {
        "fields": _typed(ServiceItem, change["fields"]),
        "steps": [_typed(ProcedureStep, row) for row in change["steps"]],
        "documents": [_typed(RequiredDocument, row) for row in change["documents"]],
        "relations": [
            {"related": related[row["related_id"]], "relation": row["relation"], "note": row["note"]}
            for row in change["relations"]
        ],
    }


def _typed(model: type[models.Model], row: Mapping[str, Any]) -> dict[str, Any]:
    """Every value as its field reads it; the key of the row itself stays beside them."""
    return {
        name: value if name == "pk" else model._meta.get_field(name).to_python(value)  # type: ignore[union-attr]
        for name, value in row.items()
    }
