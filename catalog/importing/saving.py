"""Writes rows in bulk, with history, and says of each whether it was created, updated or left alone."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from catalog.importing import cleaning
from catalog.importing.report import CREATED, IGNORED, REJECTED, SKIPPED, UNCHANGED, UPDATED, Entry, Report
from catalog.importing.rows import Row

STOP, SKIP, UPDATE = "stop", "skip", "update"
ON_CONFLICT = (STOP, SKIP, UPDATE)
_BATCH = 500


@dataclass(slots=True)
class Seen:
    """Where a key was first met, and a digest of the values it had there."""

    entry: Entry
    values: int


def same(kept: Any, read: Any) -> bool:
    """Equal, or a text that differs only by what cleaning takes off, for instance one typed on a page."""
    if kept == read:
        return True
    if not isinstance(kept, str) or not isinstance(read, str):
        return False
    try:
        return read in (cleaning.tidy(kept), cleaning.name(kept))
    except cleaning.CellError:
        return False


def _digest(values: Mapping[str, Any]) -> int:
    """The same number for the same values, instead of keeping them."""
    return hash(repr(sorted(values.items())))


def batches(rows: Sequence[Any], size: int = _BATCH) -> Iterator[Sequence[Any]]:
    """Rows in handfuls, for the library that keeps history makes as many objects again for each handful."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


class Upsert:
    """One model's rows by key. Call `put` for each row, then `flush` once.

    With `forget`, rows are written as they come and not kept: steps and documents are too many to hold all of them.
    """

    def __init__(
        self,
        report: Report,
        on_conflict: str,
        model: type[models.Model],
        existing: Mapping[Any, Any],
        *,
        forget: bool = False,
    ) -> None:
        self.report = report
        self.on_conflict = on_conflict
        self.model = model
        self.existing: dict[Hashable, Any] = dict(existing)
        self.forget = forget
        self.seen: dict[Hashable, Seen] = {}
        self.to_create: list[Any] = []
        self.to_update: list[Any] = []
        self.changed_fields: set[str] = set()
        self.audited = hasattr(model, "history")

    def put(
        self, row: Row, key: Hashable, values: Mapping[str, Any], on_create: Mapping[str, Any] | None = None
    ) -> Any:
        """The row's object, to be written by `flush`, or None when the row is rejected or a repetition.

        `values` are compared with what stands; `on_create` holds what only a new row needs besides.
        """
        row.check_lengths(self.model, values)
        if not row.settle() or self._repeats(row, key, values):
            return None
        self.seen[key] = Seen(row.entry, _digest(values))
        present = self.existing.get(key)
        if present is None:
            made = self.model(**{**(on_create or {}), **values})
            self.to_create.append(made)
            row.entry.status = CREATED
            if self.forget and len(self.to_create) >= _BATCH:
                self._create()
            return made
        self._compare(row, present, values)
        return present

    def _repeats(self, row: Row, key: Hashable, values: Mapping[str, Any]) -> bool:
        first = self.seen.get(key)
        if first is None:
            return False
        place = {"place": first.entry.where, "row": first.entry.row, "key": row.entry.key}
        if first.entry.where != row.entry.where and first.values == _digest(values):
            row.entry.status, row.entry.code = IGNORED, "same_elsewhere"
            row.entry.messages.insert(0, _("The same as row %(row)d of %(place)s") % place)
        else:
            text = _("“%(key)s” stands already in row %(row)d of %(place)s; the first one counts, remove this one")
            row.reject("duplicate", text % place)
            row.settle()
        return True

    def _compare(self, row: Row, present: models.Model, values: Mapping[str, Any]) -> None:
        changes = {name: value for name, value in values.items() if not same(getattr(present, name), value)}
        if not changes:
            row.entry.status = UNCHANGED
            return
        row.entry.messages += [self._difference(row, present, name, value) for name, value in changes.items()]
        self.settle_conflict(row)
        if row.entry.status != UPDATED:
            return
        if present.pk is not None:
            self.report.journal.updated(present, changes)
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
        self._create()
        for some in batches(self.to_update):
            if self.audited:
                bulk_update_with_history(some, self.model, fields, batch_size=_BATCH)
            else:
                self.model._default_manager.bulk_update(some, fields, batch_size=_BATCH)

    def _create(self) -> None:
        for some in batches(self.to_create):
            if self.audited:
                bulk_create_with_history(some, self.model, batch_size=_BATCH)
            else:
                self.model._default_manager.bulk_create(some, batch_size=_BATCH)
            self.report.journal.created(some)
        if self.forget:
            self.to_create.clear()


def sync_many(row: Row, relation: Any, field: str, wanted: set[int], upsert: Upsert) -> None:
    """Make a many-to-many field what the row says, by the same rule as the row's other values; after `flush`."""
    present = set(relation.values_list("pk", flat=True)) if row.entry.status != CREATED else set()
    if present == wanted:
        return
    if row.entry.status == UNCHANGED:
        row.entry.messages.append(_("“%(column)s” differs from what is kept") % {"column": row.heading(field)})
        upsert.settle_conflict(row)
    if row.entry.status == UPDATED:
        upsert.report.journal.many(relation.instance, relation.prefetch_cache_name, present)
    if row.entry.status in (CREATED, UPDATED):
        relation.set(wanted)
