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
from catalog.importing.cleaning import key
from catalog.importing.context import Context
from catalog.importing.rows import Row
from catalog.importing.saving import Upsert, sync_many
from catalog.models import Hall, Window, Zone

UNIT_TYPES = {
    "进驻": UnitType.RESIDENT.value,
    "进驻单位": UnitType.RESIDENT.value,
    "非进驻": UnitType.NON_RESIDENT.value,
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


def load_departments(context: Context, rows: list[Row]) -> None:
    """Departments by code; one without a code is known by its short name."""
    existing = {key(row.code): row for row in Department.objects.all()}
    upsert = Upsert(context.report, context.on_conflict, Department, existing)
    short_names = {key(row.short_name): key(row.code) for row in existing.values()}
    for row in rows:
        values = _department(row)
        row.entry.key = values["code"]
        owner = short_names.setdefault(key(values["short_name"]), key(values["code"]))
        if owner != key(values["code"]):
            facts = {"column": row.heading("short_name"), "value": values["short_name"]}
            text = _("“%(column)s”: “%(value)s” is the short name of another department; short names are unique")
            row.reject("duplicate", text % facts)
        upsert.put(row, key(values["code"]), values)
    upsert.flush()


def _department(row: Row) -> dict[str, Any]:
    name = row.required("name")
    short = row.name("short_name") or name
    code = row.code("code")
    if name and not code:
        code = key(short)[:20]
        row.entry.messages.append(_("No code was given; the short name serves as code"))
    values: dict[str, Any] = {"code": code, "name": name, "short_name": short}
    readers: dict[str, Callable[[str], Any]] = {
        "name_en": row.text,
        "note": row.text,
        "former_names": row.several,
        "unit_type": lambda field: row.choice(field, UNIT_TYPES, UnitType.RESIDENT.value),
        "in_comprehensive": row.yes,
        "participates": row.yes,
        "sort_order": lambda field: row.whole(field, 0),
    }
    return values | {field: read(field) for field, read in readers.items() if row.has(field)}


def load_halls(context: Context, rows: list[Row]) -> None:
    """Halls by code; the hours of both half-days are read from the opening hours where they say them."""
    existing = {key(row.code): row for row in Hall.objects.all()}
    upsert = Upsert(context.report, context.on_conflict, Hall, existing)
    for row in rows:
        name = row.required("name")
        code = row.code("code")
        if name and not code:
            code = key(name)[:20]
            row.entry.messages.append(_("No code was given; the name serves as code"))
        row.entry.key = code
        values: dict[str, Any] = {"code": code, "name": name}
        if row.has("address"):
            values["address"] = row.text("address")
        if row.has("km_from_main"):
            values["km_from_main"] = row.number("km_from_main", Decimal(0))
        if row.has("open_hours"):
            values |= {"open_hours": row.text("open_hours")} | _hours(row.text("open_hours"))
        upsert.put(row, key(code), values)
    upsert.flush()


def _hours(words: str) -> dict[str, Any]:
    """`08:30-12:00，14:00-17:30` as the four times of the two half-days; nothing when it says something else."""
    times = re.findall(r"(\d{1,2})[:：](\d{2})", words)
    names = ("am_opens", "am_closes", "pm_opens", "pm_closes")
    if len(times) != len(names) or any(int(hour) > 23 or int(minute) > 59 for hour, minute in times):
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
        if not row.settle() or hall is None:
            continue
        zone = row.name("zone") or _("General area")
        if (hall.pk, zone) not in zones:
            zones[hall.pk, zone] = Zone.objects.create(hall=hall, name=zone[:50], sort_order=len(zones) + 1)
        values |= {"hall_id": hall.pk, "zone_id": zones[hall.pk, zone].pk}
        window = upsert.put(row, (hall.pk, key(number)), values)
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


def _window(row: Row, number: str, department: Department | None) -> dict[str, Any]:
    fallback = WindowKind.DEPARTMENT.value if department else WindowKind.INTEGRATED.value
    is_desk = row.yes("is_desk")
    halves = row.raw("desk_halves")
    all_day = not row.given("desk_halves") or "全天" in halves
    values: dict[str, Any] = {
        "number": number,
        "name": row.name("name") or number,
        "kind": row.soft_choice("kind", WINDOW_KINDS, fallback),
        "department_id": department.pk if department else None,
    }
    if row.has("is_desk"):
        values |= {
            "is_desk": is_desk,
            "desk_am": is_desk and (all_day or "上午" in halves),
            "desk_pm": is_desk and (all_day or "下午" in halves),
        }
    for field in ("floor", "note"):
        if row.has(field):
            values[field] = row.text(field)
    if row.has("active"):
        values["active"] = row.yes("active", default=True)
    return values
