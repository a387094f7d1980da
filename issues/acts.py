"""The acts a page offers for one issue: enabled, or disabled with the reason and the way out (LOOK: say why not)."""

from django.urls import reverse

from accounts.models import User
from core.doors import ALLOWED, Act, Verdict, refuse
from issues.choices import IssueStatus
from issues.conditions import unmet
from issues.models import Issue
from issues.permissions import HOLDERS, ever, may
from issues.services.acting import wrong_state
from issues.workflow import WORKFLOW

# The act that moves the issue on, by state and by who has it: the first allowed one is the page's solid button.
PRIMARY: dict[str, tuple[str, ...]] = {
    IssueStatus.REGISTERED: ("assign",),
    IssueStatus.ASSIGNED: ("acknowledge", "rule_transfer", "finish_task"),
    IssueStatus.RECTIFYING: ("submit_rectification", "decide_extension", "rule_transfer", "finish_task"),
    IssueStatus.AWAITING_VERIFICATION: ("close_out", "verify"),
    IssueStatus.SUSPENDED: ("resume", "finish_task"),
    IssueStatus.CLOSED: ("look_back",),
    IssueStatus.REJECTED: ("reopen",),
    IssueStatus.MERGED: ("reopen",),
}
# No buttons of the issue: a calendar upload moves limits, a sample is drawn of many, pictures are covered in place.
NO_BUTTON = {"recompute", "draw_sample", "redact", "mark_clean", "describe"}


def verdict(issue: Issue, user: User, action: str) -> Verdict:
    """State, right and conditions together: what the service would answer."""
    if issue.status not in WORKFLOW[action].sources:
        return refuse(wrong_state(action, issue))
    allowed = may(user, action, issue)
    if not allowed:
        return allowed
    missing = unmet(issue, action, user)
    return refuse(missing) if missing else ALLOWED


def acts_for(issue: Issue, user: User) -> list[Act]:
    """Every act this person ever has on the issue; the primary first, then the allowed ones, then the refused.

    Read the issue by `issues.reading.open_dossier` to spare a query per act.
    """
    drawn = [action for action in WORKFLOW.rows if action in HOLDERS and action not in NO_BUTTON]
    verdicts = {action: verdict(issue, user, action) for action in drawn if ever(user, action, issue)}
    primary = next((action for action in PRIMARY[issue.status] if verdicts.get(action)), "")
    acts = [
        Act(action, WORKFLOW[action].label, _url(action, issue), found, action == primary)
        for action, found in verdicts.items()
    ]
    return sorted(acts, key=lambda act: (not act.primary, not act.verdict))


def _url(action: str, issue: Issue) -> str:
    return reverse(f"issues:{action}", args=[issue.pk])
