"""Decisions about seams: dismiss, restore, confirm by an issue, and what a guide revision mended."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog import seam_words
from catalog.models import GuideRevision, SeamRuling
from catalog.permissions import may
from catalog.seams import Seam
from core import clock
from core.doors import StaleVersion, WrongState, require


def _ruling(seam: Seam) -> SeamRuling:
    """The ruling about a seam under a lock, made when there is none. Only inside a transaction."""
    given = {
        "kind": seam.kind,
        "item_id": seam.item.pk,
        "need_id": seam.need,
        "hold_id": seam.hold,
        "title": seam_words.title(seam)[:300],
    }
    row, _made = SeamRuling.objects.select_for_update().get_or_create(key=seam.key, defaults=given)
    return row


def _open(seam: Seam, actor: Any, version: int) -> SeamRuling:
    require(may(actor, "rule_seam"))
    row = _ruling(seam)
    if row.version != version:
        raise StaleVersion(
            _("Somebody has decided about this seam since you opened it."),
            current={str(_("Reason")): row.dismissed_reason, str(_("Issue number")): row.issue_number},
        )
    return row


def _keep(row: SeamRuling) -> SeamRuling:
    row.version += 1
    row.save()
    return row


@transaction.atomic
def dismiss(seam: Seam, actor: Any, *, reason: str, version: int) -> SeamRuling:
    """Say that this is no seam: it leaves matrix and strengths. Raises WrongState when an issue confirms it."""
    row = _open(seam, actor, version)
    if row.issue_number:
        raise WrongState(_("An issue confirms this seam, so it cannot be dismissed."))
    row.dismissed_reason, row.dismissed_by, row.dismissed_at = reason, actor, clock.now()
    return _keep(row)


@transaction.atomic
def restore(seam: Seam, actor: Any, *, version: int) -> SeamRuling:
    """Take a dismissal back. Raises WrongState when there is none."""
    row = _open(seam, actor, version)
    if not row.dismissed_reason:
        raise WrongState(_("This seam is not dismissed."))
    row.dismissed_reason, row.dismissed_by, row.dismissed_at = "", None, None
    return _keep(row)


@transaction.atomic
def confirm(seam: Seam, actor: Any, *, issue_number: str, version: int) -> SeamRuling:
    """An issue found the same thing: the seam carries its number, and a dismissal is taken back."""
    row = _open(seam, actor, version)
    row.issue_number, row.confirmed_by, row.confirmed_at = issue_number, actor, clock.now()
    row.dismissed_reason, row.dismissed_by, row.dismissed_at = "", None, None
    return _keep(row)


def note_mended(before: Iterable[Seam], after: Iterable[Seam], revision: GuideRevision) -> list[SeamRuling]:
    """Record which seams of an item a guide revision mended, and which came back. Only inside a transaction.

    `before` and `after` are the item's seams around the save. Every mended seam is kept, decided about or not, so that
    the item can say what became of it and when. Returns the rulings that were written.
    """
    left = {seam.key for seam in after}
    mended = [_ruling(seam) for seam in before if seam.key not in left]
    for row in mended:
        row.mended_revision, row.mended_at = revision, clock.now()
        _keep(row)
    returned = list(SeamRuling.objects.select_for_update().filter(key__in=left, mended_at__isnull=False))
    for row in returned:
        row.mended_revision, row.mended_at = None, None
        _keep(row)
    return mended + returned
