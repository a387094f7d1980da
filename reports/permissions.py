"""Who may look after the site itself: the queue, and who gets what (SECURITY.md, permission matrix)."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from core.doors import ALLOWED, Text, Verdict, refuse

RULES: dict[str, tuple[Callable[[Any], bool], Text]] = {
    "see_queue": (
        lambda user: bool(user.grants.has(Role.HALL_ADMINISTRATOR, Role.AUDITOR)),
        _("The task queue is for hall administrators and auditors."),
    ),
    "retry_task": (
        lambda user: bool(user.grants.has(Role.HALL_ADMINISTRATOR)),
        _("Only a hall administrator tries a task again. Please ask one of them."),
    ),
    "change_rules": (
        lambda user: bool(user.grants.has(Role.HALL_ADMINISTRATOR)),
        _("Only a hall administrator changes who gets what. Please ask one of them."),
    ),
}


def may(user: Any, action: str) -> Verdict:
    """Whether `user` may do `action`. Raises KeyError for an action that is not in RULES."""
    predicate, reason = RULES[action]
    return ALLOWED if user.is_authenticated and predicate(user) else refuse(reason)
