"""Which issues a person sees, and the words pages read them by."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.choices import Role
from accounts.grants import Grants
from accounts.models import RoleGrant, User
from core import clock
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
        tasks = self._related("tasks").filter(department_id__in=departments)
        # Every way to a row is one that an index answers: a department sees few rows of many.
        return self.filter(
            Q(lead_department_id__in=departments)
            | Q(pk__in=tasks.values("issue"))
            | Q(found_by=user)
            | Q(registered_by=user)
            | Q(hall_id__in=halls)
            | self._for_a_stand_in(grants)
        )

    def _related(self, name: str) -> QuerySet[Any]:
        """Rows of a model that is defined above this one."""
        rows: QuerySet[Any] = self.model._meta.get_field(name).related_model._default_manager.order_by()
        return rows

    def _for_a_stand_in(self, grants: Grants) -> Q:
        """What the reform office's own department led waits for a stand-in: to verify, or a look-back is due.

        Directors stand in everywhere, experience officers in the halls of their grant.
        """
        if not grants.has(Role.DIRECTOR, Role.EXPERIENCE_OFFICER):
            return Q(pk__in=[])
        officers = User.objects.filter(role_grants__role=Role.REFORM_OFFICE, department__isnull=False).order_by()
        led = Q(lead_department__in=officers.values("department"))
        look_backs = self._related("follow_ups").filter(
            issue=OuterRef("pk"), round=OuterRef("round"), done_at__isnull=True, due_on__lte=clock.today()
        )
        everywhere = grants.has(Role.DIRECTOR) or Role.EXPERIENCE_OFFICER in grants.everywhere
        here = led if everywhere else led & Q(hall_id__in=grants.halls(Role.EXPERIENCE_OFFICER))
        verify = here & Q(status=IssueStatus.AWAITING_VERIFICATION)
        return verify | (here & Q(status=IssueStatus.CLOSED) & Q(Exists(look_backs)))

    def with_stand_in(self) -> "IssueQuerySet":
        """Each with `led_by_reform_office`, which the rules of verification and closing ask."""
        officers = RoleGrant.objects.filter(role=Role.REFORM_OFFICE, user__department=OuterRef("lead_department"))
        found: IssueQuerySet = self.annotate(led_by_reform_office=Exists(officers))
        return found

    def open(self) -> "IssueQuerySet":
        return self.filter(status__in=OPEN)
