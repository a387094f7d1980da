"""What else an act waits for besides state and role: services refuse by it, pages say it beside the button."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import User
from core import clock
from issues.choices import ClockKind, Decision
from issues.models import Clock, ExtensionRequest, Issue, Rectification, Task, TransferRequest, Verification
from issues.permissions import TOUCHES_OWN, fixed_it, of_lead_department, took_part

Condition = Callable[[Issue, User], str]


def open_tasks(issue: Issue) -> list[Task]:
    """Tasks of this round that nobody has reported done."""
    return [task for task in issue.tasks.all() if task.round == issue.round and task.done_at is None]


def last_rectification(issue: Issue) -> Rectification | None:
    """What was handed in last in this round."""
    rows = [row for row in issue.rectifications.all() if row.round == issue.round]
    return max(rows, key=lambda row: row.pk, default=None)


def passed_verification(issue: Issue) -> Verification | None:
    """The passed record of a neutral verifier on what was handed in last; a later failed one undoes it."""
    handed_in = last_rectification(issue)
    rows = [v for v in issue.verifications.all() if handed_in is not None and v.rectification_id == handed_in.pk]
    latest = max(rows, key=lambda row: row.pk, default=None)
    if latest is None or not latest.passed:
        return None
    neutral = not of_lead_department(latest.verifier, issue) and not fixed_it(latest.verifier, issue)
    return latest if neutral else None


def running_rectify(issue: Issue) -> Clock | None:
    """The rectification limit that runs now."""
    rows = [row for row in issue.clocks.all() if row.kind == ClockKind.RECTIFY and row.stopped_at is None]
    return rows[0] if rows else None


def _tasks_done(issue: Issue, user: User) -> str:
    waiting = open_tasks(issue)
    names = _(", ").join(f"{task.department} {task.title}" for task in waiting)
    return _("Waits for the tasks of: %(names)s") % {"names": names} if waiting else ""


def _verified(issue: Issue, user: User) -> str:
    if passed_verification(issue) is None:
        return _("A passed verification by somebody neutral is missing. Record it first.")
    return ""


def _not_the_asker(requests: Iterable[ExtensionRequest | TransferRequest], user: User, without: str) -> str:
    """Somebody waits for a decision, and it is somebody else: nobody decides on what they asked for themselves."""
    pending = [row for row in requests if row.decision == Decision.PENDING]
    if any(row.requested_by_id == user.pk for row in pending):
        return _("You asked for this yourself. Another reform officer decides.")
    return "" if pending else without


def _ruling_pending(issue: Issue, user: User) -> str:
    """Nobody who took part decides whether the own department takes over."""
    pending = [row for row in issue.transfer_requests.all() if row.decision == Decision.PENDING]
    own = any(row.to_department_id == user.department_id for row in pending)
    if own and took_part(user, issue, but=["assign"]):
        return str(TOUCHES_OWN)
    return _not_the_asker(pending, user, _("No transfer waits for a ruling."))


def _no_ruling_pending(issue: Issue, user: User) -> str:
    if any(row.decision == Decision.PENDING for row in issue.transfer_requests.all()):
        return _("A transfer waits for the reform office's ruling.")
    return ""


def _extension_possible(issue: Issue, user: User) -> str:
    limit = running_rectify(issue)
    if limit is None:
        return _("No limit runs that could be extended.")
    if any(row.decision == Decision.PENDING for row in issue.extension_requests.all()):
        return _("Your request waits for a decision.")
    if clock.today() > limit.due_on:
        return _("The limit has passed. More time is asked for before it is due.")
    granted = [row for row in issue.extension_requests.all() if row.clock_id == limit.pk]
    used = sum(row.decision == Decision.GRANTED for row in granted)
    return _("More time was granted already.") if used >= limit.rule.extension_budget else ""


def _extension_pending(issue: Issue, user: User) -> str:
    return _not_the_asker(issue.extension_requests.all(), user, _("Nobody has asked for more time."))


def _notice_unanswered(issue: Issue, user: User) -> str:
    if any(row.replied_at is None for row in issue.supervision_notices.all()):
        return ""
    return _("No notice waits for an answer.")


def _own_task_open(issue: Issue, user: User) -> str:
    mine = user.grants.departments(Role.LIAISON)
    if any(task.department_id in mine for task in open_tasks(issue)):
        return ""
    return _("Your department has no open task here.")


def _look_back_open(issue: Issue, user: User) -> str:
    if any(row.done_at is None and row.round == issue.round for row in issue.follow_ups.all()):
        return ""
    return _("All look-backs of this round are done.")


def _item_named(issue: Issue, user: User) -> str:
    return "" if issue.item_id else _("This issue names no service item to walk. Verify it by visit or by document.")


CONDITIONS: dict[str, Condition] = {
    "plan_re_walk": _item_named,
    "submit_rectification": _tasks_done,
    "close_out": _verified,
    "rule_transfer": _ruling_pending,
    "transfer": _no_ruling_pending,
    "request_extension": _extension_possible,
    "decide_extension": _extension_pending,
    "answer_supervision": _notice_unanswered,
    "finish_task": _own_task_open,
    "look_back": _look_back_open,
}


def unmet(issue: Issue, action: str, user: User) -> str:
    """What is still missing for this act, in words, or nothing."""
    condition = CONDITIONS.get(action)
    return condition(issue, user) if condition else ""
