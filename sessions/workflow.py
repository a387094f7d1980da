"""The transition table of window sessions (DESIGN section 5). Services, pages, tests and docs all read it."""

from django.utils.translation import gettext_lazy as _

from core.transitions import Transition, Workflow
from sessions.choices import SessionStatus as S

ADMIN = "hall_administrator, reform_office"
RUNNERS = "director, guide, hall_administrator"
BEFORE_START = frozenset({S.DRAFT.value, S.CONFIRMED.value, S.PUBLISHED.value})

WORKFLOW = Workflow(
    [
        Transition("place", _("Place"), frozenset({""}), S.DRAFT, ADMIN),
        Transition("move", _("Move"), frozenset({S.DRAFT, S.CONFIRMED}), S.DRAFT, ADMIN),
        Transition("confirm", _("Confirm"), frozenset({S.DRAFT}), S.CONFIRMED, "director"),
        Transition("decline", _("Cannot come"), frozenset({S.DRAFT, S.CONFIRMED}), S.CANCELLED, "director"),
        Transition("publish", _("Publish"), frozenset({S.CONFIRMED}), S.PUBLISHED, "hall_administrator"),
        Transition("substitute", _("Substitute"), BEFORE_START, None, ADMIN),
        Transition("cancel", _("Cancel this sitting"), BEFORE_START, S.CANCELLED, ADMIN),
        Transition("miss", _("Mark as missed"), frozenset({S.PUBLISHED}), S.MISSED, ADMIN),
        Transition("start", _("Start"), frozenset({S.PUBLISHED}), S.IN_PROGRESS, RUNNERS),
        Transition("finish", _("Finish"), frozenset({S.IN_PROGRESS}), S.AWAITING_FEEDBACK, RUNNERS),
        Transition("submit_feedback", _("Hand in feedback"), frozenset({S.AWAITING_FEEDBACK}), S.COMPLETED, "director"),
        Transition(
            "return_feedback", _("Return feedback"), frozenset({S.COMPLETED}), S.AWAITING_FEEDBACK, "reform_office"
        ),
    ]
)
