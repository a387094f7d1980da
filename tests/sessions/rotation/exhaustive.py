"""The smallest balance of a small schedule file by going through all plans: slow, and beyond doubt."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from tests.sessions.rotation import checker


def smallest_balance(instance: dict[str, Any]) -> int | None:
    """The smallest balance over all plans; None when there is none.

    Directors are taken one after the other; what is remembered of those before is only which desks are taken when.
    """
    reached: set[frozenset[tuple[str, str, str]]] = {frozenset()}
    for director in instance["directors"]:
        ways = list(_ways(instance, director))
        reached = {taken | way for taken in reached for way in ways if not taken & way}
    plans = ([("", *seat) for seat in taken] for taken in reached)
    return min((checker.balance(instance, rows) for rows in plans if not checker._hosts(instance, rows)), default=None)


def _ways(instance: dict[str, Any], director: dict[str, Any]) -> Iterator[frozenset[tuple[str, str, str]]]:
    """Every set of desks and half-days that one director may take."""
    alone = instance | {"directors": [director]}
    seats = [
        (desk["id"], slot["date"], slot["half"])
        for desk in instance["desks"]
        for slot in instance["slots"]
        if not checker._places(alone, [(director["id"], desk["id"], slot["date"], slot["half"])])
    ]
    for size in range(1 + 2 * max(quota["max"] for quota in instance["quotas"])):
        for chosen in combinations(seats, size):
            rows = [(director["id"], *seat) for seat in chosen]
            if not checker._double(rows) and not checker._directors(alone, rows):
                yield frozenset(chosen)
