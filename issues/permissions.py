"""Who may do what to an issue (SECURITY's matrix and its four-eyes rows): one table, asked by every door.

`HOLDERS` says who ever has an act (others do not see it drawn), `GUARDS` what stands in the way on this issue.
"""

from collections.abc import Callable, Collection

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import User
from core.doors import ALLOWED, Verdict, refuse
from issues.choices import IssueStatus
from issues.models import Issue

Holder = Callable[[User, Issue], bool]
Guard = Callable[[User, Issue], Verdict]

NOT_YOURS = _("Your role does not have this act. The reform office can tell you who does it.")
TOUCHES_OWN = _("This touches the reform office's own department. An officer who took no part decides.")
OF_MANY = frozenset({"draw_sample", "recompute"})
"""Acts on many issues at once: who draws a sample or enters a calendar has handled none of them."""

STAND_IN = _("The reform office's own department leads. A director of another or an experience officer verifies.")


def office(user: User, issue: Issue) -> bool:
    """A reform officer."""
    return user.grants.has(Role.REFORM_OFFICE)


def lead(user: User, issue: Issue) -> bool:
    """A liaison of the department that leads now."""
    return issue.lead_department_id in user.grants.departments(Role.LIAISON)


def supporter(user: User, issue: Issue) -> bool:
    """A liaison of a department that has a task in this round."""
    mine = user.grants.departments(Role.LIAISON)
    return any(task.department_id in mine and task.round == issue.round for task in issue.tasks.all())


def raiser(user: User, issue: Issue) -> bool:
    """Who found it or wrote it down."""
    return user.pk in (issue.found_by_id, issue.registered_by_id)


def hall_staff(user: User, issue: Issue) -> bool:
    """An administrator of the hall of the scene."""
    return issue.hall_id in user.grants.halls(Role.HALL_ADMINISTRATOR)


def commenter(user: User, issue: Issue) -> bool:
    """Whoever works on the issue or sees it as leader or supporter; an auditor only reads."""
    departments = user.grants.departments(Role.DIRECTOR, Role.LIAISON)
    return (
        office(user, issue)
        or raiser(user, issue)
        or hall_staff(user, issue)
        or issue.lead_department_id in departments
        or supporter(user, issue)
    )


def calendar_keeper(user: User, issue: Issue) -> bool:
    """A hall administrator, of whatever hall: they keep the calendar (SECURITY, matrix: change holidays)."""
    return user.grants.has(Role.HALL_ADMINISTRATOR)


def verifier(user: User, issue: Issue) -> bool:
    """Reform officers; where their own department leads, the stand-ins too."""
    return office(user, issue) or (stands_in(user, issue) and issue.led_by_reform_office)


def stands_in(user: User, issue: Issue) -> bool:
    """A director, or an experience officer of the hall of the scene: asked where the office's own department leads."""
    return user.grants.has(Role.DIRECTOR) or user.grants.in_hall(Role.EXPERIENCE_OFFICER, issue.hall_id)


def found_wanting(user: User, issue: Issue) -> bool:
    """Has just found in a look-back of this round that the result does not hold, which opens the issue again."""
    rows = (row for row in issue.follow_ups.all() if row.round == issue.round)
    return any(row.holds is False and row.done_by_id == user.pk for row in rows)


def of_lead_department(user: User, issue: Issue) -> bool:
    """Belongs to, leads or speaks for the department that leads the issue."""
    departments = user.grants.departments(Role.DIRECTOR, Role.LIAISON)
    return issue.lead_department_id is not None and issue.lead_department_id in {user.department_id, *departments}


def fixed_it(user: User, issue: Issue) -> bool:
    """Handed in a rectification or finished a task of this issue, in whatever round."""
    reported = {row.submitted_by_id for row in issue.rectifications.all()}
    return user.pk in reported | {task.done_by_id for task in issue.tasks.all()}


def not_the_fixer(user: User, issue: Issue) -> Verdict:
    """Nobody judges what they put right themselves."""
    if fixed_it(user, issue):
        return refuse(_("You took part in the rectification. Somebody else has to judge it."))
    return ALLOWED


def may_verify(user: User, issue: Issue) -> Verdict:
    """Neutral: neither of the lead department nor the one who fixed it."""
    if issue.led_by_reform_office and not stands_in(user, issue):
        return refuse(STAND_IN)
    if of_lead_department(user, issue):
        return refuse(_("You belong to the lead department. Somebody of another department verifies."))
    return not_the_fixer(user, issue)


def took_part(user: User, issue: Issue, *, but: Collection[str] = ()) -> bool:
    """Has written an event of this issue, other than the acts `but` and acts that judged no single issue."""
    passed_over = {*but, *OF_MANY}
    return any(event.actor_id == user.pk and event.action not in passed_over for event in issue.events.all())


def concerns_own(user: User, issue: Issue) -> bool:
    """Whether the issue is, or may become, a matter of the officer's own department while nobody leads it.

    By its service item, by either side of the seam, or because who sent the issue back named that department.
    """
    if user.department_id is None or issue.lead_department_id is not None:
        return False
    item = issue.item.department_id if issue.item else None
    named = {event.data.get("proposed") for event in issue.events.all() if event.action == "send_back"}
    return (
        user.department_id in {item, issue.needing_department_id}
        or any(holder.pk == user.department_id for holder in issue.holding_departments.all())
        or user.department_code in named
    )


