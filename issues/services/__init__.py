"""The verbs of the register: the only writers of an issue's state. Each writes one ledger event per act."""

from issues.services.acting import Act, apply_act
from issues.services.announcing import announce_working_days
from issues.services.closing import close_out, follow_up, look_back, reopen, return_for_rework, verify
from issues.services.evidence import add_screenshot, describe, mark_clean, redact
from issues.services.re_walk import plan_re_walk
from issues.services.recounting import request_recount, resume_recount
from issues.services.rectifying import (
    add_task,
    decide_extension,
    finish_task,
    request_extension,
    resume,
    submit_rectification,
    suspend,
)
from issues.services.registering import (
    register,
    register_from_feedback,
    register_from_step,
    scene_of_session,
    scene_of_step,
)
from issues.services.sampling import draw_sample
from issues.services.supervising import (
    answer_supervision,
    comment,
    coordinate,
    recompute,
    remind,
    supervise,
)
from issues.services.triage import acknowledge, assign, merge, reject, rule_transfer, send_back, transfer

__all__ = [
    "Act",
    "acknowledge",
    "add_screenshot",
    "add_task",
    "announce_working_days",
    "answer_supervision",
    "apply_act",
    "assign",
    "close_out",
    "comment",
    "coordinate",
    "decide_extension",
    "describe",
    "draw_sample",
    "finish_task",
    "follow_up",
    "look_back",
    "mark_clean",
    "merge",
    "plan_re_walk",
    "recompute",
    "redact",
    "register",
    "register_from_feedback",
    "register_from_step",
    "reject",
    "remind",
    "reopen",
    "request_extension",
    "request_recount",
    "resume",
    "resume_recount",
    "return_for_rework",
    "rule_transfer",
    "scene_of_session",
    "scene_of_step",
    "send_back",
    "submit_rectification",
    "supervise",
    "suspend",
    "transfer",
    "verify",
]
