"""Changes to guides that liaisons propose: to decide for the offices, sent back for who wrote them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import User
from catalog.choices import ProposalStatus
from catalog.models import ChangeProposal
from core import clock
from core.doors import Text
from issues import lights

SHOWN = 5
RECENT = timedelta(days=30)
"""So long does a proposal that was declined stay in sight, unless its author writes another."""


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal; nothing sets it a date."""

    proposal: Any
    light: lights.Light | None = None


@dataclass(frozen=True, slots=True)
class ProposalGroup:
    name: str
    label: Text
    rows: list[ProposalRow]
    count: int
    url: str = ""


def groups(user: User) -> list[ProposalGroup]:
    """The groups that hold something. One query, none for people who have nothing to do with proposals."""
    decides = user.grants.has(Role.HALL_ADMINISTRATOR, Role.REFORM_OFFICE)
    if not decides and not user.grants.has(Role.LIAISON):
        return []
    found = _read(user, decides)
    to_decide = [row for row in found if row.status == ProposalStatus.OPEN]
    returned = [row for row in found if row.status == ProposalStatus.DECLINED]
    url = reverse("catalog:proposal_list")
    both = [
        _group("proposals", _("Proposed changes to decide"), to_decide, url),
        _group("declined", _("Proposals sent back"), returned, f"{url}?state={ProposalStatus.DECLINED.value}"),
    ]
    return [group for group in both if group.count]


def _read(user: User, decides: bool) -> list[Any]:
    """The oldest first, without the texts of the guides."""
    later = ChangeProposal.objects.filter(item=OuterRef("item"), pk__gt=OuterRef("pk"))
    recent = Q(status=ProposalStatus.DECLINED, decided_at__gte=clock.now() - RECENT)
    own = Q(~Exists(later), recent, proposed_by=user)
    wanted = own | Q(~Q(proposed_by=user), status=ProposalStatus.OPEN) if decides else own
    rows = ChangeProposal.objects.visible_to(user).filter(wanted).select_related("item__department", "proposed_by")
    return list(rows.defer("change", "before", "after").order_by("proposed_at", "pk"))


def _group(name: str, label: Text, found: list[Any], url: str) -> ProposalGroup:
    return ProposalGroup(name, label, [ProposalRow(row) for row in found[:SHOWN]], len(found), url)
