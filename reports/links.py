"""Addresses of the lists that prove a number. The names of the filters are the register's own."""

from urllib.parse import urlencode

from django.urls import reverse

from reports.periods import Period


def register(**filters: object) -> str:
    """The register narrowed by these filters; empty ones are left out."""
    given = {name: value for name, value in filters.items() if value not in (None, "")}
    address = reverse("issues:issue_list")
    return f"{address}?{urlencode(given)}" if given else address


def clocks(kind: str, period: Period, *, met: bool = False, lead: int | None = None) -> str:
    """Issues with a clock of this kind due in the period, all or only those met."""
    return register(
        state="all",
        clock=kind,
        due_from=period.first,
        due_to=period.last,
        met="1" if met else "",
        lead=lead,
    )
