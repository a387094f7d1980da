"""The writers of simulated material: a version is prepared, put into use, and from then on stays as it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext as _

from catalog.models import SamplePicture, ServiceItem, SimulationPack
from catalog.permissions import may
from catalog.services import revise
from core import clock, images
from core.doors import StaleVersion, WrongState, lock, require
from core.images import CleanImage

PICTURES_A_SHEET = 9
SHEET_FIELDS = ("code", "name", "form", "copies", "text")
PICTURE_FIELDS = (
    "sheet", "number", "caption", "path", "thumbnail_path", "content_type", "width", "height", "sha256", "added_by",
    "added_at",
)  # fmt: skip


def pack_title(item: ServiceItem) -> str:
    """How a simulation pack is named."""
    return _("Simulated material: %(item)s") % {"item": item.name}


def pack_documents(documents: Any) -> list[dict[str, Any]]:
    """The sheets of a pack: what lies on the desk in place of a citizen's papers."""
    return [
        {"number": row.number, "code": row.code, "name": row.name, "form": row.form, "copies": row.copies}
        for row in documents
    ]


@transaction.atomic
def prepare_pack(item: ServiceItem, actor: Any) -> SimulationPack:
    """The next version to be prepared, as a copy of the latest one (of the documents asked for where there is none).

    Whoever asks while one is being prepared gets that one. Raises PermissionDenied for all but the offices.
    """
    row = lock(item)
    require(may(actor, "edit_pack", row))
    begun: SimulationPack | None = row.simulation_packs.prepared().first()
    if begun is not None:
        return begun
    latest = row.simulation_packs.order_by("-version").first()
    made = SimulationPack(item=row, version=latest.version + 1 if latest else 1, active=False)
    made.title = latest.title if latest else pack_title(row)[:200]
    made.documents = latest.documents if latest else pack_documents(row.documents.order_by("number"))
    _sign(made, actor)
    made.save()
    for picture in latest.pictures.all() if latest else ():
        SamplePicture.objects.create(pack=made, **{name: getattr(picture, name) for name in PICTURE_FIELDS})
    return made


def _sign(row: SimulationPack, actor: Any, reason: str = "") -> None:
    row._history_user, row._change_reason = actor, reason[:100]  # type: ignore[attr-defined]


def _prepared(pack: SimulationPack, actor: Any) -> SimulationPack:
    """The pack under a lock. Raises WrongState once it has been put into use."""
    row = lock(pack)
    require(may(actor, "edit_pack", row.item))
    if not row.is_prepared:
        raise WrongState(_("This version has been put into use and stays as it is. Please prepare the next one."))
    return row


@transaction.atomic
def save_pack(
    pack: SimulationPack, actor: Any, *, version: int, title: str, sheets: Sequence[Mapping[str, Any]]
) -> SimulationPack:
    """Change title and sheets of a version that is being prepared; pictures of a sheet that goes, go with it.

    Raises StaleVersion when it was saved since `version` (its `edits`), WrongState once it has been put into use.
    """
    row = _prepared(pack, actor)
    if row.edits != version:
        names = "、".join(str(sheet["name"]) for sheet in row.documents)
        raise StaleVersion(_("Somebody has saved this since you opened it."), current={str(_("Sheets")): names})
    row.title = title
    row.documents = [{"number": n} | {name: sheet[name] for name in SHEET_FIELDS} for n, sheet in enumerate(sheets, 1)]
    row.edits += 1
    _sign(row, actor)
    row.save()
    for picture in row.pictures.exclude(sheet__in=[sheet["code"] for sheet in row.documents]):
        _drop(picture)
    return row


@transaction.atomic
def add_sample(pack: SimulationPack, actor: Any, *, sheet: str, caption: str, clean: CleanImage) -> SamplePicture:
    """Keep a cleaned picture of one sheet of a version that is being prepared.

    Raises ValidationError for a sheet that is not in it or has enough pictures, WrongState once it is in use.
    """
    row = _prepared(pack, actor)
    if sheet not in {one["code"] for one in row.documents}:
        raise ValidationError(_("This sheet is no longer in the pack."))
    last = row.pictures.filter(sheet=sheet).aggregate(n=models.Count("pk"), last=models.Max("number"))
    if last["n"] >= PICTURES_A_SHEET:
        raise ValidationError(_("At most %(limit)d pictures fit on one sheet.") % {"limit": PICTURES_A_SHEET})
    stored = images.store(clean)
    try:
        with transaction.atomic():
            return SamplePicture.objects.create(
                pack=row,
                sheet=sheet,
                number=(last["last"] or 0) + 1,
                caption=caption,
                path=stored.path,
                thumbnail_path=stored.thumbnail_path,
                content_type=clean.content_type,
                width=clean.width,
                height=clean.height,
                sha256=clean.sha256,
                added_by=actor,
                added_at=clock.now(),
            )
    except DatabaseError:
        images.discard(stored)
        raise


@transaction.atomic
def remove_sample(picture: SamplePicture, actor: Any) -> None:
    """Take a picture out of a version that is being prepared; earlier versions keep theirs."""
    _prepared(picture.pack, actor)
    _drop(picture)


def _drop(picture: SamplePicture) -> None:
    """The row, and after the commit the files, unless another version shows the same ones."""
    stored = images.StoredImage(picture.path, picture.thumbnail_path)
    picture.delete()
    if not SamplePicture.objects.filter(path=stored.path).exists():
        transaction.on_commit(lambda: images.discard(stored))


@transaction.atomic
def release_pack(pack: SimulationPack, actor: Any, *, reason: str, issue_number: str = "") -> SimulationPack:
    """Put a prepared version into use in place of the one before; walks under way keep theirs. A guide revision.

    Raises ValidationError for one without sheets, WrongState when it is in use already.
    """
    row = _prepared(pack, actor)
    if not row.documents:
        raise ValidationError(_("A pack without a sheet cannot be put into use."))
    item = lock(row.item)
    _stop(item, actor, reason)
    row.active, row.reason, row.released_at, row.released_by = True, reason, clock.now(), actor
    _sign(row, actor, reason)
    row.save()
    _follow(item, actor, reason, issue_number, has_pack=True)
    return row


@transaction.atomic
def retire_pack(pack: SimulationPack, actor: Any, *, reason: str, issue_number: str = "") -> SimulationPack:
    """Take the version in use out of use: the item can be walked with citizens only. A guide revision.

    Raises WrongState for a version that is not in use.
    """
    row = lock(pack)
    require(may(actor, "edit_pack", row.item))
    if not row.active:
        raise WrongState(_("This version is not in use."))
    item = lock(row.item)
    _stop(item, actor, reason)
    _follow(item, actor, reason, issue_number, has_pack=False)
    return row


def _stop(item: ServiceItem, actor: Any, reason: str) -> None:
    for row in item.simulation_packs.filter(active=True):
        row.active, row.released_at = False, row.released_at or clock.now()
        _sign(row, actor, reason)
        row.save()


def _follow(item: ServiceItem, actor: Any, reason: str, issue_number: str, *, has_pack: bool) -> None:
    item.has_simulation_pack = has_pack
    item.version += 1
    item.save()
    revise(item, actor, reason, issue_number)
