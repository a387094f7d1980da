"""Departments, halls and windows."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import UnitType
from accounts.models import Department
from catalog.choices import WindowKind
from catalog.importing import cleaning
from catalog.importing.cleaning import CellError, key
from catalog.importing.context import Context
from catalog.importing.rows import Row
from catalog.importing.saving import Upsert, same, sync_many
from catalog.models import Hall, Window, Zone

UNIT_TYPES = {
    "进驻": UnitType.RESIDENT.value,
    "进驻单位": UnitType.RESIDENT.value,
    "非进驻": UnitType.NON_RESIDENT.value,
    "非进驻单位": UnitType.NON_RESIDENT.value,
    "未进驻单位": UnitType.NON_RESIDENT.value,
    # The heading may ask 是否进驻.
    "是": UnitType.RESIDENT.value,
    "否": UnitType.NON_RESIDENT.value,
    "未进驻": UnitType.NON_RESIDENT.value,
    "配套": UnitType.UTILITY.value,
    "公用": UnitType.UTILITY.value,
    "水电气": UnitType.UTILITY.value,
}
WINDOW_KINDS = {
    "综窗": WindowKind.INTEGRATED.value,
    "综合": WindowKind.INTEGRATED.value,
    "无差别": WindowKind.INTEGRATED.value,
    "部门专窗": WindowKind.DEPARTMENT.value,
    "部门": WindowKind.DEPARTMENT.value,
    "专窗": WindowKind.DEPARTMENT.value,
    "专业": WindowKind.DEPARTMENT.value,
    "出件": WindowKind.PICKUP.value,
    "取件": WindowKind.PICKUP.value,
    "发证": WindowKind.PICKUP.value,
    "办不成事": WindowKind.UNRESOLVED_MATTERS.value,
    "帮办": WindowKind.ASSISTANCE.value,
    "代办": WindowKind.ASSISTANCE.value,
    "咨询": WindowKind.ENQUIRY.value,
    "导办": WindowKind.ENQUIRY.value,
    "导服": WindowKind.ENQUIRY.value,
    "自助": WindowKind.SELF_SERVICE.value,
    "体验专窗": WindowKind.EXPERIENCE.value,
}

_ZONE_LENGTH = 50
NOON = 12
# 暂不开放 is what our own export says of a desk without any half-day.
_HALF_WORDS = ("上午", "下午", "不开放")


def load_departments(context: Context, rows: list[Row]) -> None:
    """Departments by code; one without a code is known by any of its names."""
    existing = {key(row.code): row for row in Department.objects.all()}
    upsert = Upsert(context.report, context.on_conflict, Department, existing)
    short_names = {key(row.short_name): key(row.code) for row in existing.values()}
    for row in rows:
        code = row.code("code") or _department_code(context, row)
        present = existing.get(key(code)) if code else None
        values = {"code": code} | _department(row, present)
        row.entry.key = code
        short = values.get("short_name") or (present.short_name if present else values["name"])
        owner = short_names.setdefault(key(short), key(code))
        if owner != key(code) and short:
            facts = {"column": row.heading("short_name"), "value": short}
            text = _("“%(column)s”: “%(value)s” is the short name of another department; short names are unique")
            row.reject("duplicate", text % facts)
        upsert.put(row, key(code), values, {"short_name": values["name"]})
    upsert.flush()


def _department_code(context: Context, row: Row) -> str:
    """The code of the department that one of these names means; the short name for a new one."""
    for field in ("short_name", "name"):
        if row.given(field) and row.key(field) in context.departments:
            return context.departments[row.key(field)].code
    short = row.code("short_name") or row.code("name")
    if short:
        row.entry.messages.append(_("No code was given; the short name serves as code"))
    return short[:20]


def _department(row: Row, present: Department | None) -> dict[str, Any]:
    name = row.required("name")
    values: dict[str, Any] = {"name": name}
    readers: dict[str, Callable[[str], Any]] = {
        "short_name": lambda field: row.name(field) or name,
        "name_en": row.text,
        "note": row.text,
        "former_names": row.several,
        "unit_type": lambda field: row.choice(field, UNIT_TYPES, UnitType.RESIDENT.value),
        "in_comprehensive": row.yes,
        "participates": row.yes,
        "sort_order": lambda field: row.whole(field, 0),
    }
    values |= {field: read(field) for field, read in readers.items() if row.has(field)}
    return values | (_renamed(present, values) if present else {})


def _renamed(present: Department, values: dict[str, Any]) -> dict[str, Any]:
    """A department that gets another name is still found by the one it had."""
    before = {field: getattr(present, field) for field in ("name", "short_name")}
    gone = [old for field, old in before.items() if values.get(field) and not same(old, values[field])]
    known = values.get("former_names", present.former_names)
    added = [name for name in gone if name not in known and name not in values.values()]
    return {"former_names": [*known, *added]} if added else {}


def load_halls(context: Context, rows: list[Row]) -> None:
    """Halls by code; the hours of both half-days are read from the opening hours where they say them."""
    existing = {key(row.code): row for row in Hall.objects.all()}
    upsert = Upsert(context.report, context.on_conflict, Hall, existing)
    for row in rows:
        name = row.required("name")
        code = row.code("code")
        if name and not code:
            known = context.halls.get(row.key("name"))
            code = known.code if known else cleaning.code(name)[:20]
            row.entry.messages += [] if known else [_("No code was given; the name serves as code")]
        row.entry.key = code
        values: dict[str, Any] = {"code": code, "name": name}
        if row.has("address"):
            values["address"] = row.text("address")
        if row.has("km_from_main"):
            values["km_from_main"] = _kilometres(row)
        if row.has("open_hours"):
            values |= {"open_hours": row.text("open_hours")} | _hours(row)
        upsert.put(row, key(code), values)
    upsert.flush()


def _kilometres(row: Row) -> Decimal:
    value = row.number("km_from_main", Decimal(0))
    if value != round(value, 1):
        row.warn("km_from_main", _("was rounded to %(value)s") % {"value": round(value, 1)})
    return round(value, 1)


def _hours(row: Row) -> dict[str, Any]:
    """`08:30-12:00，14:00-17:30` as the four times of the two half-days, and a word of doubt when it says another."""
    words = row.text("open_hours")
    times = re.findall(r"(\d{1,2})[:：](\d{2})", words)
    names = ("am_opens", "am_closes", "pm_opens", "pm_closes")
    if len(times) == 2 and int(times[0][0]) < NOON <= int(times[1][0]):
        # Open over midday: the half-days meet at noon.
        times = [times[0], (str(NOON), "00"), (str(NOON), "00"), times[1]]
    if len(times) != len(names) or any(int(hour) > 23 or int(minute) > 59 for hour, minute in times):
        if words:
            row.warn("open_hours", _("does not say the hours of both half-days; please set them on the hall's page"))
        return {}
    parse = Hall._meta.get_field("am_opens").to_python
    return {name: parse(f"{int(hour):02}:{minute}") for name, (hour, minute) in zip(names, times, strict=True)}


def load_windows(context: Context, rows: list[Row]) -> None:
    """Windows by hall and number, with their zones and the departments they serve."""
    existing = {(row.hall_id, key(row.number)): row for row in Window.objects.all()}
    upsert = Upsert(context.report, context.on_conflict, Window, existing)
    served: list[tuple[Row, Window, set[int]]] = []
    zones = {(zone.hall_id, zone.name): zone for zone in Zone.objects.all()}
    for row in rows:
        hall = context.hall(row, "hall_code", "hall") or _only_hall(context, row)
        number = row.required("number", cleaning.code)
        row.entry.key = f"{hall.code if hall else '?'}/{number}"
        department = context.department(row, "department_code", "department", needed=False)
        values = _window(row, number, department)
        serves = context.many_departments(row, "serves")
        _check_zone(row)
        if not row.settle() or hall is None:
            continue
        defaults = {"name": number, "kind": _usual_kind(department)}
        if row.has("zone") or (hall.pk, key(number)) not in existing:
            values["zone_id"] = _zone(context, row, hall, zones).pk
        window = upsert.put(row, (hall.pk, key(number)), values | {"hall_id": hall.pk}, defaults)
        if window is not None and row.has("serves"):
            served.append((row, window, {department.pk for department in serves}))
    upsert.flush()
    for row, window, wanted in served:
        sync_many(row, window.serves, "serves", wanted, upsert)


def _only_hall(context: Context, row: Row) -> Hall | None:
    """The one hall there is, for a file that does not name halls. Rejects the row when there are several."""
    halls = set(context.halls.values())
    if len(halls) == 1:
        return halls.pop()
    if not any(code == "unknown_hall" for code, _message in row.problems):
        row.reject("missing", _("The hall is missing; add a column with the hall's code or name"))
    return None


def _check_zone(row: Row) -> None:
    if len(row.name("zone")) > _ZONE_LENGTH:
        facts = {"column": row.heading("zone"), "length": len(row.name("zone")), "limit": _ZONE_LENGTH}
        text = _("“%(column)s” has %(length)d characters, at most %(limit)d fit; shorten it")
        row.reject("too_long", text % facts)


def _zone(context: Context, row: Row, hall: Hall, zones: dict[tuple[int, str], Zone]) -> Zone:
    name = row.name("zone") or _("General area")
    if (hall.pk, name) not in zones:
        zones[hall.pk, name] = Zone.objects.create(hall=hall, name=name, sort_order=len(zones) + 1)
        context.report.journal.created([zones[hall.pk, name]])
    return zones[hall.pk, name]


def _usual_kind(department: Department | None) -> str:
    return WindowKind.DEPARTMENT.value if department else WindowKind.INTEGRATED.value


def _window(row: Row, number: str, department: Department | None) -> dict[str, Any]:
    values: dict[str, Any] = {"number": number}
    readers: dict[str, Callable[[str], Any]] = {
        "name": lambda field: row.name(field) or number,
        "kind": lambda field: row.soft_choice(field, WINDOW_KINDS, _usual_kind(department)),
        "floor": row.text,
        "note": row.text,
        "active": lambda field: row.yes(field, default=True),
    }
    values |= {field: read(field) for field, read in readers.items() if row.has(field)}
    if row.has("department_code") or row.has("department"):
        values["department_id"] = department.pk if department else None
    return values | (_desk(row) if row.has("is_desk") or row.has("desk_halves") else {})


def _desk(row: Row) -> dict[str, bool]:
    """May it be used as a desk, and when; a table without the first column says it by the half-days."""
    halves = row.key("desk_halves") if row.given("desk_halves") else ""
    is_desk = row.yes("is_desk") if row.has("is_desk") else bool(halves)
    all_day = not halves or "全天" in halves
    if is_desk and not all_day and not any(word in halves for word in _HALF_WORDS):
        row.refuse("desk_halves", CellError("unknown_value", _("is not known; write 上午, 下午 or both")))
    return {
        "is_desk": is_desk,
        "desk_am": is_desk and (all_day or "上午" in halves),
        "desk_pm": is_desk and (all_day or "下午" in halves),
    }
