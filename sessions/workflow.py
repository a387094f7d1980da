"""The transition table of window sessions (DESIGN section 5). Services, pages, tests and docs all read it."""

from django.utils.translation import gettext_lazy as _

from core.transitions import Transition, Workflow
from sessions.choices import SessionStatus as S

ADMIN = "hall_administrator, reform_office"
RUNNERS = "director, guide, hall_administrator"
RUNNING = frozenset({S.IN_PROGRESS.value})
FEEDBACK_DUE = frozenset({S.AWAITING_FEEDBACK.value})
STARTED = frozenset({S.IN_PROGRESS.value, S.AWAITING_FEEDBACK.value, S.COMPLETED.value})
BEFORE_START = frozenset({S.DRAFT.value, S.CONFIRMED.value, S.PUBLISHED.value})

WORKFLOW = Workflow(
    [
        Transition("place", _("Place"), frozenset({""}), S.DRAFT, ADMIN),
        Transition("move", _("Move"), frozenset({S.DRAFT, S.CONFIRMED}), S.DRAFT, ADMIN),
        Transition("confirm", _("Confirm"), frozenset({S.DRAFT}), S.CONFIRMED, "director"),
        Transition("confirm_for", _("Note the confirmation"), frozenset({S.DRAFT}), S.CONFIRMED, ADMIN),
        Transition("decline", _("Cannot come"), frozenset({S.DRAFT, S.CONFIRMED}), S.CANCELLED, "director"),
        Transition("publish", _("Publish"), frozenset({S.CONFIRMED}), S.PUBLISHED, "hall_administrator"),
        Transition("substitute", _("Substitute"), BEFORE_START, None, ADMIN),
        Transition("nominate", _("Name who comes"), frozenset({S.DRAFT}), None, "liaison, principal of the department"),
        Transition("cancel", _("Cancel this sitting"), BEFORE_START, S.CANCELLED, ADMIN),
        Transition("miss", _("Mark as missed"), frozenset({S.PUBLISHED}), S.MISSED, ADMIN),
        Transition(
            "plan_on_the_spot", _("Plan a re-walk"), frozenset({""}), S.PUBLISHED, "reform_office, hall_administrator"
        ),
        Transition("start", _("Start"), frozenset({S.PUBLISHED}), S.IN_PROGRESS, RUNNERS),
        Transition("finish", _("Finish"), frozenset({S.IN_PROGRESS}), S.AWAITING_FEEDBACK, RUNNERS),
        Transition("draw_ticket", _("Draw a ticket"), RUNNING, None, RUNNERS, important=False),
        Transition("answer_draw", _("Note the answer"), RUNNING, None, RUNNERS, important=False),
        Transition("open_case", _("Open a case"), RUNNING, None, RUNNERS),
        Transition("save_step", _("Save the draft"), RUNNING, None, RUNNERS, important=False),
        Transition("save_note", _("Save the draft"), RUNNING, None, RUNNERS, important=False),
        Transition("complete_step", _("Passed, next step"), RUNNING, None, RUNNERS, important=False),
        Transition("block_step", _("Blocked"), RUNNING, None, RUNNERS),
        Transition("close_case", _("Close the case"), RUNNING, None, RUNNERS),
        Transition("withdraw_consent", _("Withdraw consent"), STARTED, None, RUNNERS),
        Transition("save_feedback", _("Save the draft"), FEEDBACK_DUE, None, "director", important=False),
        Transition("submit_feedback", _("Hand in feedback"), frozenset({S.AWAITING_FEEDBACK}), S.COMPLETED, "director"),
        Transition(
            "return_feedback", _("Return feedback"), frozenset({S.COMPLETED}), S.AWAITING_FEEDBACK, "reform_office"
        ),
    ]
)
