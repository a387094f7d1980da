"""Which rows of the catalogue a person sees, and how they are found."""

import unicodedata
from collections.abc import Collection
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from accounts.choices import Role
from catalog.choices import ItemStatus, RowStatus


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
        """Every word in name, code, department, pinyin initials or the name of a document asked for.

        Departments and documents are looked through once a word, not once an item.
        """
        found = self
        documents = self.model._meta.get_field("documents").related_model._default_manager
        departments = self.model._meta.get_field("department").related_model._default_manager
        for word in words.split():
            # Codes and initials typed with a Chinese keyboard may come full-width.
            narrow = unicodedata.normalize("NFKC", word)
            named = departments.filter(Q(name__icontains=word) | Q(short_name__icontains=word))
            asking = documents.filter(name__icontains=word)
            found = found.filter(
                Q(name__icontains=word)
                | Q(code__icontains=narrow)
                | Q(initials__icontains=narrow)
                | Q(department__in=named.order_by().values("pk"))
                | Q(pk__in=asking.order_by().values("item"))
            )
        return found

    def listed(self, keys: Collection[int]) -> "ServiceItemQuerySet":
        """Adds `listed_today`: 1 for the items of these keys, 0 for the others."""
        first = When(pk__in=keys, then=Value(1))
        marked: ServiceItemQuerySet = self.annotate(
            listed_today=Case(first, default=Value(0), output_field=IntegerField())
        )
        return marked

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


_DOUBT = Q(status__in=(RowStatus.CREATED, RowStatus.UNCHANGED)) & ~Q(messages=[])
_NOTABLE = _DOUBT | Q(status__in=(RowStatus.REJECTED, RowStatus.UPDATED, RowStatus.CREATED))


class ImportRowQuerySet(QuerySet[Any]):
    """Reads of what became of the rows of a file."""

    def warned(self) -> "ImportRowQuerySet":
        """Those that are taken as they are but with a doubt."""
        return self.filter(_DOUBT)

    def notable(self) -> "ImportRowQuerySet":
        """Those to look at, the gravest first: rejected, doubtful, changed, new."""
        whens = (When(status=RowStatus.REJECTED, then=0), When(_DOUBT, then=1), When(status=RowStatus.UPDATED, then=2))
        rank = Case(*whens, default=3, output_field=IntegerField())
        return self.filter(_NOTABLE).order_by(rank, "number")

    def sizes(self) -> dict[str, int]:
        """How many are `notable` and how many `warned`."""
        return self.order_by().aggregate(notable=Count("pk", filter=_NOTABLE), warned=Count("pk", filter=_DOUBT))


class CatalogImportQuerySet(QuerySet[Any]):
    """Reads of imports."""

    def visible_to(self, user: Any) -> "CatalogImportQuerySet":
        """All of them for the two offices that fill the catalogue, who must not do the same work twice."""
        allowed = user.is_authenticated and user.grants.has(Role.HALL_ADMINISTRATOR, Role.REFORM_OFFICE)
        return self if allowed else self.none()
