"""How long a rotation takes: made-up districts of the sizes that the budgets name."""

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sessions import rotation

if sys.platform != "win32":
    import resource

SIZES = (("18 directors x 5 days", 18, 18, 1), ("120 directors x 13 weeks", 120, 26, 13))
AWAY, MORNING_ONLY = 0.15, 0.2
WORKWEEK = 5


def district(people: int, hosts: int, weeks: int, seed: int) -> rotation.Instance:
    """Leaders of so many departments over so many weeks: each away now and then, some desks open in mornings only."""
    chance = random.Random(seed)  # noqa: S311 -- made-up data, the same each time
    monday = date(2026, 5, 25)
    days = [monday + timedelta(days=7 * week + day) for week in range(weeks) for day in range(WORKWEEK)]
    slots = tuple(rotation.Slot(day, half) for day in days for half in ("AM", "PM"))
    everything = frozenset(range(len(slots)))
    mornings = frozenset(number for number in everything if slots[number].half == "AM")
    codes = [f"D{number:02}" for number in range(1, hosts + 1)]
    desks = [
        rotation.Desk(f"W{code}", code, mornings if chance.random() < MORNING_ONLY else everything) for code in codes
    ]
    directors = [
        rotation.Director(
            f"L{number:03}",
            f"L{number:03}",
            codes[number % hosts],
            "principal" if number < hosts else "deputy",
            frozenset(slot for slot in everything if chance.random() > AWAY),
        )
        for number in range(people)
    ]
    return rotation.Instance(
        slots,
        {code: rotation.Department(code, code) for code in codes},
        tuple(desks),
        tuple(directors),
        tuple(_quotas(slots)),
        max_half_days_per_day=1,
        max_same_host=2,
    )


def _quotas(slots: tuple[rotation.Slot, ...]) -> Iterator[rotation.Quota]:
    """Principals once in the whole period, deputies once a month."""
    yield rotation.Quota("principal", frozenset(range(len(slots))), 1, 2)
    for month in sorted({slot.month for slot in slots}):
        inside = frozenset(number for number, slot in enumerate(slots) if slot.month == month)
        yield rotation.Quota("deputy", inside, 1, 2, month)


def lines(seed: int = 1) -> Iterator[dict[str, Any]]:
    """One line for each size: seconds, balance with its proof, and the most memory this process has had."""
    for name, people, hosts, weeks in SIZES:
        plan = rotation.solve(district(people, hosts, weeks, seed), rotation.Work(seed=seed, seconds=300))
        yield {
            "rotation": name,
            "placements": len(plan.placements),
            "seconds": round(plan.seconds, 2),
            "balance": plan.balance,
            "proved": plan.proved,
            "peak_mb": peak(),
        }


def peak() -> int | None:
    """The most memory this process has had, in megabytes; unknown on Windows."""
    if sys.platform == "win32":
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (1024**2 if sys.platform == "darwin" else 1024))
