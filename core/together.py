"""Many small sets of rows in one query.

A page about one object shows a dozen relations with a handful of rows each. A query per relation costs a round trip
per relation; here every row comes back as one JSON object of one UNION ALL, and becomes a model instance again.
"""

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.db.models import CharField, DateTimeField, JSONField, Model, QuerySet, Value
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.dateparse import parse_datetime

# Never needed beside an object, and not to be carried about.
LEFT_OUT = frozenset({"password"})


def fetch(sets: Mapping[str, QuerySet[Any]]) -> dict[str, list[Any]]:
    """The rows of every queryset by its name, each set by primary key; one query in all.

    Querysets are plain ones (filtered and distinct at most): ordering, annotations and joins are not carried over.
    """
    parts = [_packed(name, rows) for name, rows in sets.items()]
    found: dict[str, list[Any]] = {name: [] for name in sets}
    for name, values in parts[0].union(*parts[1:], all=True):
        found[name].append(_instance(sets[name].model, sets[name].db, values))
    return {name: sorted(rows, key=lambda row: row.pk) for name, rows in found.items()}


def _fields(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.attname not in LEFT_OUT]


def _packed(name: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    names = [field.attname for field in _fields(rows.model)]
    packed = JSONObject(**{attname: attname for attname in names})
    keys = rows.order_by().values("pk")
    plain = rows.model._default_manager.filter(pk__in=keys).order_by()
    named: QuerySet[Any] = plain.annotate(_set=Value(name, CharField()), _row=packed).values_list("_set", "_row")
    return named


def _instance(model: type[Model], database: str, values: dict[str, Any]) -> Any:
    fields = _fields(model)
    return model.from_db(
        database, [field.attname for field in fields], [_value(field, values[field.attname]) for field in fields]
    )


def _value(field: Any, value: Any) -> Any:
    """What the database's JSON says, as the field would have read it."""
    if value is None:
        return None
    if isinstance(field, JSONField):
        # SQLite packs a JSON column as text, PostgreSQL as the object itself.
        return json.loads(value) if isinstance(value, str) else value
    if isinstance(field, DateTimeField):
        moment = parse_datetime(str(value))
        return timezone.make_aware(moment, UTC) if moment is not None and timezone.is_naive(moment) else moment
    return field.target_field.to_python(value) if field.is_relation else field.to_python(value)


def attach(row: Model, name: str, related: list[Any]) -> None:
    """Let `row.name.all()` answer with these rows, as after `prefetch_related`."""
    rows = getattr(row, name).get_queryset()
    rows._result_cache = related
    rows._prefetch_done = True
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows
