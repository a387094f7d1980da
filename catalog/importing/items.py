"""Service items with what halls say of them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Department
from catalog.choices import Handling, ItemStatus, ItemType, OnlineDepth
from catalog.importing import cleaning, windows
from catalog.importing.cleaning import CellError, key
from catalog.importing.context import Context
from catalog.importing.rows import Row
from catalog.importing.saving import Upsert
from catalog.item_models import ServiceItem, plain_number
from catalog.models import Hall
from catalog.services import initials

ITEM_TYPES = {
    "行政许可": ItemType.PERMIT.value,
    "许可": ItemType.PERMIT.value,
    "行政确认": ItemType.CONFIRMATION.value,
    "确认": ItemType.CONFIRMATION.value,
    "行政给付": ItemType.PAYMENT.value,
    "给付": ItemType.PAYMENT.value,
    "公共服务": ItemType.PUBLIC_SERVICE.value,
    "其他行政权力": ItemType.OTHER.value,
    "其他": ItemType.OTHER.value,
}
HANDLINGS = {
    "即办": Handling.ON_THE_SPOT.value,
    "即办件": Handling.ON_THE_SPOT.value,
    "即时": Handling.ON_THE_SPOT.value,
    "当场": Handling.ON_THE_SPOT.value,
    "承诺": Handling.COMMITTED.value,
    "承诺件": Handling.COMMITTED.value,
    "限时": Handling.COMMITTED.value,
}
ONLINE_DEPTHS = {
    "全程": OnlineDepth.FULL.value,
    "全程网办": OnlineDepth.FULL.value,
    "四级": OnlineDepth.FULL.value,
    "不见面": OnlineDepth.FULL.value,
    "预审": OnlineDepth.PRECHECK.value,
    "网上预审": OnlineDepth.PRECHECK.value,
    "网上申报": OnlineDepth.PRECHECK.value,
    "网上受理": OnlineDepth.PRECHECK.value,
    "网上申请": OnlineDepth.PRECHECK.value,
    "三级": OnlineDepth.PRECHECK.value,
    "窗口": OnlineDepth.WINDOW_ONLY.value,
    "仅窗口办理": OnlineDepth.WINDOW_ONLY.value,
    "线下": OnlineDepth.WINDOW_ONLY.value,
    "现场": OnlineDepth.WINDOW_ONLY.value,
    "不支持": OnlineDepth.WINDOW_ONLY.value,
}
STATUSES = {
    "发布": ItemStatus.PUBLISHED.value,
    "在用": ItemStatus.PUBLISHED.value,
    "有效": ItemStatus.PUBLISHED.value,
    "启用": ItemStatus.PUBLISHED.value,
    "未发布": ItemStatus.DRAFT.value,
    "草稿": ItemStatus.DRAFT.value,
    "停用": ItemStatus.RETIRED.value,
    "取消": ItemStatus.RETIRED.value,
    "废止": ItemStatus.RETIRED.value,
    "下线": ItemStatus.RETIRED.value,
}
_PERSONS = ("自然人", "个人", "群众", "公民", "居民", "人员")
_COMPANIES = ("法人", "企业", "单位", "组织", "机构", "个体工商户", "市场主体", "经营主体")
_BOTH = ("均可", "全部", "所有", "不限", "两者")
_FLAGS = ("pickup_elsewhere", "fee", "in_comprehensive", "frequent", "in_visit_list", "has_simulation_pack")
_TEXTS = ("result_name", "name_source", "limit_source", "note")


def load_items(context: Context, rows: list[Row]) -> None:
    """Items by code. Those created or changed are touched: they get a guide revision at the end."""
    existing = {key(item.code): item for item in context.items.values()}
    upsert = Upsert(context.report, context.on_conflict, ServiceItem, existing)
    for row in rows:
        present = existing.get(row.key("code")) if row.given("code") else None
        values = _item(context, row, present)
        row.entry.key = values["code"]
        defaults = {"initials": initials(values["name"]), "item_type": ItemType.OTHER.value}
        upsert.put(row, key(values["code"]), values, defaults)
    for item in upsert.to_update:
        context.report.journal.updated(item, {"initials": initials(item.name)})
        item.initials = initials(item.name)
    upsert.flush(extra_fields=("initials",))
    for item in upsert.to_create + upsert.to_update:
        context.touch(item)


def _item(context: Context, row: Row, present: ServiceItem | None) -> dict[str, Any]:
    """What the row says of an item; of a column that the table does not have, nothing."""
    department = _department(context, row, present)
    hall = context.hall(row, "hall")
    values: dict[str, Any] = {
        "code": row.required("code", cleaning.code),
        "name": row.required("name"),
        "department_id": department.pk if department else None,
    }
    values |= _limits(row, present) | _online(row, present)
    readers: dict[str, Callable[[str], Any]] = {
        "item_type": lambda field: row.soft_choice(field, ITEM_TYPES, ItemType.OTHER.value),
        "trips": lambda field: row.whole(field, 0),
        "status": lambda field: row.choice(field, STATUSES, ItemStatus.PUBLISHED.value),
        **dict.fromkeys(_FLAGS, row.yes),
        **dict.fromkeys(_TEXTS, row.text),
    }
    values |= {field: read(field) for field, read in readers.items() if row.has(field)}
    if row.has("audience"):
        values |= audience(row)
    return values | _windows(context, row, hall, department)


def _windows(context: Context, row: Row, hall: Hall | None, department: Department | None) -> dict[str, Any]:
    """Where it is accepted and where handed out: in the same hall, unless the row says that it is elsewhere."""
    values: dict[str, Any] = {}
    near = hall
    for field in ("window", "pickup_window"):
        if row.has(field):
            found = windows.find(context, row, field, hall if field == "window" else None, department, near)
            values[f"{field}_id"] = found.pk if found else None
            near = found.hall if found else near
        if row.has("pickup_elsewhere") and row.yes("pickup_elsewhere"):
            near = None
    return values


def _department(context: Context, row: Row, present: ServiceItem | None) -> Department | None:
    """The department in charge; an item that exists keeps its own when the table has no such column."""
    if present and not (row.has("department_code") or row.has("department")):
        return present.department
    return context.department(row, "department_code", "department")


def _limits(row: Row, present: ServiceItem | None) -> dict[str, Any]:
    """Statutory and promised limit with the kind of handling; the promise may not be later than the law."""
    kept = present.statutory_days if present else None
    statutory = row.days("statutory_days") if row.has("statutory_days") else kept
    if present and not row.has("committed_days"):
        promised: Decimal | None = present.committed_days
    else:
        promised = row.days("committed_days")
    fallback = Handling.ON_THE_SPOT.value if promised == 0 else Handling.COMMITTED.value
    handling = present.handling if present and not row.has("handling") else row.choice("handling", HANDLINGS, fallback)
    promised = _promise(row, promised, statutory, handling)
    if statutory is not None and promised is not None and promised > statutory:
        text = _("is more than the statutory limit of %(days)s; the promise must be the same or shorter")
        field = "committed_days" if row.has("committed_days") else "statutory_days"
        days = plain_number(statutory)
        row.refuse(field, CellError("promised_over_statutory", text % {"days": days}))
    if handling == Handling.ON_THE_SPOT and promised:
        row.warn("committed_days", _("does not fit “on the spot”; both were kept as they are"))
    return {"committed_days": promised, "handling": handling, "statutory_days": statutory}


def _promise(row: Row, promised: Decimal | None, statutory: Decimal | None, handling: str) -> Decimal | None:
    """The promised limit where the cell is blank: none on the spot, else the statutory one with a warning."""
    if promised is not None or any(code in ("not_a_number", "negative", "formula") for code, _text in row.problems):
        return promised
    if handling == Handling.ON_THE_SPOT:
        return Decimal(0)
    if statutory is None:
        row.reject("missing", _("“%(column)s” is empty; fill it in") % {"column": row.heading("committed_days")})
    else:
        row.warn("committed_days", _("is empty; the statutory limit was taken"))
    return statutory


def _online(row: Row, present: ServiceItem | None) -> dict[str, Any]:
    """Online or not, and how far; where the table has one of the two columns, the other follows from it."""
    if not (row.has("online") or row.has("online_depth")):
        return {} if present else {"online_depth": OnlineDepth.WINDOW_ONLY.value}
    kept = present.online_depth if present and not row.has("online_depth") else ""
    depth = row.choice("online_depth", ONLINE_DEPTHS, kept)
    online = row.yes("online", default=depth not in ("", OnlineDepth.WINDOW_ONLY))
    if kept and online != (kept != OnlineDepth.WINDOW_ONLY):
        depth = ""
    fallback = OnlineDepth.PRECHECK.value if online else OnlineDepth.WINDOW_ONLY.value
    return {"online": online, "online_depth": depth or fallback}


def audience(row: Row) -> dict[str, bool]:
    """For persons, for companies, or both. Rejects a word that says neither."""
    words = row.key("audience")
    both = any(word in words for word in _BOTH)
    persons = both or any(word in words for word in _PERSONS)
    companies = both or any(word in words for word in _COMPANIES)
    # 非法人组织 and 法人 hold the characters of neither 自然人 nor 个人, so the two never answer for each other.
    if row.given("audience") and not (persons or companies):
        row.refuse("audience", CellError("unknown_value", _("is not known; write 自然人, 法人 or both")))
    return {"for_persons": persons, "for_companies": companies}
