"""What the pages of acts say: what an act that cannot be taken back leads to, and the new fact afterwards."""

from collections.abc import Callable
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.words import long_date
from issues import clocks
from issues.lights import running_clock
from issues.models import Issue

Lines = Callable[[Issue], list[str]]


def _close_out(issue: Issue) -> list[str]:
    days = clocks.current_rule().look_back_days or clocks.LOOK_BACK_DAYS
    calendar = clocks.calendar_for(issue)
    dates = [long_date(calendar.next_workday(clock.today() + timedelta(days=after))) for after in days]
    lines = [
        _("The issue gets its close-out number and counts as closed from today."),
        _("Limits stop; whether they were met is written down for good."),
        _("Look-backs: %(dates)s; a day off moves to the next working day.") % {"dates": _(", ").join(dates)},
    ]
    if issue.led_by_reform_office:
        lines.append(_("The reform office's own department led: the sheet names you as second officer."))
    return lines


def _reject(issue: Issue) -> list[str]:
    return [
        _("The issue leaves the register's open list; the finder reads your explanation."),
        _("No department gets it. It can be opened again with a reason."),
    ]


def _supervise(issue: Issue) -> list[str]:
    lead = str(issue.lead_department)
    return [
        _("The notice gets a number and stays in the ledger; it cannot be taken back."),
        _("Leaders and liaisons of %(lead)s are told at once and must answer.") % {"lead": lead},
    ]


def _merge(issue: Issue) -> list[str]:
    return [_("Scene, pictures and finder stay with this issue; the work goes on under the other number.")]


def _transfer(issue: Issue) -> list[str]:
    left = clocks.current_rule().transfer_budget - issue.transfers_used
    if left > 0:
        return [_("The issue moves at once. Transfers left after this one: %(left)s.") % {"left": left - 1}]
    return [_("The issue was transferred before. The reform office rules who leads; until then it stays with you.")]


def _suspend(issue: Issue) -> list[str]:
    return [_("The limit rests until it is resumed. A light that is red stays red.")]


def _reopen(issue: Issue) -> list[str]:
    if issue.closed_at is None:
        return [_("The issue goes back to triage.")]
    return [
        _("Round %(round)s begins with a new limit; everything of earlier rounds stays as it was.")
        % {"round": issue.round + 1}
    ]


def _look_back(issue: Issue) -> list[str]:
    return [_("If it no longer holds, the issue opens again as round %(round)s.") % {"round": issue.round + 1}]


def _plan_re_walk(issue: Issue) -> list[str]:
    return [
        _("A session for today is made at this window, on no roster; its page opens on the walker's phone."),
        _("When the walk has ended, its figures can be chosen under “Verify” and stand beside the old ones."),
    ]


CONSEQUENCES: dict[str, Lines] = {
    "plan_re_walk": _plan_re_walk,
    "close_out": _close_out,
    "reject": _reject,
    "supervise": _supervise,
    "merge": _merge,
    "transfer": _transfer,
    "suspend": _suspend,
    "reopen": _reopen,
    "look_back": _look_back,
}


def consequences(action: str, issue: Issue) -> list[str]:
    """What the act leads to, to be read before it."""
    lines = CONSEQUENCES.get(action)
    return lines(issue) if lines else []


DONE = {
    "assign": gettext_lazy("Assigned; to be acknowledged by %(due)s"),
    "reject": gettext_lazy("Not accepted; the finder has been told"),
    "merge": gettext_lazy("Merged into %(into)s"),
    "acknowledge": gettext_lazy("Acknowledged; rectify by %(due)s"),
    "rule_transfer": gettext_lazy("Ruled: %(lead)s leads"),
    "send_back": gettext_lazy("Sent back; the reform office assigns again"),
    "submit_rectification": gettext_lazy("Handed in; to be verified by %(due)s"),
    "suspend": gettext_lazy("Suspended; review on %(review)s"),
    "resume": gettext_lazy("Resumed; rectify by %(due)s"),
    "return_for_rework": gettext_lazy("Returned; rectify by %(due)s"),
    "close_out": gettext_lazy("Closed out, %(close_out)s"),
    "verify": gettext_lazy("Verification recorded"),
    "follow_up": gettext_lazy("Return visit recorded"),
    "supervise": gettext_lazy("Notice issued"),
    "answer_supervision": gettext_lazy("Notice answered"),
    "remind": gettext_lazy("Reminded; it stands in their inbox"),
    "request_extension": gettext_lazy("Asked for more time; the reform office decides"),
    "decide_extension": gettext_lazy("Decided; rectify by %(due)s"),
    "coordinate": gettext_lazy("Meeting recorded"),
    "plan_re_walk": gettext_lazy("Re-walk planned for today; the walker has been told"),
    "add_task": gettext_lazy("Task added"),
    "finish_task": gettext_lazy("Task reported done"),
    "comment": gettext_lazy("Comment written"),
}


def done(action: str, issue: Issue) -> str:
    """The new fact, for the toast."""
    limit = running_clock(issue)
    facts = {
        "due": long_date(limit.due_on) if limit else "",
        "into": issue.merged_into.number if issue.merged_into else "",
        "lead": str(issue.lead_department or ""),
        "review": long_date(issue.review_on) if issue.review_on else "",
        "close_out": issue.close_out_number,
        "round": issue.round,
    }
    return str(DONE.get(action) or _by_outcome(action, issue)) % facts


def _by_outcome(action: str, issue: Issue) -> str:
    """Acts whose new fact depends on what came of them."""
    if action == "transfer":
        if issue.transfer_requests.filter(decided_at=None).exists():
            return _("Asked for a ruling; the reform office decides who leads")
        return _("Transferred to %(lead)s")
    if issue.closed_at is not None:
        return _("Look-back recorded; it still holds")
    return _("Opened again") if issue.round == 1 else _("Opened again, round %(round)s")
