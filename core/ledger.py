"""Append-only, hash-chained events: each carries the SHA-256 of the one before it in the same object.

Concrete tables (`IssueEvent`, `SessionEvent`) name their parent. The parent keeps the number and hash of its last
event (`version`, `ledger_head`), so that a cut-off tail is found too.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete what is written for good."""


class LedgerQuerySet(models.QuerySet[Any]):
    """Refuses every change in bulk."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("A ledger event is never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("A ledger event is never deleted.")


class LedgeredModel(models.Model):
    """A row with a ledger: `version` counts its events and guards forms against stale saves."""

    version = models.PositiveIntegerField(default=0, editable=False)
    ledger_head = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        abstract = True


class LedgerEvent(models.Model):
    """One act: who, for which department, when, from which state to which, with note and data."""

    parent_field: ClassVar[str]

    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who")
    )
    actor_label = models.CharField(_("who"), max_length=100)
    department_code = models.CharField(_("department"), max_length=20, blank=True)
    action = models.CharField(_("act"), max_length=40)
    from_state = models.CharField(max_length=30, blank=True)
    to_state = models.CharField(max_length=30, blank=True)
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["number"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only. Raises AppendOnlyError for a row that is already written."""
        if self.pk is not None:
            raise AppendOnlyError("A ledger event is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("A ledger event is never deleted.")

    def digest(self) -> str:
        """The SHA-256 over the event's facts and the hash before it, as hex."""
        facts = [
            self.previous_hash,
            getattr(self, f"{self.parent_field}_id"),
            self.number,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor_id,
            self.actor_label,
            self.department_code,
            self.action,
            self.from_state,
            self.to_state,
            self.note,
            self.data,
        ]
        canonical = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder)
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What an act says of itself before it is written."""

    action: str
    actor: Any
    from_state: str = ""
    to_state: str = ""
    note: str = ""
    data: dict[str, Any] | None = None
    department_code: str = ""
    actor_label: str = ""


def append(event_model: type[LedgerEvent], parent: LedgeredModel, entry: Entry) -> LedgerEvent:
    """Write the next event of `parent`, which the caller holds locked and saves afterwards.

    Sets `parent.version` and `parent.ledger_head`; the caller's `update_fields` must contain both.
    """
    event = chained(event_model, parent, entry)
    event.save()
    return event


def chained(event_model: type[LedgerEvent], parent: LedgeredModel, entry: Entry) -> LedgerEvent:
    """The next event of `parent`, not saved yet: for `append`, and for histories that are written in bulk."""
    moment: datetime = clock.now()
    actor = entry.actor
    event = event_model(
        number=parent.version + 1,
        at=moment,
        actor=actor,
        actor_label=entry.actor_label or (actor.display_name if actor else str(_("System"))),
        department_code=entry.department_code or (actor.department_code if actor else ""),
        action=entry.action,
        from_state=entry.from_state,
        to_state=entry.to_state,
        note=entry.note,
        # Through JSON and back: what is hashed now must equal what the database gives back later.
        data=json.loads(json.dumps(entry.data or {}, cls=DjangoJSONEncoder)),
        previous_hash=parent.ledger_head,
    )
    setattr(event, event_model.parent_field, parent)
    event.hash = event.digest()
    parent.version, parent.ledger_head = event.number, event.hash
    return event


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a chain does not hold: which object, which event, and what is wrong."""

    parent_id: int
    number: int
    problem: str


def verify(event_model: type[LedgerEvent]) -> Iterator[Break]:
    """Recompute every chain of this table. Yields nothing when all hold.

    Finds a changed, missing, added or re-ordered event, a cut-off tail, and a state that no event led to.
    """
    parent_model: type[models.Model] = event_model._meta.get_field(event_model.parent_field).related_model  # type: ignore[assignment]
    events = event_model._default_manager.order_by(f"{event_model.parent_field}_id", "number").iterator(2000)
    chains: dict[int, tuple[int, str, str]] = {}
    for event in events:
        parent_id = getattr(event, f"{event_model.parent_field}_id")
        number, head, state = chains.get(parent_id, (0, "", ""))
        if event.number != number + 1:
            yield Break(parent_id, event.number, "an event is missing before this one")
        if event.previous_hash != head:
            yield Break(parent_id, event.number, "does not follow the event before it")
        if event.digest() != event.hash:
            yield Break(parent_id, event.number, "was changed after it was written")
        chains[parent_id] = (event.number, event.hash, event.to_state or state)
    yield from _check_heads(parent_model, chains)


def _check_heads(parent_model: type[models.Model], chains: dict[int, tuple[int, str, str]]) -> Iterator[Break]:
    rows = parent_model._default_manager.values_list("pk", "version", "ledger_head", "status")
    for pk, version, head, status in rows.iterator(2000):
        number, chain_head, state = chains.pop(pk, (0, "", ""))
        if (version, head) != (number, chain_head):
            yield Break(pk, version, "the last events are missing")
        elif number and state != status:
            yield Break(pk, version, f"its state is {status}, the ledger says {state}")
    for pk, (number, _head, _state) in chains.items():
        yield Break(pk, number, "its object is gone")
