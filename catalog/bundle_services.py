"""The writer of bundles (一件事). What a change means for an item is a revision of that item's guide."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Department
from catalog import seam_services, seams
from catalog.models import ServiceBundle, ServiceItem
from catalog.permissions import may
from catalog.seams import Seam
from catalog.services import revise
from core.doors import StaleVersion, lock, require

BUNDLE_FIELDS = ("code", "name", "for_persons", "for_companies", "lead_department", "active")
FIGURES = ("days", "materials", "trips", "windows")


@transaction.atomic
def save_bundle(
    bundle: ServiceBundle,
    actor: Any,
    *,
    version: int,
    fields: Mapping[str, Any],
    supporting: Sequence[Department],
    members: Sequence[ServiceItem],
    reason: str,
    issue_number: str = "",
) -> ServiceBundle:
    """Make or change a bundle; `members` are its items in their order.

    Items that come or go, and those with a seam that comes or goes, get a guide revision with the reason. Raises
    PermissionDenied for anybody but hall administrators and the reform office, StaleVersion when the bundle was saved
    since `version`, ValidationError for a taken code.
    """
    require(may(actor, "edit_bundle"))
    row = lock(bundle) if bundle.pk else bundle
    if row.version != version:
        raise StaleVersion(_("Somebody has saved this bundle since you opened it."), current=readable(row))
    before = list(row.members.order_by("number").values_list("item_id", flat=True)) if row.pk else []
    touched = [lock(item) for item in ServiceItem.objects.filter(pk__in={*before, *(item.pk for item in members)})]
    chafing = {item.pk: seams.of_item(item) for item in touched}
    _write(row, actor, fields, reason)
    row.supporting_departments.set(supporting)
    _write_members(row, members)
    moved = set(before) ^ {item.pk for item in members}
    for item in touched:
        _follow(item, actor, chafing[item.pk], item.pk in moved, reason, issue_number)
    return row


def readable(bundle: ServiceBundle) -> dict[str, str]:
    """Name and value of what the 409 page shows as "stands now"."""
    members = bundle.members.order_by("number").values_list("item__name", flat=True)
    return {str(_("bundle name")): bundle.name, str(_("Items")): " → ".join(members)}


def _write(row: ServiceBundle, actor: Any, fields: Mapping[str, Any], reason: str) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row._history_user, row._change_reason = actor, reason[:100]  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ValidationError({"code": _("Another bundle has this code.")}) from error


def _write_members(row: ServiceBundle, members: Sequence[ServiceItem]) -> None:
    present = {member.item_id: member for member in row.members.all()}
    wanted = [item.pk for item in members]
    for item_id, member in present.items():
        if item_id not in wanted:
            member.delete()
    for number, item in zip(count(1), members, strict=False):
        row.members.update_or_create(item=item, defaults={"number": number})


def _follow(item: ServiceItem, actor: Any, before: Sequence[Seam], moved: bool, reason: str, issue_number: str) -> None:
    after = seams.of_item(item)
    if moved or {seam.key for seam in before} != {seam.key for seam in after}:
        revision = revise(item, actor, reason, issue_number)
        seam_services.note_mended(before, after, revision)