def may_relieve(user: User, issue: Issue) -> Verdict:
    """Nobody relieves the own department.

    Where the office's leads, or is concerned before anybody leads, an officer decides who did no more than assign.
    """
    if not (issue.led_by_reform_office or concerns_own(user, issue)):
        return ALLOWED
    if took_part(user, issue, but=["assign"]):
        return refuse(TOUCHES_OWN)
    return not_the_fixer(user, issue)


def may_return(user: User, issue: Issue) -> Verdict:
    """Returning sets a new limit. Where the office's own leads, an officer who did no more than assign and return."""
    if issue.led_by_reform_office and took_part(user, issue, but=["assign", "return_for_rework"]):
        return refuse(TOUCHES_OWN)
    return not_the_fixer(user, issue)


def may_close(user: User, issue: Issue) -> Verdict:
    """The closer is not of the lead department; where the office's own leads, an officer who took no part."""
    if issue.led_by_reform_office:
        if took_part(user, issue):
            return refuse(_("The reform office's own department leads. A second officer who took no part closes."))
        return not_the_fixer(user, issue)
    if of_lead_department(user, issue):
        return refuse(_("You belong to the lead department. Another reform officer closes."))
    return not_the_fixer(user, issue)


def may_add_screenshot(user: User, issue: Issue) -> Verdict:
    """The raiser and the hall until triage, the lead department while it rectifies, the office always."""
    if office(user, issue):
        return ALLOWED
    if lead(user, issue) or supporter(user, issue):
        if issue.status == IssueStatus.RECTIFYING:
            return ALLOWED
        return refuse(_("Pictures can be added while you rectify."))
    if issue.status == IssueStatus.REGISTERED:
        return ALLOWED
    return refuse(_("The issue is assigned. The lead department adds pictures now."))


def may_follow_up(user: User, issue: Issue) -> Verdict:
    """The lead department may note that it spoke with the citizen, but not whether its own work is done."""
    if office(user, issue) or issue.status in {IssueStatus.ASSIGNED, IssueStatus.RECTIFYING}:
        return ALLOWED
    return refuse(_("The reform office visits now: nobody asks about their own work."))


LEAD: tuple[Holder, ...] = (lead,)
OFFICE: tuple[Holder, ...] = (office,)

HOLDERS: dict[str, tuple[Holder, ...]] = {
    "assign": OFFICE,
    "reject": OFFICE,
    "merge": OFFICE,
    "acknowledge": LEAD,
    "transfer": LEAD,
    "rule_transfer": OFFICE,
    "send_back": LEAD,
    "submit_rectification": LEAD,
    "suspend": OFFICE,
    "resume": OFFICE,
    "return_for_rework": OFFICE,
    "close_out": OFFICE,
    "reopen": (office, found_wanting),
    "verify": (verifier,),
    "look_back": (verifier,),
    "follow_up": (office, lead),
    "supervise": OFFICE,
    "answer_supervision": LEAD,
    "remind": OFFICE,
    "request_extension": LEAD,
    "decide_extension": OFFICE,
    "coordinate": OFFICE,
    "plan_re_walk": OFFICE,
    "add_task": (office, lead),
    "finish_task": (supporter,),
    "comment": (commenter,),
    "draw_sample": OFFICE,
    "recompute": (calendar_keeper,),
    "add_screenshot": (office, lead, supporter, raiser, hall_staff),
    "redact": (office, lead, raiser),
    "mark_clean": (office, lead, raiser),
    "describe": (office, raiser),
}

GUARDS: dict[str, Guard] = {
    "verify": may_verify,
    "close_out": may_close,
    "look_back": may_verify,
    "suspend": may_relieve,
    "decide_extension": may_relieve,
    "reject": may_relieve,
    "merge": may_relieve,
    "rule_transfer": may_relieve,
    "return_for_rework": may_return,
    "add_screenshot": may_add_screenshot,
    "follow_up": may_follow_up,
}

RAISERS = (
    Role.REFORM_OFFICE,
    Role.DIRECTOR,
    Role.EXPERIENCE_OFFICER,
    Role.HALL_ADMINISTRATOR,
    Role.GUIDE,
)


def ever(user: User, action: str, issue: Issue) -> bool:
    """Whether this person has the act on this issue at all, so that a page draws it."""
    return any(holds(user, issue) for holds in HOLDERS.get(action, ()))


def may(user: User, action: str, issue: Issue | None = None) -> Verdict:
    """Whether the person may do this now, with the reason if not. Unknown acts are refused."""
    if action == "register":
        return ALLOWED if user.grants.has(*RAISERS) else refuse(NOT_YOURS)
    if action == "draw_sample" and issue is None:
        return ALLOWED if user.grants.has(Role.REFORM_OFFICE) else refuse(NOT_YOURS)
    if action == "announce_working_days":
        return ALLOWED if user.grants.has(Role.HALL_ADMINISTRATOR) else refuse(NOT_YOURS)
    if issue is None or not ever(user, action, issue):
        return refuse(NOT_YOURS)
    guard = GUARDS.get(action)
    return guard(user, issue) if guard else ALLOWED
