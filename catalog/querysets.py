"""Which rows of the catalogue a person sees, and how they are found."""

from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

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

    def search(self, words: str) -> "ServiceItemQuerySet":
        """Every word in name, code, department, pinyin initials or the name of a document asked for."""
        found = self
        documents = self.model._meta.get_field("documents").related_model._default_manager
        for word in words.split():
            asked = documents.filter(item=OuterRef("pk"), name__icontains=word)
            found = found.filter(
                Q(name__icontains=word)
                | Q(code__icontains=word)
                | Q(initials__icontains=word)
                | Q(department__name__icontains=word)
                | Q(department__short_name__icontains=word)
                | Exists(asked)
            )
        return found

    def with_counts(self) -> "ServiceItemQuerySet":
        """Adds `step_count`, `document_count` and `signature_count` for rows of a list."""

        def part(relation: str, figure: Any) -> Any:
            rows = self.model._meta.get_field(relation).related_model._default_manager
            per_item = rows.filter(item=OuterRef("pk")).order_by().values("item").annotate(n=figure).values("n")
            return Coalesce(Subquery(per_item, output_field=IntegerField()), 0)

        counted: ServiceItemQuerySet = self.annotate(
            step_count=part("steps", Count("pk")),
            document_count=part("documents", Count("pk")),
            signature_count=part("steps", Sum("signatures")),
        )
        return counted


class CatalogImportQuerySet(QuerySet[Any]):
    """Reads of imports."""

    def visible_to(self, user: Any) -> "CatalogImportQuerySet":
        """All of them for the two offices that fill the catalogue, who must not do the same work twice."""
        allowed = user.is_authenticated and user.grants.has(Role.HALL_ADMINISTRATOR, Role.REFORM_OFFICE)
        return self if allowed else self.none()
