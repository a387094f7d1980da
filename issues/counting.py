"""Counts that stay cheap on a register of any size: exact up to a bound, "more than" beyond it."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.db.models import IntegerField, QuerySet, Subquery
from django.utils.functional import cached_property

from accounts.models import User

BOUND = 3000
"""Rows counted at most per figure. Page 1 of a million issues then costs what page 1 of ten thousand costs."""


def beyond(count: int) -> bool:
    """Whether a bounded count says "more than that"."""
    return count > BOUND


class BoundedCount(Subquery):
    """The number of rows of a queryset, at most one more than the bound."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) bounded)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.order_by().values("pk")[: BOUND + 1])


def bounded_counts(user: User, figures: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """All figures in one query. The person's own row is the one row that the query stands on."""
    counted = {f"n_{name}": BoundedCount(rows) for name, rows in figures.items()}
    found = User.objects.filter(pk=user.pk).values_list(*counted.values())[0]
    return dict(zip(figures, found, strict=True))


class CountedPaginator(Paginator[Any]):
    """Pages over rows whose (bounded) number is known already; what lies beyond the bound is found by filters."""

    def __init__(self, rows: Any, per_page: int, known: int) -> None:
        super().__init__(rows, per_page)
        self._known = known

    @cached_property
    def count(self) -> int:
        return min(self._known, BOUND)

    @property
    def beyond(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._known > BOUND
