"""Pictures as a page draws them: opened, hidden, or to be checked by this reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.models import User
from issues.choices import EvidenceKind, Redaction
from issues.evidence_permissions import may_check
from issues.models import Issue, Screenshot
from sessions.models import StepRun


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of a strip; `page_url` is empty for readers who may not open it."""

    picture: Any
    thumbnail_url: str
    page_url: str
    may_check: bool

    @property
    def after(self) -> bool:
        return bool(self.picture.kind == EvidenceKind.AFTER)

    @property
    def unchecked(self) -> bool:
        return bool(self.picture.redaction == Redaction.UNCHECKED)


def tile(picture: Any, user: User) -> Tile:
    """`picture` comes from `with_openable`."""
    if not picture.openable:
        return Tile(picture, "", "", False)
    thumbnail, page = (
        reverse(f"issues:{name}", args=[picture.pk]) for name in ("screenshot_thumb", "check_screenshot")
    )
    return Tile(picture, thumbnail, page, may_check(user, picture).allowed)


def tiles(pictures: Iterable[Any], user: User) -> list[Tile]:
    return [tile(picture, user) for picture in pictures]


def of_issue(issue: Issue, user: User) -> list[Tile]:
    """All pictures of an issue in the order set by hand: one query."""
    found = Screenshot.objects.filter(issue=issue).with_openable(user).select_related("uploaded_by")
    for picture in found:
        picture.issue = issue
    return tiles(found, user)


def of_step(step_run: StepRun, user: User) -> list[Tile]:
    """All pictures of a step run: one query."""
    found = Screenshot.objects.filter(step_run=step_run).with_openable(user).select_related("uploaded_by", "issue")
    return tiles(found, user)
