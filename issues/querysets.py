"""Which issues a person sees, and the words pages read them by."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.choices import Role
from accounts.grants import Grants
from accounts.models import User
from issues.choices import OPEN, IssueStatus


class IssueQuerySet(QuerySet[Any]):
    """Reads of issues. Every list, detail, count, export and picture starts from `visible_to`."""

    def visible_to(self, user: Any) -> "IssueQuerySet":
        """All for reform office and auditor; the hall's for its staff; the department's and own finds otherwise."""
        if not user.is_authenticated:
            return self.none()
        grants = user.grants
        if grants.has(Role.REFORM_OFFICE, Role.AUDITOR):
            return self
        departments = grants.departments(Role.DIRECTOR, Role.LIAISON)
        halls = grants.halls(Role.HALL_ADMINISTRATOR, Role.GUIDE)
        tasks = self.model._meta.get_field("tasks").related_model._default_manager.filter(
            issue=OuterRef("pk"), department_id__in=departments
        )
        return self.filter(
            Q(lead_department_id__in=departments)
            | Exists(tasks)
            | Q(found_by=user)
            | Q(registered_by=user)
            | Q(hall_id__in=halls)
            | self._to_verify_for_the_office(grants)
        )

    @staticmethod
    def _to_verify_for_the_office(grants: Grants) -> Q:
        """What the reform office's own department put right waits for a stand-in to verify it (DESIGN section 6)."""
        if not grants.has(Role.DIRECTOR, Role.EXPERIENCE_OFFICER):
            return Q(pk__in=[])
        officers = User.objects.filter(department=OuterRef("lead_department"), role_grants__role=Role.REFORM_OFFICE)
        return Q(Exists(officers), status=IssueStatus.AWAITING_VERIFICATION)

    def open(self) -> "IssueQuerySet":
        return self.filter(status__in=OPEN)
