"""What an import has written, row by row, so that it can be taken back while nothing was built on it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Max, Model


class Journal:
    """Created rows, old and new values of changed ones, in the order of writing. Models go by their label."""

    def __init__(self) -> None:
        self._created: dict[str, list[int]] = {}
        self._updated: dict[str, dict[int, dict[str, list[Any]]]] = {}
        self._many: list[list[Any]] = []
        self._deleted: list[dict[str, Any]] = []
        self._models: dict[str, type[Model]] = {}

    def __bool__(self) -> bool:
        return bool(self._created or self._updated or self._many or self._deleted)

    def created(self, rows: Iterable[Model]) -> None:
        """Rows that were not there before; they have their keys already."""
        for row in rows:
            self._created.setdefault(self._label(row), []).append(row.pk)

    def updated(self, row: Model, changes: Mapping[str, Any]) -> None:
        """A row about to be changed: it still has its old values."""
        kept = self._updated.setdefault(self._label(row), {}).setdefault(row.pk, {})
        for name, value in changes.items():
            kept[name] = [kept[name][0] if name in kept else getattr(row, name), value]

    def many(self, row: Model, name: str, before: Iterable[int]) -> None:
        """A many-to-many field about to be set."""
        self._many.append([self._label(row), row.pk, name, sorted(before)])

    def deleted(self, row: Model) -> None:
        """A row about to be deleted, with all its values."""
        values = {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}
        self._deleted.append({"model": self._label(row), "values": values})

    def as_dict(self) -> dict[str, Any]:
        """For keeping as JSON; `marks` say up to where the history of each model goes now."""
        marks = {
            label: model.history.aggregate(last=Max("history_id"))["last"] or 0
            for label, model in self._models.items()
            if hasattr(model, "history")
        }
        return {
            # PostgreSQL keeps JSON without the order of its keys.
            "order": list(self._models),
            "created": self._created,
            "updated": self._updated,
            "many": self._many,
            "deleted": self._deleted,
            "marks": marks,
        }

    def _label(self, row: Model) -> str:
        label = row._meta.label_lower
        self._models[label] = type(row)
        return label
