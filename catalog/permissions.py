"""Who may do what in the catalogue: one table, one predicate an action (SECURITY.md, permission matrix)."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from core.doors import ALLOWED, Text, Verdict, refuse

Predicate = Callable[[Any, Any], bool]


def _edits_catalogue(user: Any, _obj: Any) -> bool:
    return bool(user.grants.has(Role.HALL_ADMINISTRATOR, Role.REFORM_OFFICE))


def _reads_history(user: Any, item: Any) -> bool:
    if user.grants.has(Role.HALL_ADMINISTRATOR, Role.REFORM_OFFICE, Role.AUDITOR):
        return True
    return item is not None and _liaison_of(user, item)


def _adds_halls(user: Any, _obj: Any) -> bool:
    return bool(user.grants.has(Role.REFORM_OFFICE))


def _runs_its_hall(user: Any, window: Any) -> bool:
    return window.hall_id in user.grants.halls(Role.HALL_ADMINISTRATOR)


def _runs_hall(user: Any, hall: Any) -> bool:
    return hall.pk in user.grants.halls(Role.HALL_ADMINISTRATOR)


def _liaison_of(user: Any, item: Any) -> bool:
    return item.department_id in user.grants.departments(Role.LIAISON)


def _decides(user: Any, proposal: Any) -> bool:
    return _edits_catalogue(user, None) and proposal.proposed_by_id != user.pk


def _withdraws(user: Any, proposal: Any) -> bool:
    return _liaison_of(user, proposal.item)


RULES: dict[str, tuple[Predicate, Text]] = {
    "edit_item": (
        _edits_catalogue,
        _("Only a hall administrator or the reform office changes the catalogue. Please ask one of them."),
    ),
    "edit_bundle": (
        _edits_catalogue,
        _("Only a hall administrator or the reform office changes bundles. Please ask one of them."),
    ),
    "edit_pack": (
        _edits_catalogue,
        _("Only a hall administrator or the reform office prepares simulated material. Please ask one of them."),
    ),
    "export_catalogue": (
        _edits_catalogue,
        _("Only a hall administrator or the reform office takes the catalogue out. Please ask one of them."),
    ),
    "import_catalogue": (
        _edits_catalogue,
        _("Only a hall administrator or the reform office imports into the catalogue. Please ask one of them."),
    ),
    "propose_change": (
        _liaison_of,
        _("Only the liaison of the department in charge proposes a change. Please ask that person."),
    ),
    "decide_change": (
        _decides,
        _("A hall administrator or the reform office decides, and never about an own proposal."),
    ),
    "withdraw_change": (
        _withdraws,
        _("Only the liaison of the department in charge withdraws a proposal."),
    ),
    "see_history": (
        _reads_history,
        _("Earlier revisions are for the offices and the liaison of the department in charge."),
    ),
    "rule_seam": (
        _edits_catalogue,
        _("Only a hall administrator or the reform office decides about a seam. Please tell one of them."),
    ),
    "edit_window": (
        _runs_its_hall,
        _("Only the administrator of this hall changes its windows. Please ask that person."),
    ),
    "edit_hall": (
        _runs_hall,
        _("Only the administrator of this hall changes its hours and closures. Please ask that person."),
    ),
    "create_hall": (
        _adds_halls,
        _("Only the reform office adds a hall. Please ask it."),
    ),
    "print_codes": (
        _runs_hall,
        _("Only the administrator of this hall prints its QR codes. Please ask that person."),
    ),
}


def may(user: Any, action: str, obj: Any = None) -> Verdict:
    """Whether `user` may do `action` to `obj`. Raises KeyError for an action that is not in RULES."""
    predicate, reason = RULES[action]
    if user.is_authenticated and predicate(user, obj):
        return ALLOWED
    return refuse(reason)
