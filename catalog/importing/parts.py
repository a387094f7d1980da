"""Steps, documents and relations of items."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from catalog.choices import DocumentForm, DocumentSource, Necessity, Relation
from catalog.importing import cleaning, windows
from catalog.importing.cleaning import CellError
from catalog.importing.context import Context
from catalog.importing.report import CREATED, UPDATED
from catalog.importing.rows import Row
from catalog.importing.saving import Upsert
from catalog.models import Prerequisite, ProcedureStep, RequiredDocument, ServiceItem

_APPLICANT = re.compile("自备|申请(人|单位|企业)|本人|企业自")
FORMS = {
    "原件": DocumentForm.ORIGINAL.value,
    "复印件": DocumentForm.COPY.value,
    "电子": DocumentForm.ELECTRONIC.value,
    "电子件": DocumentForm.ELECTRONIC.value,
    "扫描件": DocumentForm.ELECTRONIC.value,
    "原件核验": DocumentForm.ORIGINAL_CHECKED.value,
    "核验原件": DocumentForm.ORIGINAL_CHECKED.value,
    "验原件": DocumentForm.ORIGINAL_CHECKED.value,
    "原件+复印件": DocumentForm.ORIGINAL_AND_COPY.value,
    "原件和复印件": DocumentForm.ORIGINAL_AND_COPY.value,
    "原件及复印件": DocumentForm.ORIGINAL_AND_COPY.value,
    "原件复印件": DocumentForm.ORIGINAL_AND_COPY.value,
    "原件,复印件": DocumentForm.ORIGINAL_AND_COPY.value,
    "原件、复印件": DocumentForm.ORIGINAL_AND_COPY.value,
    "免提交": DocumentForm.NOT_SUBMITTED.value,
    "无需提交": DocumentForm.NOT_SUBMITTED.value,
}
SOURCES = {
    "申请人自备": DocumentSource.APPLICANT.value,
    "自备": DocumentSource.APPLICANT.value,
    "申请人": DocumentSource.APPLICANT.value,
    "政府部门": DocumentSource.GOVERNMENT.value,
    "部门核发": DocumentSource.GOVERNMENT.value,
    "政府": DocumentSource.GOVERNMENT.value,
    "中介": DocumentSource.AGENCY.value,
    "其他": DocumentSource.OTHER.value,
    "系统": DocumentSource.SYSTEM.value,
    "调取": DocumentSource.SYSTEM.value,
    "共享": DocumentSource.SYSTEM.value,
}
NECESSITIES = {
    "必要": Necessity.REQUIRED.value,
    "必需": Necessity.REQUIRED.value,
    "必须": Necessity.REQUIRED.value,
    "必交": Necessity.REQUIRED.value,
    "是": Necessity.REQUIRED.value,
    "容缺": Necessity.LATER.value,
    "可容缺": Necessity.LATER.value,
    "后补": Necessity.LATER.value,
    "非必要": Necessity.LATER.value,
    "否": Necessity.LATER.value,
}
RELATIONS = {
    "前置": Relation.BEFORE.value,
    "并联": Relation.PARALLEL.value,
    "并行": Relation.PARALLEL.value,
    "联办": Relation.MERGED.value,
    "合并": Relation.MERGED.value,
    "后续": Relation.AFTER.value,
    "后置": Relation.AFTER.value,
}
_Reader = Callable[[Context, Row, ServiceItem | None], dict[str, Any]]


def load_steps(context: Context, rows: list[Row]) -> None:
    """Steps by item and number."""
    _load(context, rows, ProcedureStep, _step)


def load_documents(context: Context, rows: list[Row]) -> None:
    """Documents by item and number."""
    _load(context, rows, RequiredDocument, _document)


def _load(context: Context, rows: list[Row], model: Any, read: _Reader) -> None:
    existing = {(part.item_id, part.number): part for part in model.objects.all()}
    upsert = Upsert(context.report, context.on_conflict, model, existing, forget=True)
    last: dict[int, int] = defaultdict(int)
    for row in rows:
        item = context.item(row, "item_code", "item_name")
        number = _number(row, last[item.pk] if item else 0)
        row.entry.key = f"{item.code if item else row.code('item_code')}/{number}"
        values = read(context, row, item)
        if not row.settle() or item is None:
            continue
        last[item.pk] = number
        defaults = values.pop("defaults", {})
        upsert.put(row, (item.pk, number), {**values, "item_id": item.pk, "number": number}, defaults)
        if row.entry.status in (CREATED, UPDATED):
            context.touch(item)
    upsert.flush()


def _number(row: Row, last: int) -> int:
    """The row's place within its item; without one the next place."""
    if row.given("number"):
        return row.whole("number", last + 1)
    if row.has("number"):
        row.warn("number", _("is empty; the next number was taken"))
    return last + 1


