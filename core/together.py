"""Many small sets of rows in one query.

A page about one object shows a dozen relations with a handful of rows each. A query per relation costs a round trip
per relation; here every row comes back as one JSON object of one UNION ALL, and becomes a model instance again.
"""

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.db.models import CharField, DateTimeField, Expression, JSONField, Model, QuerySet, Value
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


class _Row(Expression):
    """A whole row of the query's own table as one JSON object.

    Written at once: Django's `JSONObject` resolves and compiles every column of every set anew, which took longer
    than the database's answer.
    """

    output_field = JSONField()

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self.names = names

    def as_sql(self, compiler: Any, connection: Any, function: str = "JSON_OBJECT") -> tuple[str, tuple[str, ...]]:
        quote = connection.ops.quote_name
        table = quote(compiler.query.get_initial_alias())
        pairs = (f"'{name}', {table}.{quote(column)}" for name, column in self.names.items())
        return f"{function}({', '.join(pairs)})", ()

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str, ...]]:
        return self.as_sql(compiler, connection, "JSONB_BUILD_OBJECT")


def _packed(name: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    packed = _Row({field.attname: field.column for field in _fields(rows.model)})
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
