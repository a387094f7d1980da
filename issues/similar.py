"""Issues that resemble one another: the same item and step first, then the same item, then the same category."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models import ServiceItem
from issues.models import Issue, IssueCategory

SHOWN = 5
WHY = {0: _("same item and step"), 1: _("same item"), 2: _("same category and department")}


@dataclass(frozen=True, slots=True)
class Similar:
    """One issue and in what it resembles."""

    issue: Any
    why: Any


def similar_issues(
    user: User,
    *,
    item: ServiceItem | None = None,
    step_name: str = "",
    category: IssueCategory | None = None,
    department_id: int | None = None,
    without: int | None = None,
) -> list[Similar]:
    """At most five that this person sees, the closest first: one query."""
    same_item = Q(item=item) if item is not None else Q(pk__in=[])
    same_step = same_item & Q(step_name=step_name) if step_name else Q(pk__in=[])
    same_kind = Q(category=category, needing_department=department_id) if category and department_id else Q(pk__in=[])
    rank = Case(
        When(same_step, then=Value(0)), When(same_item, then=Value(1)), default=Value(2), output_field=IntegerField()
    )
    rows = Issue.objects.visible_to(user).filter(same_item | same_kind).exclude(pk=without).annotate(rank=rank)
    return [Similar(issue, WHY[issue.rank]) for issue in rows.order_by("rank", "-registered_at")[:SHOWN]]