def _step(context: Context, row: Row, item: ServiceItem | None) -> dict[str, Any]:
    values: dict[str, Any] = {"name": row.required("name")}
    readers: dict[str, Callable[[str], Any]] = {
        "post": row.text,
        "days": lambda field: row.days(field) or Decimal(0),
        "counted": lambda field: row.yes(field, default=True),
        "channel": row.text,
        "signatures": lambda field: row.whole(field, 0),
        "system": row.text,
        "place": row.text,
        "note": row.text,
    }
    values |= {field: reader(field) for field, reader in readers.items() if row.has(field)}
    if row.has("place"):
        values["window_id"] = _place(context, row, item)
    return values


def _place(context: Context, row: Row, item: ServiceItem | None) -> int | None:
    """The window that a place names; None for text such as 业务科室. The item's own hall comes first."""
    found = windows.candidates(context, row.raw("place")) if row.given("place") else []
    hall = item.window.hall if item and item.window else None
    near = [window for window in found if hall is not None and window.hall_id == hall.pk]
    window, certain = windows.choose(near or found, None, item.department if item else None)
    if window is not None and not certain:
        row.warn("place", _("stands in several halls; the one in %(hall)s was taken") % {"hall": window.hall.name})
    return window.pk if window else None


def _document(context: Context, row: Row, item: ServiceItem | None) -> dict[str, Any]:
    name = row.required("name")
    form = row.soft_choice("form", FORMS, DocumentForm.ORIGINAL.value)
    own = _APPLICANT.search(row.raw("source_department")) and not row.given("source_department_code")
    source = None if own else context.department(row, "source_department_code", "source_department", needed=False)
    fallback = DocumentSource.GOVERNMENT.value if source else DocumentSource.APPLICANT.value
    read: dict[str, Any] = {
        # Without a code the name stands for the document, so that the same name is the same document everywhere.
        "code": row.code("code") or cleaning.code(name)[:60],
        "form": form,
        "copies": row.whole("copies", 0 if form == DocumentForm.NOT_SUBMITTED else 1),
        "source_kind": row.soft_choice("source_kind", SOURCES, fallback),
        "necessity": _necessity(row),
    }
    values: dict[str, Any] = {"name": name} | {field: value for field, value in read.items() if row.has(field)}
    if row.has("source_department_code") or row.has("source_department"):
        values["source_department_id"] = source.pk if source else None
    if row.has("format_requirement"):
        values["format_requirement"] = row.text("format_requirement")
    if row.has("shareable"):
        values["shareable"] = row.yes("shareable")
    return values | {"defaults": read}


def _necessity(row: Row) -> str:
    """A column 是否容缺 asks the opposite of 是否必要."""
    if row.given("necessity") and "容缺" in row.heading("necessity") and "容缺" not in row.raw("necessity"):
        return Necessity.LATER.value if row.yes("necessity") else Necessity.REQUIRED.value
    return row.choice("necessity", NECESSITIES, Necessity.REQUIRED.value)


def load_relations(context: Context, rows: list[Row]) -> None:
    """Relations by both items and kind. An item never depends on itself, nor over a circle of 前置."""
    existing = {(row.item_id, row.related_id, row.relation): row for row in Prerequisite.objects.all()}
    upsert = Upsert(context.report, context.on_conflict, Prerequisite, existing, forget=True)
    needs: dict[int, set[int]] = defaultdict(set)
    for item_id, related_id, relation in existing:
        if relation == Relation.BEFORE:
            needs[item_id].add(related_id)
    for row in rows:
        item = context.item(row, "item_code", "item_name")
        related = context.item(row, "related_code", "related_name")
        row.entry.key = "→".join(
            found.code if found else row.code(f"{end}_code") or row.name(f"{end}_name")
            for end, found in (("item", item), ("related", related))
        )
        relation = row.choice("relation", RELATIONS, Relation.BEFORE.value)
        if item and related:
            _check_circle(row, item, related, needs if relation == Relation.BEFORE else {})
        if not row.settle() or item is None or related is None:
            continue
        ends: Hashable = (item.pk, related.pk, relation)
        values = {"item_id": item.pk, "related_id": related.pk, "relation": relation}
        values |= {"note": row.text("note")} if row.has("note") else {}
        if upsert.put(row, ends, values) is not None and relation == Relation.BEFORE:
            needs[item.pk].add(related.pk)
        if row.entry.status in (CREATED, UPDATED):
            context.touch(item)
    upsert.flush()


def _check_circle(row: Row, item: ServiceItem, related: ServiceItem, needs: dict[int, set[int]]) -> None:
    field = "related_code" if row.given("related_code") else "related_name"
    if item.pk == related.pk:
        row.refuse(field, CellError("self_relation", _("is the item itself; an item cannot depend on itself")))
        return
    reached, open_ends = set(), [related.pk]
    while open_ends:
        here = open_ends.pop()
        if here == item.pk and needs:
            row.refuse(field, CellError("cycle", _("needs this item first; together they would wait for each other")))
            return
        if here not in reached:
            reached.add(here)
            open_ends.extend(needs.get(here, ()))
