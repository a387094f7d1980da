"""Who may do what with programmes, sessions, cases and feedback: one table, asked by services and pages alike.

`may(user, action, obj)` answers with a Verdict whose reason a person can act on. Whether the row is in the right
state is not asked here but by `sessions.workflow` (409, not 403).
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import Rank, Role
from accounts.models import User
from catalog.models import Hall, Window
from core.doors import ALLOWED, Verdict, refuse
from sessions.case_models import Draw, HandledCase, StepRun
from sessions.choices import SessionStatus
from sessions.feedback_models import Feedback
from sessions.programme_models import Programme
from sessions.session_models import WindowSession

Predicate = Callable[[User, Any], bool]


def session_of(obj: Any) -> WindowSession:
    """The window session that a case, step run, draw or feedback belongs to. Raises TypeError for anything else."""
    if isinstance(obj, WindowSession):
        return obj
    if isinstance(obj, StepRun):
        return obj.case.window_session
    if isinstance(obj, HandledCase | Draw | Feedback):
        return obj.window_session
    raise TypeError(f"{type(obj).__name__} belongs to no window session")


def hall_ids(obj: Any) -> Iterable[int]:
    """The halls an object lies in; a list of halls is taken as it is."""
    if isinstance(obj, Hall):
        return [obj.pk]
    if isinstance(obj, Window):
        return [obj.hall_id]
    if isinstance(obj, Programme):
        return [hall.pk for hall in obj.halls.all()]
    if isinstance(obj, list):
        return [hall.pk for hall in obj]
    return [session_of(obj).window.hall_id]


def administers(user: User, obj: Any) -> bool:
    """Hall administrator of (one of) the object's halls; without an object, of any hall."""
    if obj is None:
        return user.grants.has(Role.HALL_ADMINISTRATOR)
    return not user.grants.halls(Role.HALL_ADMINISTRATOR).isdisjoint(hall_ids(obj))


def guides(user: User, obj: Any) -> bool:
    """Guide of the session's hall."""
    return not user.grants.halls(Role.GUIDE).isdisjoint(hall_ids(obj))


def reforms(user: User, obj: Any) -> bool:
    """Reform office."""
    return user.grants.has(Role.REFORM_OFFICE)


def sits(user: User, obj: Any) -> bool:
    """The director whose session it is."""
    return session_of(obj).director_id == user.pk


def plans(user: User, obj: Any) -> bool:
    """Hall administrator or reform office: plan, move, cancel, publish."""
    return administers(user, obj) or reforms(user, obj)


def runs(user: User, obj: Any) -> bool:
    """The director of the session, or guide or administrator of its hall."""
    return sits(user, obj) or guides(user, obj) or administers(user, obj)


def reads_feedback(user: User, obj: Any) -> bool:
    """The director, the hall's administrator, reform office and auditor; departments read the issues instead."""
    return sits(user, obj) or administers(user, obj) or user.grants.has(Role.REFORM_OFFICE, Role.AUDITOR)


def reads_answers(user: User, obj: Any) -> bool:
    """Who reads the feedback, once it is handed in; a draft is its director's alone."""
    handed_in = session_of(obj).status == SessionStatus.COMPLETED
    return sits(user, obj) or (handed_in and reads_feedback(user, obj))


def reads_plans(user: User, obj: Any) -> bool:
    """Who plans, and the auditor."""
    return plans(user, obj) or user.grants.has(Role.AUDITOR)


def enters_leave(user: User, obj: Any) -> bool:
    """The director for oneself, or those who plan."""
    return bool(user == obj) or user.grants.has(Role.HALL_ADMINISTRATOR, Role.REFORM_OFFICE)


def names(user: User, obj: Any) -> bool:
    """Who speaks for the director's department: its liaisons and its principal."""
    grants, home = user.grants, session_of(obj).home_department_id
    principal = grants.rank == Rank.PRINCIPAL and home in grants.departments(Role.DIRECTOR)
    return principal or home in grants.departments(Role.LIAISON)


PLANNERS = _("Hall administrators and the reform office plan sessions. Please ask your hall.")
ADMINISTRATORS = _("Only the hall's administrators may do this.")
OWN_ONLY = _("Only the director of this session may do this.")
NAMERS = _("Only the department's liaison or its principal names who comes.")
RUNNERS = _("Only the director of this session, a guide or an administrator of its hall may do this.")
READERS = _("Feedback is read by its director, the hall's administrator, the reform office and auditors.")
NOT_HANDED_IN = _("The director has not handed the feedback in yet. It can be read afterwards.")
QUOTA_READERS = _("Quotas are read by those who plan and by auditors.")
LEAVE = _("Leave is entered by the director, the hall's administrators or the reform office.")
REFORM_ONLY = _("Only the reform office may do this.")

RULES: dict[str, tuple[Predicate, Any]] = {
    "create_programme": (plans, PLANNERS),
    "update_programme": (plans, PLANNERS),
    "see_board": (plans, PLANNERS),
    "see_quotas": (reads_plans, QUOTA_READERS),
    "plan_rotation": (plans, PLANNERS),
    "place": (plans, PLANNERS),
    "move": (plans, PLANNERS),
    "substitute": (plans, PLANNERS),
    "nominate": (names, NAMERS),
    "confirm_for": (plans, PLANNERS),
    "cancel": (plans, PLANNERS),
    "miss": (plans, PLANNERS),
    "publish_week": (plans, PLANNERS),
    "publish": (plans, PLANNERS),
    "enter_absence": (enters_leave, LEAVE),
    "set_release_rule": (administers, ADMINISTRATORS),
    "pair_screen": (administers, ADMINISTRATORS),
    "confirm": (sits, OWN_ONLY),
    "decline": (sits, OWN_ONLY),
    "start": (runs, RUNNERS),
    "finish": (runs, RUNNERS),
    "draw_ticket": (runs, RUNNERS),
    "answer_draw": (runs, RUNNERS),
    "open_case": (runs, RUNNERS),
    "save_step": (runs, RUNNERS),
    "save_note": (runs, RUNNERS),
    "complete_step": (runs, RUNNERS),
    "block_step": (runs, RUNNERS),
    "close_case": (runs, RUNNERS),
    "withdraw_consent": (runs, RUNNERS),
    "save_feedback": (sits, OWN_ONLY),
    "submit_feedback": (sits, OWN_ONLY),
    "return_feedback": (reforms, REFORM_ONLY),
    "read_feedback": (reads_feedback, READERS),
    "read_answers": (reads_answers, NOT_HANDED_IN),
    "see_citizen": (runs, RUNNERS),
    "plan_on_the_spot": (plans, PLANNERS),
}


def may(user: User, action: str, obj: Any = None) -> Verdict:
    """Whether this person may do this act on this object. Raises KeyError for an act without a rule."""
    predicate, reason = RULES[action]
    return ALLOWED if predicate(user, obj) else refuse(reason)
