"""Writes rows in bulk, with history, and says of each whether it was created, updated or left alone."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from catalog.importing.report import CREATED, IGNORED, REJECTED, SKIPPED, UNCHANGED, UPDATED, Entry, Report
from catalog.importing.rows import Row

STOP, SKIP, UPDATE = "stop", "skip", "update"
ON_CONFLICT = (STOP, SKIP, UPDATE)
_BATCH = 500


@dataclass(slots=True)
class Seen:
    """Where a key was first met, and with which values."""

    entry: Entry
    values: Mapping[str, Any]


class Upsert:
    """One model's rows by key. Call `put` for each row, then `flush` once."""

    def __init__(
        self, report: Report, on_conflict: str, model: type[models.Model], existing: Mapping[Any, Any]
    ) -> None:
        self.report = report
        self.on_conflict = on_conflict
        self.model = model
        self.existing: dict[Hashable, Any] = dict(existing)
        self.seen: dict[Hashable, Seen] = {}
        self.to_create: list[Any] = []
        self.to_update: list[Any] = []
        self.changed_fields: set[str] = set()

    def put(
        self, row: Row, key: Hashable, values: Mapping[str, Any], on_create: Mapping[str, Any] | None = None
    ) -> Any:
        """The row's object, to be written by `flush`, or None when the row is rejected or a repetition.

        `values` are compared with what stands; `on_create` holds what only a new row needs besides.
        """
        row.check_lengths(self.model, values)
        if not row.settle() or self._repeats(row, key, values):
            return None
        self.seen[key] = Seen(row.entry, values)
        present = self.existing.get(key)
        if present is None:
            made = self.model(**{**(on_create or {}), **values})
            self.existing[key] = made
            self.to_create.append(made)
            row.entry.status = CREATED
            return made
        self._compare(row, present, values)
        return present

    def _repeats(self, row: Row, key: Hashable, values: Mapping[str, Any]) -> bool:
        first = self.seen.get(key)
        if first is None:
            return False
        place = {"place": first.entry.where, "row": first.entry.row, "key": row.entry.key}
        if first.entry.where != row.entry.where and first.values == values:
            row.entry.status, row.entry.code = IGNORED, "same_elsewhere"
            row.entry.messages.insert(0, _("The same as row %(row)d of %(place)s") % place)
        else:
            text = _("“%(key)s” stands already in row %(row)d of %(place)s; the first one counts, remove this one")
            row.reject("duplicate", text % place)
            row.settle()
        return True

    def _compare(self, row: Row, present: models.Model, values: Mapping[str, Any]) -> None:
        changes = {name: value for name, value in values.items() if getattr(present, name) != value}
        if not changes:
            row.entry.status = UNCHANGED
            return
        row.entry.messages += [self._difference(row, present, name, value) for name, value in changes.items()]
        self.settle_conflict(row)
        if row.entry.status != UPDATED:
            return
        for name, value in changes.items():
            setattr(present, name, value)
        self.changed_fields |= {self.model._meta.get_field(name).name for name in changes}
        if present.pk is not None:
            self.to_update.append(present)

    def settle_conflict(self, row: Row) -> None:
        """What becomes of a row that exists with other values, by the chosen rule."""
        if self.on_conflict == UPDATE:
            row.entry.status = UPDATED
        elif self.on_conflict == SKIP:
            row.entry.status, row.entry.code = SKIPPED, "exists"
        else:
            row.entry.status, row.entry.code = REJECTED, "exists"
            self.report.stopped = True

    def _difference(self, row: Row, present: models.Model, name: str, value: Any) -> str:
        facts = {"column": row.heading(name.removesuffix("_id")), "old": getattr(present, name), "new": value}
        if name.endswith("_id"):
            return _("“%(column)s” differs from what is kept") % facts
        return _("“%(column)s”: %(old)s → %(new)s") % facts

    def flush(self, extra_fields: tuple[str, ...] = ()) -> None:
        """Write what is new and what has changed, with history."""
        fields = sorted(self.changed_fields.union(extra_fields))
        audited = hasattr(self.model, "history")
        if self.to_create and audited:
            bulk_create_with_history(self.to_create, self.model, batch_size=_BATCH)
        elif self.to_create:
            self.model._default_manager.bulk_create(self.to_create, batch_size=_BATCH)
        if self.to_update and audited:
            bulk_update_with_history(self.to_update, self.model, fields, batch_size=_BATCH)
        elif self.to_update:
            self.model._default_manager.bulk_update(self.to_update, fields, batch_size=_BATCH)


def sync_many(row: Row, relation: Any, field: str, wanted: set[int], upsert: Upsert) -> None:
    """Make a many-to-many field what the row says, by the same rule as the row's other values; after `flush`."""
    present = set(relation.values_list("pk", flat=True)) if row.entry.status != CREATED else set()
    if present == wanted:
        return
    if row.entry.status == UNCHANGED:
        row.entry.messages.append(_("“%(column)s” differs from what is kept") % {"column": row.heading(field)})
        upsert.settle_conflict(row)
    if row.entry.status in (CREATED, UPDATED):
        relation.set(wanted)
