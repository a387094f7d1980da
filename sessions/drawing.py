"""The draw itself: one ticket out of those waiting, by a stored seed, so that anybody can repeat it."""

import random
import re
from collections.abc import Iterable

MASK = "*"


def split_tickets(text: str) -> list[str]:
    """Ticket numbers out of free text: separated by spaces, line ends, commas or semicolons, each kept once."""
    seen = dict.fromkeys(part.upper() for part in re.split(r"[\s,，;；、/]+", text) if part)
    return list(seen)


def draw(seed: str, tickets: Iterable[str], asked: Iterable[str]) -> str:
    """The ticket that `seed` picks among those not asked yet; empty when nobody is left.

    Deterministic: the same seed, tickets and refusals give the same ticket, in whatever order they were typed.
    """
    waiting = sorted(set(tickets) - set(asked))
    # A repeatable public draw, not a secret: the seed is made by `secrets` and stored beside the result.
    return random.Random(seed).choice(waiting) if waiting else ""  # noqa: S311


def mask_surname(name: str) -> str:
    """The first character of a name and a star: 王小明 → 王*. Nothing of the given name is kept."""
    first = next((char for char in name.strip() if char != MASK), "")
    return first + MASK if first else ""
