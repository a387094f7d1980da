"""Checks a plan against the schedule file alone: written from data/README.md, it shares nothing with the solver."""

from collections import Counter
from typing import Any

Row = tuple[str, str, str, str]
"""Director, desk, date, half."""


def faults(instance: dict[str, Any], rows: list[Row]) -> list[str]:
    """Everything that is wrong with a plan."""
    return [*_double(rows), *_places(instance, rows), *_directors(instance, rows), *_hosts(instance, rows)]


def balance(instance: dict[str, Any], rows: list[Row]) -> int:
    """Largest minus smallest number of visits over the departments that have a desk."""
    numbers = visits(instance, rows).values()
    return max(numbers) - min(numbers) if numbers else 0


def visits(instance: dict[str, Any], rows: list[Row]) -> dict[str, int]:
    owner = {desk["id"]: desk["department"] for desk in instance["desks"]}
    counts = Counter(owner[desk] for _director, desk, _date, _half in rows)
    return {code: counts[code] for code in owner.values() if code is not None}


def _double(rows: list[Row]) -> list[str]:
    people = Counter((director, date, half) for director, _desk, date, half in rows)
    desks = Counter((desk, date, half) for _director, desk, date, half in rows)
    return [f"twice: {key}" for key, count in (people | desks).items() if count > 1]


def _places(instance: dict[str, Any], rows: list[Row]) -> list[str]:
    slots = {(slot["date"], slot["half"]) for slot in instance["slots"]}
    desks = {desk["id"]: desk for desk in instance["desks"]}
    directors = {director["id"]: director for director in instance["directors"]}
    found = []
    for director, desk, date, half in rows:
        opened, person = desks[desk]["open"], directors[director]
        if (date, half) not in slots or (opened != "all" and [date, half] not in opened):
            found.append(f"closed: {desk} {date} {half}")
        if [date, half] in person["unavailable"]:
            found.append(f"away: {director} {date} {half}")
        if instance["rules"]["own_department_forbidden"] and desks[desk]["department"] == person["department"]:
            found.append(f"own department: {director} {desk}")
    return found


def _directors(instance: dict[str, Any], rows: list[Row]) -> list[str]:
    found = []
    rules = instance["rules"]
    owner = {desk["id"]: desk["department"] for desk in instance["desks"]}
    per_day = Counter((director, date) for director, _desk, date, _half in rows)
    found += [f"day: {key}" for key, count in per_day.items() if count > rules["max_half_days_per_day"]]
    hosts = Counter((director, owner[desk]) for director, desk, _date, _half in rows if owner[desk] is not None)
    most = rules.get("max_same_host")
    found += [f"same host: {key}" for key, count in hosts.items() if most is not None and count > most]
    for director in instance["directors"]:
        days = [date for who, _desk, date, _half in rows if who == director["id"]]
        for quota in instance["quotas"]:
            if quota["rank"] == director["rank"]:
                found += _quota(director["id"], quota, days, sorted({slot["date"][:7] for slot in instance["slots"]}))
    return found


def _quota(director: str, quota: dict[str, Any], days: list[str], months: list[str]) -> list[str]:
    counts = {"": len(days)}
    if quota["per"] == "month":
        counts = {month: sum(day.startswith(month) for day in days) for month in quota.get("months", months)}
    most = quota["max"]
    return [
        f"quota: {director} {when} {count}"
        for when, count in counts.items()
        if count < quota["min"] or (most is not None and count > most)
    ]


def _hosts(instance: dict[str, Any], rows: list[Row]) -> list[str]:
    found = []
    for code, count in visits(instance, rows).items():
        quota = instance["host_quotas"].get(code, instance["host_quotas"]["default"])
        if count < quota["min"] or (quota["max"] is not None and count > quota["max"]):
            found.append(f"host: {code} {count}")
    return found
