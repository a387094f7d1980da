"""Pictures: added, covered, checked, described. Every act on a picture of an issue is written to its ledger.

A picture of a step run that belongs to no issue yet has no ledger of its own; its row keeps who, when and the hash,
and the event that registers the issue names the hash.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import clock, images, ledger
from core.doors import WrongState, lock, require
from issues.choices import EvidenceKind, Redaction
from issues.evidence_permissions import may_add_to, may_check, may_describe
from issues.models import Issue, IssueEvent, Screenshot
from issues.services.acting import wrong_state
from issues.workflow import WORKFLOW
from sessions.models import StepRun

MAX_SCREENSHOTS = 9
"""Pictures per issue and round, and per step run (SECURITY: limits in one place)."""


def add_screenshot(
    actor: User,
    upload: IO[bytes],
    *,
    issue: Issue | None = None,
    step_run: StepRun | None = None,
    kind: str = EvidenceKind.BEFORE,
    caption: str = "",
    taken_on: date | None = None,
    boxes: Sequence[images.Box] = (),
    no_personal_data: bool = False,
) -> Screenshot:
    """Clean and keep one picture of an issue or a step run; writes the files, the row and the issue's event.

    `boxes` are burnt in here, whatever the browser did before; `no_personal_data` is the uploader's word after looking.
    Raises ValidationError (not a picture, too large, too many, a date to come), WrongState when the issue is
    settled, PermissionDenied for others than those of the matrix.
    """
    parent = issue or step_run
    if parent is None:
        raise ValueError("A picture belongs to an issue or a step run.")
    if issue is not None:
        WORKFLOW.check("add_screenshot", issue.status, wrong_state("add_screenshot", issue))
    require(may_add_to(actor, parent))
    day = _past(taken_on or clock.today())
    clean = images.sanitise(upload)
    if boxes:
        clean = images.redact(clean.content, boxes)
    stored = images.store(clean)
    words = caption.strip() or images.caption_from_name(str(getattr(upload, "name", "") or ""))
    facts = {"kind": kind, "caption": words[:100], "taken_on": day, "uploaded_by": actor, "uploaded_at": clock.now()}
    facts |= _checked(actor, len(boxes), no_personal_data)
    facts |= {"path": stored.path, "thumbnail_path": stored.thumbnail_path, "content_type": clean.content_type}
    facts |= {"width": clean.width, "height": clean.height, "sha256": clean.sha256}
    try:
        with transaction.atomic():
            return _keep(actor, issue, step_run, facts)
    except BaseException:
        images.discard(stored)
        raise


def _checked(actor: User, boxes: int, no_personal_data: bool) -> dict[str, Any]:
    if not boxes and not no_personal_data:
        return {"redaction": Redaction.UNCHECKED}
    redaction = Redaction.REDACTED if boxes else Redaction.CLEAN
    return {"redaction": redaction, "boxes": boxes, "checked_by": actor, "checked_at": clock.now()}


def _keep(actor: User, issue: Issue | None, step_run: StepRun | None, facts: dict[str, Any]) -> Screenshot:
    """The row and its event, under the parent's lock so that two uploads cannot pass the limit together."""
    if issue is None:
        assert step_run is not None  # noqa: S101 - checked by the caller, said for the type checker
        run = lock(step_run)
        number = _next_number(run.screenshots.all())
        place = {"step_run": run, "step_number": run.number, "step_name": run.name}
        return Screenshot.objects.create(**facts, **place, number=number)
    row = lock(issue)
    WORKFLOW.check("add_screenshot", row.status, wrong_state("add_screenshot", row))
    number = _next_number(row.screenshots.filter(round=row.round))
    place = {"issue": row, "step_run": step_run, "step_number": row.step_number, "step_name": row.step_name}
    picture = Screenshot.objects.create(**facts, **place, round=row.round, number=number)
    data = {"screenshot": picture.pk, "sha256": picture.sha256, "kind": picture.kind}
    record(row, "add_screenshot", actor, note=picture.caption, data=data)
    return picture


