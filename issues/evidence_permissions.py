"""Who may add, check and describe pictures, also those of a step run that belongs to no issue yet.

For an issue the table of `issues.permissions` answers; for a step run that of the session. Opening a picture is a
question of rows: `Screenshot.objects.visible_to`.
"""

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import User
from core.doors import ALLOWED, Verdict, refuse
from issues.evidence_models import Screenshot
from issues.issue_models import Issue
from issues.permissions import may
from sessions.models import StepRun
from sessions.permissions import may as may_in_session

NOT_A_CHECKER = _("Only the raiser, the lead department's liaison and the reform office check pictures.")
NOT_YOURS = _("Only the person who uploaded the picture and the reform office describe it.")


def may_add_to(user: User, parent: Issue | StepRun) -> Verdict:
    """Whether this person may add pictures to an issue or to a step of a run."""
    if isinstance(parent, StepRun):
        return may_in_session(user, "open_case", parent)
    return may(user, "add_screenshot", parent)


def may_check(user: User, picture: Screenshot) -> Verdict:
    """Whether this person may cover a picture or call it clean: the uploader, the raiser, lead liaison and office."""
    if user.pk == picture.uploaded_by_id:
        return ALLOWED
    if picture.issue is not None:
        return ALLOWED if may(user, "redact", picture.issue) else refuse(NOT_A_CHECKER)
    walked = picture.step_run is not None and may_in_session(user, "open_case", picture.step_run)
    return ALLOWED if walked else refuse(NOT_A_CHECKER)


def may_describe(user: User, picture: Screenshot) -> Verdict:
    """Whether this person may change caption, kind, date and order."""
    if user.grants.has(Role.REFORM_OFFICE):
        return ALLOWED
    if user.pk != picture.uploaded_by_id:
        return refuse(NOT_YOURS)
    return may(user, "add_screenshot", picture.issue) if picture.issue else ALLOWED
