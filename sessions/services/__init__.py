"""The verbs of sessions: the only writers of a session's state, its programme, its rosters, cases and feedback.

Each module owns one subject; callers import the verb from here.
"""

from sessions.services.availability import edit_absence, enter_absence, remove_absence
from sessions.services.calendars import give_calendar_address, revoke_calendar_address, secret_digest
from sessions.services.cases import close_case, open_case, save_note, withdraw_consent
from sessions.services.draws import answer_draw, draw_ticket
from sessions.services.feedback import return_feedback, save_feedback, submit_feedback
from sessions.services.naming import ask_names, confirm_names, last_asked, nominate
from sessions.services.placing import cancel, confirm, confirm_for, decline, miss, move, place, place_visit, substitute
from sessions.services.programmes import create_programme, update_programme
from sessions.services.roster import publish_week
from sessions.services.rotations import (
    accept_plan,
    cancel_plan,
    discard_plan,
    lock_placement,
    reap,
    request_plan,
    solve_plan,
)
from sessions.services.running import finish, half_now, plan_on_the_spot, start
from sessions.services.scheduled import publish_due_weeks, set_release_rule
from sessions.services.screens import add_screen, pair_screen, renew_screen, revoke_screen, screen_of
from sessions.services.steps import block_step, complete_step, save_step

__all__ = [
    "accept_plan",
    "add_screen",
    "answer_draw",
    "ask_names",
    "block_step",
    "cancel",
    "cancel_plan",
    "close_case",
    "complete_step",
    "confirm",
    "confirm_for",
    "confirm_names",
    "create_programme",
    "decline",
    "discard_plan",
    "draw_ticket",
    "edit_absence",
    "enter_absence",
    "finish",
    "give_calendar_address",
    "half_now",
    "last_asked",
    "lock_placement",
    "miss",
    "move",
    "nominate",
    "open_case",
    "pair_screen",
    "place",
    "place_visit",
    "plan_on_the_spot",
    "publish_due_weeks",
    "publish_week",
    "reap",
    "remove_absence",
    "renew_screen",
    "request_plan",
    "return_feedback",
    "revoke_calendar_address",
    "revoke_screen",
    "save_feedback",
    "save_note",
    "save_step",
    "screen_of",
    "secret_digest",
    "set_release_rule",
    "solve_plan",
    "start",
    "submit_feedback",
    "substitute",
    "update_programme",
    "withdraw_consent",
]
