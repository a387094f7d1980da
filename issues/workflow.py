"""The transition table of issues (DESIGN section 6). Services, pages, tests and docs all read it.

Acts whose target is None are recorded and leave the state alone. `transfer` beyond the budget and a ruling that
keeps the lead leave it alone too: nothing has moved then.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.transitions import Transition, Workflow
from issues.choices import OPEN
from issues.choices import IssueStatus as S

OFFICE = "reform_office"
LEAD = "liaison of the lead department"
RELIEVES = f"{OFFICE}; one who took no part where its own department is concerned"
CLOSES = f"{OFFICE}; a second officer who took no part where its own department leads"
LOOKS_BACK = f"{OFFICE}; a neutral verifier where its own department leads"
ALL = frozenset(state.value for state in S)
UNDER_WAY = frozenset(OPEN)
WITH_LEAD = frozenset({S.ASSIGNED.value, S.RECTIFYING.value})
BEFORE_END = WITH_LEAD | {S.SUSPENDED.value}
LED = BEFORE_END | {S.AWAITING_VERIFICATION.value}


def _from(*states: S) -> frozenset[str]:
    return frozenset(state.value for state in states)


WORKFLOW = Workflow(
    [
        Transition("register", _("Register"), frozenset({""}), S.REGISTERED, "who may raise"),
        Transition("assign", _("Assign"), _from(S.REGISTERED), S.ASSIGNED, RELIEVES),
        Transition("reject", _("Do not accept"), _from(S.REGISTERED), S.REJECTED, RELIEVES),
        Transition("merge", pgettext_lazy("act", "Merge"), _from(S.REGISTERED), S.MERGED, RELIEVES),
        Transition("acknowledge", pgettext_lazy("act", "Acknowledge"), _from(S.ASSIGNED), S.RECTIFYING, LEAD),
        Transition("transfer", _("Transfer"), WITH_LEAD, S.ASSIGNED, LEAD),
        Transition("rule_transfer", _("Rule who leads"), WITH_LEAD, S.ASSIGNED, RELIEVES),
        Transition("send_back", _("Not ours"), _from(S.ASSIGNED), S.REGISTERED, LEAD),
        Transition(
            "submit_rectification", _("Hand in rectification"), _from(S.RECTIFYING), S.AWAITING_VERIFICATION, LEAD
        ),
        Transition("suspend", _("Suspend"), _from(S.RECTIFYING), S.SUSPENDED, RELIEVES),
        Transition("resume", _("Resume"), _from(S.SUSPENDED), S.RECTIFYING, OFFICE),
        Transition("return_for_rework", _("Return for rework"), _from(S.AWAITING_VERIFICATION), S.RECTIFYING, OFFICE),
        Transition("close_out", _("Close out"), _from(S.AWAITING_VERIFICATION), S.CLOSED, CLOSES),
        Transition(
            "reopen",
            _("Reopen"),
            _from(S.CLOSED, S.REJECTED, S.MERGED),
            S.RECTIFYING,
            "reform_office; a failed look-back; a return visit answered no",
            by_source={S.REJECTED.value: S.REGISTERED, S.MERGED.value: S.REGISTERED},
        ),
        # Recorded acts: the state stays.
        Transition(
            "verify", pgettext_lazy("act", "Verify"), _from(S.AWAITING_VERIFICATION), None, "a neutral verifier"
        ),
        Transition("plan_re_walk", _("Plan a re-walk"), _from(S.AWAITING_VERIFICATION), None, OFFICE),
        Transition("look_back", _("Look back"), _from(S.CLOSED), None, LOOKS_BACK),
        Transition("draw_sample", _("Draw a sample"), _from(S.CLOSED), None, OFFICE),
        Transition("follow_up", _("Return visit"), LED | {S.CLOSED.value}, None, f"{OFFICE}, {LEAD}"),
        Transition("supervise", _("Issue a notice"), BEFORE_END, None, OFFICE),
        Transition("answer_supervision", _("Answer the notice"), LED, None, LEAD),
        Transition("remind", _("Remind"), BEFORE_END, None, OFFICE),
        Transition("request_extension", _("Ask for more time"), _from(S.RECTIFYING), None, LEAD),
        Transition("decide_extension", _("Decide on more time"), _from(S.RECTIFYING), None, RELIEVES),
        Transition("coordinate", _("On-site meeting"), UNDER_WAY, None, OFFICE),
        Transition("add_task", _("Add a task"), WITH_LEAD, None, f"{OFFICE}, {LEAD}"),
        Transition("finish_task", _("Report done"), BEFORE_END, None, "liaison of the supporting department"),
        Transition("comment", _("Comment"), ALL, None, "everybody who sees the issue but the auditor", False),
        Transition("add_screenshot", _("Add pictures"), UNDER_WAY, None, f"raiser, {LEAD}, {OFFICE}", False),
        Transition("redact", _("Cover picture"), ALL, None, f"uploader, raiser, {LEAD}, {OFFICE}", False),
        Transition("mark_clean", _("Check picture"), ALL, None, f"uploader, raiser, {LEAD}, {OFFICE}", False),
        Transition("describe", _("Describe picture"), ALL, None, f"uploader, {OFFICE}", False),
        Transition("recompute", _("Limits recomputed"), UNDER_WAY, None, "the calendar", False),
    ]
)
