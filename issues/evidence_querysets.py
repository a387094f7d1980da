"""Who may open which picture: the redaction rule of DESIGN section 8 in one place."""

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.choices import Role
from issues.choices import Redaction
from issues.issue_models import Issue
from sessions.models import WindowSession

if TYPE_CHECKING:
    from issues.evidence_models import Screenshot  # noqa: F401


def openable_by(user: Any) -> Q:
    """Which pictures this person may open, given that their parent is visible.

    All for the reform office. Own uploads for everybody. Unchecked ones only for the raiser and the lead
    department's liaison beside them; checked ones for directors, liaisons, raisers and the auditor. A hall
    administrator plans and registers, but opens no pictures but the own uploads (SECURITY, matrix).
    """
    grants = user.grants
    if grants.has(Role.REFORM_OFFICE):
        return Q(pk__isnull=False)
    if grants.roles == {Role.HALL_ADMINISTRATOR}:
        return Q(uploaded_by=user)
    liaison = grants.departments(Role.LIAISON)
    departments = grants.departments(Role.DIRECTOR, Role.LIAISON)
    raised = Q(issue__found_by=user) | Q(issue__registered_by=user)
    walked = Q(step_run__case__window_session__director=user)
    checked = ~Q(redaction=Redaction.UNCHECKED)
    seen_by = Q(issue__lead_department_id__in=departments) | Q(issue__tasks__department_id__in=departments)
    seen_by |= Q(step_run__case__window_session__window__hall_id__in=grants.halls(Role.GUIDE))
    if grants.has(Role.AUDITOR):
        seen_by = Q(pk__isnull=False)
    return Q(uploaded_by=user) | raised | walked | Q(issue__lead_department_id__in=liaison) | (checked & seen_by)


class ScreenshotQuerySet(QuerySet["Screenshot"]):
    """Reads of pictures."""

    def visible_to(self, user: Any) -> "ScreenshotQuerySet":
        """Pictures this person may open: the parent is visible and the redaction rule allows it."""
        if not user.is_authenticated:
            return self.none()
        sessions = WindowSession.objects.visible_to(user)
        parents = Q(issue__in=Issue.objects.visible_to(user)) | Q(step_run__case__window_session__in=sessions)
        opened = self.model._default_manager.filter(openable_by(user)).values("pk")
        return self.filter(parents, pk__in=opened)

    def with_openable(self, user: Any) -> "ScreenshotQuerySet":
        """Each picture with `openable`: whether this person may open it, its parent being visible."""
        opened = self.model._default_manager.filter(openable_by(user), pk=OuterRef("pk"))
        return self.annotate(openable=Exists(opened))

    def checked(self) -> "ScreenshotQuerySet":
        """Those that may be printed and exported."""
        return self.exclude(redaction=Redaction.UNCHECKED)
