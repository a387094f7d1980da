"""The limit by law, the promise, and what walks took, side by side."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from catalog.item_models import ServiceItem, plain_number

WIDTH = 320


@dataclass(frozen=True, slots=True)
class Bar:
    """One line: its name, days in words, and its length in units of the drawing."""

    kind: str
    label: str
    days: str
    width: float


def bars(item: ServiceItem, walked: Decimal | None = None) -> list[Bar]:
    """Statutory, promised and, where known, walked time in working days, drawn to one scale."""
    found: list[tuple[str, Any, Decimal | None]] = [
        ("statutory", _("By law"), item.statutory_days),
        ("promised", _("Promised"), item.committed_days),
        ("walked", _("Walked, mean"), walked),
    ]
    longest = max([Decimal(1), *(days for _kind, _label, days in found if days is not None)])
    return [
        Bar(kind, str(label), plain_number(days), round(float(days / longest * WIDTH), 1))
        for kind, label, days in found
        if days is not None
    ]
