"""Small schedule files: drawn by hypothesis, or made by hand."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

LAST_OF_MAY = date(2026, 5, 29)
"""A Friday: weeks that start here run into June, so that monthly quotas differ from those of the whole."""


def half_days(days: int, first: date = LAST_OF_MAY) -> list[tuple[str, str]]:
    """Morning and afternoon of so many days in a row."""
    return [(str(first + timedelta(days=n)), half) for n in range(days) for half in ("AM", "PM")]


def file_of(slots: list[tuple[str, str]], homes: list[str], **given: Any) -> dict[str, Any]:
    """A schedule file: one principal of each home, one desk of each department, one visit each."""
    codes = sorted(set(homes))
    parts: dict[str, Any] = {
        "id": "made",
        "period": {"start": min(slots)[0], "end": max(slots)[0]},
        "slots": [{"date": day, "half": half} for day, half in slots],
        "departments": [{"code": code, "name": code, "hosts": True} for code in codes],
        "desks": [{"id": f"W{code}", "name": code, "department": code, "open": "all"} for code in codes],
        "directors": [
            {"id": f"L{n}", "name": f"L{n}", "department": home, "rank": "principal", "unavailable": []}
            for n, home in enumerate(homes)
        ],
        "quotas": [{"rank": "principal", "per": "event", "min": 1, "max": 1}],
        "host_quotas": {"default": {"min": 0, "max": None}},
        "rules": {"own_department_forbidden": True, "max_half_days_per_day": 1},
    }
    return parts | given


@st.composite
def bounds(draw: st.DrawFn, largest: int, *, open_end: bool = True) -> dict[str, int | None]:
    least = draw(st.integers(0, largest))
    most = st.integers(least, largest + 1)
    return {"min": least, "max": draw(st.none() | most if open_end else most)}


@st.composite
def files(draw: st.DrawFn, people: int = 5, days: int = 3, *, open_end: bool = True) -> dict[str, Any]:
    """Any small schedule file, often without a solution."""
    slots = half_days(draw(st.integers(1, days)))
    codes = ["D1", "D2", "D3", "D4"][: draw(st.integers(1, 4))]
    some = st.lists(st.sampled_from(slots), unique=True, max_size=len(slots)).map(lambda rows: [[*row] for row in rows])
    owners = draw(st.lists(st.sampled_from([*codes, None]), min_size=1, max_size=5))
    homes = draw(st.lists(st.sampled_from(codes), min_size=1, max_size=people))
    ranks = st.sampled_from(["principal", "principal", "deputy"])
    rules: dict[str, Any] = {
        "own_department_forbidden": draw(st.sampled_from([True, True, False])),
        "max_half_days_per_day": draw(st.sampled_from([1, 2])),
    }
    most = draw(st.sampled_from([None, 1, 2]))
    exceptions = {code: draw(bounds(2)) for code in draw(st.sets(st.sampled_from(codes), max_size=1))}
    return file_of(
        slots,
        homes,
        departments=[{"code": code, "name": code, "hosts": code in owners} for code in codes],
        desks=[
            {"id": f"W{n}", "department": owner, "open": draw(st.just("all") | some)} for n, owner in enumerate(owners)
        ],
        directors=[
            {"id": f"L{n}", "department": home, "rank": draw(ranks), "unavailable": draw(some)}
            for n, home in enumerate(homes)
        ],
        quotas=[
            {"rank": "principal", "per": "event"} | draw(bounds(2, open_end=open_end)),
            {"rank": "deputy", "per": "month"} | draw(bounds(1, open_end=open_end)),
        ],
        host_quotas={"default": {"min": draw(st.sampled_from([0, 0, 1])), "max": draw(st.none() | st.integers(1, 3))}}
        | {code: quota for code, quota in exceptions.items() if code in owners},
        rules=rules if most is None else rules | {"max_same_host": most},
    )
