"""一件事: bundles and the items they hold."""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from catalog.importing import cleaning
from catalog.importing.cleaning import key
from catalog.importing.context import Context
from catalog.importing.items import audience
from catalog.importing.report import CREATED, UPDATED
from catalog.importing.rows import Row
from catalog.importing.saving import Upsert, sync_many
from catalog.models import BundleItem, ServiceBundle, ServiceItem

_FIGURES = ("days", "materials", "trips", "windows")


def load_bundles(context: Context, rows: list[Row]) -> None:
    """Bundles by code; one without a code is known by its name."""
    existing = {key(row.code): row for row in ServiceBundle.objects.all()}
    upsert = Upsert(context.report, context.on_conflict, ServiceBundle, existing)
    by_name = {key(row.name): row for row in existing.values()}
    supported: list[tuple[Row, Any, set[int]]] = []
    for row in rows:
        values = _bundle(context, row, existing, by_name)
        row.entry.key = values["code"]
        wanted = {department.pk for department in context.many_departments(row, "support_codes", "support")}
        bundle = upsert.put(row, key(values["code"]), values)
        if bundle is not None and (row.has("support_codes") or row.has("support")):
            supported.append((row, bundle, wanted))
    upsert.flush()
    for row, bundle, wanted in supported:
        sync_many(row, bundle.supporting_departments, "support_codes", wanted, upsert)


def _bundle(
    context: Context, row: Row, existing: dict[str, ServiceBundle], by_name: dict[str, ServiceBundle]
) -> dict[str, Any]:
    lead = context.department(row, "lead_code", "lead")
    name = row.required("name")
    known = existing.get(row.key("code")) if row.given("code") else by_name.get(row.key("name"))
    values: dict[str, Any] = {
        "name": name,
        "code": row.code("code") or (known.code if known else cleaning.code(name)[:40]),
        "lead_department_id": lead.pk if lead else None,
    }
    if row.has("audience"):
        values |= audience(row)
    for side in ("before", "after"):
        figures = {name: _figure(row, f"{side}_{name}") for name in _FIGURES if row.has(f"{side}_{name}")}
        if figures:
            values[side] = {**(getattr(known, side) if known else {}), **figures}
    if row.has("member_source"):
        values["member_source"] = row.text("member_source")
    return values


def _figure(row: Row, field: str) -> int | float | None:
    """A figure as JSON keeps it: whole where it is whole, None for a blank cell."""
    value = row.days(field)
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def load_bundle_items(context: Context, rows: list[Row]) -> None:
    """The members of bundles in their order."""
    bundles = {key(bundle.code): bundle for bundle in ServiceBundle.objects.all()}
    bundles |= {key(bundle.name): bundle for bundle in bundles.values()}
    existing = {(member.bundle_id, member.item_id): member for member in BundleItem.objects.all()}
    upsert = Upsert(context.report, context.on_conflict, BundleItem, existing)
    last: dict[int, int] = defaultdict(int)
    for row in rows:
        bundle = _find_bundle(row, bundles)
        item = context.item(row, "item_code", "item_name")
        row.entry.key = f"{bundle.code if bundle else ''}/{item.code if item else row.code('item_code')}"
        number = row.whole("number", _place(row, bundle, item, existing, last))
        if not row.settle() or bundle is None or item is None:
            continue
        last[bundle.pk] = number
        values = {"bundle_id": bundle.pk, "item_id": item.pk, "number": number}
        upsert.put(row, (bundle.pk, item.pk), values)
        if row.entry.status in (CREATED, UPDATED):
            context.touch(item)
    upsert.flush()


def _place(
    row: Row,
    bundle: ServiceBundle | None,
    item: ServiceItem | None,
    existing: dict[tuple[int, int], BundleItem],
    last: dict[int, int],
) -> int:
    """A member's place where the table says none: the one it has, else the next."""
    if bundle is None or item is None:
        return 1
    known = existing.get((bundle.pk, item.pk))
    return known.number if known and not row.has("number") else last[bundle.pk] + 1


def _find_bundle(row: Row, bundles: dict[str, ServiceBundle]) -> ServiceBundle | None:
    field = "bundle_code" if row.given("bundle_code") else "bundle_name"
    bundle = bundles.get(row.key(field)) if row.given(field) else None
    if bundle is None:
        facts = {"column": row.heading(field), "value": row.raw(field).strip()[:80]}
        text = _("“%(column)s”: “%(value)s” is no bundle that was imported; import the bundle first")
        row.reject("unknown_bundle", text % facts)
    return bundle
