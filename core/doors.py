"""What every door answers with: a verdict with its reason, and the two refusals that are neither 403 nor 404."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of `may`: true or false, with the reason in the reader's language and the way out."""

    allowed: bool
    reason: Text = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(True)


def refuse(reason: Text) -> Verdict:
    """A refusal that says why and what to do instead."""
    return Verdict(False, reason)


def require(verdict: Verdict) -> None:
    """Raise PermissionDenied (403) with the verdict's reason unless it allows."""
    if not verdict:
        raise PermissionDenied(str(verdict.reason))


class Conflict(Exception):
    """The request met a world that has moved on; answered with 409 and both texts.

    `typed` holds what the person sent, so that nothing is lost; `current` what stands in the database now.
    """

    def __init__(
        self,
        message: Text,
        *,
        current: Mapping[str, Any] | None = None,
        typed: Mapping[str, Any] | None = None,
        back_url: str = "",
    ) -> None:
        super().__init__(str(message))
        self.message = message
        self.current = dict(current or {})
        self.typed = dict(typed or {})
        self.back_url = back_url


class WrongState(Conflict):
    """The row is not in a state from which this act may start."""


class StaleVersion(Conflict):
    """The row has changed since the form was opened."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act as a page offers it: drawn enabled, or disabled with the reason (LOOK: say why not)."""

    action: str
    label: Text
    url: str
    verdict: Verdict = field(default=ALLOWED)
    primary: bool = False


ModelT = TypeVar("ModelT", bound=models.Model)


def lock(row: ModelT) -> ModelT:
    """The row read again under a lock, to be called inside `transaction.atomic`.

    SQLite ignores row locks; there the IMMEDIATE transaction holds the whole database instead.
    """
    manager = type(row)._default_manager
    return manager.select_for_update(of=("self",)).get(pk=row.pk)
