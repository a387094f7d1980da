"""Which rows of the catalogue a person sees."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.choices import Role
from catalog.choices import ItemStatus


class ServiceItemQuerySet(QuerySet[Any]):
    """Reads of service items."""

    def visible_to(self, user: Any) -> "ServiceItemQuerySet":
        """Published items for everybody; drafts and retired ones for the offices and the own department's liaison."""
        if not user.is_authenticated:
            return self.published()
        grants = user.grants
        if grants.has(Role.HALL_ADMINISTRATOR, Role.REFORM_OFFICE, Role.AUDITOR):
            return self
        own = grants.departments(Role.LIAISON)
        return self.filter(Q(status=ItemStatus.PUBLISHED) | Q(department_id__in=own))

    def published(self) -> "ServiceItemQuerySet":
        """What citizens may see."""
        return self.filter(status=ItemStatus.PUBLISHED)
