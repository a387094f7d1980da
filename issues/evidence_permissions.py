"""Who may add, check and describe pictures (SECURITY, matrix: add screenshot, open screenshots).

Asked through `may_picture(user, action, obj)`; `obj` is the issue or step run for "add_screenshot", the picture
otherwise. Opening is a question of rows: `Screenshot.objects.visible_to`.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import User
from core.doors import ALLOWED, Verdict, refuse
from issues.choices import OPEN, IssueStatus
from issues.evidence_models import Screenshot
from issues.issue_models import Issue
from sessions.models import StepRun
from sessions.permissions import may as may_in_session

Rule = Callable[[User, Any], Verdict]

LATE_RAISER = _("You may add pictures until the reform office has assigned the issue. Write a comment instead.")
LATE_DEPARTMENT = _("The lead department adds pictures while it rectifies.")
NO_PART = _("Only the raiser, the lead department and the reform office add pictures.")
CLOSED_ISSUE = _("This issue is settled; pictures can no longer be added.")
NOT_A_CHECKER = _("Only the raiser, the lead department's liaison and the reform office check pictures.")
NOT_YOURS = _("Only the person who uploaded the picture and the reform office describe it.")


def raised(user: User, issue: Issue) -> bool:
    """Found or registered the issue."""
    return user.pk in (issue.found_by_id, issue.registered_by_id)


def _has_task(user: User, issue: Issue) -> bool:
    departments = user.grants.departments(Role.LIAISON)
    return any(task.department_id in departments for task in issue.tasks.all())


def _may_add_to_issue(user: User, issue: Issue) -> Verdict:
    if issue.status not in OPEN:
        return refuse(CLOSED_ISSUE)
    if user.grants.has(Role.REFORM_OFFICE):
        return ALLOWED
    party = raised(user, issue) or issue.hall_id in user.grants.halls(Role.HALL_ADMINISTRATOR)
    if party and issue.status == IssueStatus.REGISTERED:
        return ALLOWED
    lead = issue.lead_department_id in user.grants.departments(Role.LIAISON) or _has_task(user, issue)
    if lead and issue.status == IssueStatus.RECTIFYING:
        return ALLOWED
    if lead:
        return refuse(LATE_DEPARTMENT)
    return refuse(LATE_RAISER if party else NO_PART)


def _may_add(user: User, obj: Issue | StepRun) -> Verdict:
    if isinstance(obj, StepRun):
        return may_in_session(user, "begin_step", obj)
    return _may_add_to_issue(user, obj)


def _checks(user: User, picture: Screenshot) -> bool:
    if user.pk == picture.uploaded_by_id or user.grants.has(Role.REFORM_OFFICE):
        return True
    issue = picture.issue
    if issue is None:
        return may_in_session(user, "begin_step", picture.step_run).allowed
    return raised(user, issue) or issue.lead_department_id in user.grants.departments(Role.LIAISON)


def _may_check(user: User, picture: Screenshot) -> Verdict:
    return ALLOWED if _checks(user, picture) else refuse(NOT_A_CHECKER)


def _may_describe(user: User, picture: Screenshot) -> Verdict:
    if user.grants.has(Role.REFORM_OFFICE):
        return ALLOWED
    if user.pk != picture.uploaded_by_id:
        return refuse(NOT_YOURS)
    return _may_add(user, picture.issue) if picture.issue else ALLOWED


PICTURE_RULES: dict[str, Rule] = {
    "add_screenshot": _may_add,
    "redact": _may_check,
    "mark_clean": _may_check,
    "describe": _may_describe,
}


def may_picture(user: User, action: str, obj: Any) -> Verdict:
    """Whether this person may do this act with a picture. Raises KeyError for an act without a rule."""
    return PICTURE_RULES[action](user, obj)