def _next_number(pictures: Any) -> int:
    numbers = list(pictures.values_list("number", flat=True))
    if len(numbers) >= MAX_SCREENSHOTS:
        raise ValidationError(
            _("At most %(limit)d pictures fit here. Cover or combine what belongs together."),
            code="too_many",
            params={"limit": MAX_SCREENSHOTS},
        )
    return max(numbers, default=0) + 1


def _past(day: date) -> date:
    if day > clock.today():
        raise ValidationError(_("The evidence date lies in the future. Choose today or earlier."), code="future")
    return day


def record(issue: Issue, action: str, actor: User, *, note: str = "", data: dict[str, Any] | None = None) -> None:
    """Write an event that leaves the state alone; `issue` is held locked by the caller."""
    ledger.append(IssueEvent, issue, ledger.Entry(action=action, actor=actor, note=note, data=data))
    issue.save(update_fields=["version", "ledger_head"])


def redact(screenshot: Screenshot, actor: User, boxes: Sequence[images.Box]) -> Screenshot:
    """Burn solid boxes into the stored picture; the old files go with the commit, the event keeps both hashes.

    Raises ValidationError when no box was drawn, one lies outside or the file is gone, PermissionDenied for others
    than the checkers.
    """
    require(may_check(actor, screenshot))
    covered = images.redact(_stored(screenshot), boxes)
    stored = images.store(covered)
    try:
        with transaction.atomic():
            return _swap(screenshot, actor, (covered, stored), len(boxes))
    except BaseException:
        images.discard(stored)
        raise


def _stored(screenshot: Screenshot) -> bytes:
    try:
        with default_storage.open(screenshot.path, "rb") as stream:
            content: bytes = stream.read()
    except OSError as error:
        raise ValidationError(
            _("The file of this picture is missing. Tell whoever looks after the server, or add the picture again."),
            code="missing",
        ) from error
    return content


def _swap(
    screenshot: Screenshot, actor: User, new: tuple[images.CleanImage, images.StoredImage], boxes: int
) -> Screenshot:
    row = lock(screenshot)
    if row.sha256 != screenshot.sha256:
        raise WrongState(_("Somebody has covered this picture in the meantime. Look at it again."))
    clean, stored = new
    old = images.StoredImage(row.path, row.thumbnail_path)
    data = {"screenshot": row.pk, "old_sha256": row.sha256, "sha256": clean.sha256, "boxes": boxes}
    row.path, row.thumbnail_path = stored.path, stored.thumbnail_path
    row.content_type, row.sha256 = clean.content_type, clean.sha256
    row.redaction, row.boxes = Redaction.REDACTED, row.boxes + boxes
    row.checked_by, row.checked_at = actor, clock.now()
    row.save()
    _record_of_picture(row, "redact", actor, data)
    transaction.on_commit(partial(images.discard, old))
    return row


@transaction.atomic
def mark_clean(screenshot: Screenshot, actor: User) -> Screenshot:
    """Say that a picture shows no personal data, so that others may open it. A covered one stays covered."""
    require(may_check(actor, screenshot))
    row = lock(screenshot)
    if row.redaction != Redaction.UNCHECKED:
        raise WrongState(_("This picture has been checked already."))
    row.redaction, row.checked_by, row.checked_at = Redaction.CLEAN, actor, clock.now()
    row.save(update_fields=["redaction", "checked_by", "checked_at"])
    _record_of_picture(row, "mark_clean", actor, {"screenshot": row.pk, "sha256": row.sha256})
    return row


@transaction.atomic
def describe(
    screenshot: Screenshot, actor: User, *, caption: str, kind: str, taken_on: date, number: int
) -> Screenshot:
    """Change caption, before or after, evidence date and place in the order."""
    require(may_describe(actor, screenshot))
    row = lock(screenshot)
    row.caption, row.kind, row.taken_on, row.number = caption, kind, _past(taken_on), number
    row.save(update_fields=["caption", "kind", "taken_on", "number"])
    _record_of_picture(row, "describe", actor, {"screenshot": row.pk, "kind": kind, "taken_on": taken_on})
    return row


def _record_of_picture(picture: Screenshot, action: str, actor: User, data: dict[str, Any]) -> None:
    if picture.issue is not None:
        record(lock(picture.issue), action, actor, note=picture.caption, data=data)
