"""Who may open and post what: one row a route. A route without a row fails the build.

A cell names those who get through, then after a bar those to whom the object does not exist (404); everybody else is
refused (403). Letters: D director who sits at B's window and found the issues, H director of B, L liaison of B, X
liaison of a department that has nothing to do with it, A hall administrator, G guide, E experience officer, R reform
office, U auditor. None: the method is not offered (405). OPEN: anonymous people too.
"""

from dataclasses import dataclass

LETTERS = {
    "director": "D", "host": "H", "liaison": "L", "stranger": "X", "hall_administrator": "A", "guide": "G",
    "experience_officer": "E", "reform_office": "R", "auditor": "U",
}  # fmt: skip
ALL = "DHLXAGERU"
OPEN = "open"
SEEN = "DHLAGRU|XE"
SITTING = "DLAGRU|HXE"


def issue(*allowed: str) -> str:
    """These, while the issue does not exist for X and E."""
    return "".join(allowed) + "|XE"


def early(*allowed: str) -> str:
    """These, before anybody leads: the issue does not exist for any department but the finder's."""
    return "".join(allowed) + "|HLXE"


def sitting(*allowed: str) -> str:
    """These, while the session does not exist for H, X and E."""
    return "".join(allowed) + "|HXE"


@dataclass(frozen=True)
class Access:
    """The object whose key fills the address, and a cell for each method."""

    on: str = ""
    get: str | None = None
    post: str | None = None


def act(on: str, cell: str) -> Access:
    """A form by GET and its act by POST, for the same people."""
    return Access(on, cell, cell)


PICTURE = "screenshot"
ACCESS: dict[str, Access] = {
    "home": Access(get=ALL),
    "profile": Access(get=ALL),
    "choose_mail": Access(post=ALL),
    "set_address": Access(post=ALL),
    "people": Access(get="ARU"),
    "enable_account": Access("switched_off", post="A"),
    "core:set_language": Access(get=OPEN, post=OPEN),
    "core:healthz": Access(get=OPEN),
    "core:readyz": Access(get=OPEN),
    "core:components": Access(get=ALL),
    "core:notices": Access(get=ALL),
    "core:read_notice": Access("notice", post="D|HLXAGERU"),
    "core:unread_notice": Access("notice", post="D|HLXAGERU"),
    "core:read_all_notices": Access(post=ALL),
    "core:unread_notices": Access(post=ALL),
    "reports:dashboard": Access(get="DHLXARU"),
    "upkeep:notice_rules": Access(get=ALL),
    "upkeep:change_rule": act("kind", "A"),
    "upkeep:task_queue": Access(get="AU"),
    "upkeep:retry_task": Access("dead_task", post="A"),
    "upkeep:retry_message": Access("dead_message", post="A"),
    "portal:index": Access(get=OPEN),
    "portal:roster": Access(get=OPEN),
    "portal:roster_json": Access(get=OPEN),
    "portal:roster_csv": Access(get=OPEN),
    "portal:roster_embed": Access(get=OPEN),
    "portal:roster_print": Access(get=OPEN),
    "portal:roster_search": Access(get=OPEN),
    "portal:hall_calendar": Access("code", get=OPEN),
    "portal:personal_calendar": Access("token", get=OPEN),
    "portal:screen": Access(get=OPEN),
    "portal:pair_screen": Access(get=OPEN, post=OPEN),
    "portal:screen_worker": Access(get=OPEN),
    "portal:display": Access("code", get=OPEN),
    "portal:roster_code": Access("code", get=OPEN),
    "portal:guide_list": Access(get=OPEN),
    "portal:guide": Access("guide", get=OPEN),
    "portal:hall": Access("code", get=OPEN),
    "portal:window": Access("desk", get=OPEN),
    # Catalogue.
    "catalog:item_list": Access(get=ALL),
    "catalog:item_detail": Access("item", get=ALL),
    "catalog:item_edit": act("item", "AR"),
    "catalog:item_create": act("", "AR"),
    "catalog:item_retire": act("item", "AR"),
    "catalog:propose_change": act("item", "L"),
    "catalog:proposal_list": Access(get=ALL),
    "catalog:proposal_detail": Access("proposal", get="LARU|DHXGE"),
    "catalog:approve_change": Access("proposal", post="AR|DHXGE"),
    "catalog:decline_change": Access("proposal", post="AR|DHXGE"),
    "catalog:withdraw_change": Access("proposal", post="L|DHXGE"),
    "catalog:prepare_pack": Access("item", post="AR"),
    "catalog:pack_detail": Access("pack", get=ALL),
    "catalog:add_sample": Access("prepared", post="AR|DHLXGE"),
    "catalog:release_pack": Access("prepared", post="AR|DHLXGE"),
    "catalog:retire_pack": Access("pack", post="AR"),
    "catalog:sample": Access("sample_picture", get="ARU|DHLXGE"),
    "catalog:sample_thumb": Access("sample_picture", get="ARU|DHLXGE"),
    "catalog:remove_sample": Access("sample_picture", post="AR|DHLXGE"),
    "catalog:pack_edit": Access("prepared", get="AR|DHLXGE", post="AR|DHLXGE"),
    "catalog:item_relations": Access("item", get=ALL),
    "catalog:item_options": Access(get=ALL),
    "catalog:item_duplicate": act("item", "AR"),
    "catalog:revision_detail": Access("revision", get="LARU"),
    "catalog:revision_diff": Access("item", get="LARU"),
    "catalog:hall_list": Access(get=ALL),
    "catalog:hall_create": act("", "R"),
    "catalog:hall_edit": act("hall", "A"),
    "catalog:zone_edit": act("hall", "A"),
    "catalog:window_create": act("hall", "A"),
    "catalog:hall_close": Access("hall", post="A"),
    "catalog:closure_remove": Access("closure", post="A"),
    "catalog:qr_sheets": Access("hall", get="A"),
    "catalog:window_edit": act("window", "A"),
    "catalog:export": Access(get="AR"),
    "catalog:import_start": act("", "AR"),
    "catalog:import_preview": Access("import", get="AR"),
    "catalog:import_decide": Access("import", post="AR"),
    "catalog:import_correct": Access("import", post="AR"),
    "catalog:import_undo": act("import", "AR"),
    "catalog:import_discard": Access("import", post="AR"),
    "catalog:import_result": Access("import", get="AR"),
    "catalog:import_remarks": Access("import", get="AR"),
    "catalog:import_report": Access("import", get="AR"),
    "catalog:bundle_list": Access(get=ALL),
    "catalog:seam_matrix": Access(get=ALL),
    "catalog:seam_list": Access(get=ALL),
    "catalog:seam_dismiss": act("seam", "AR"),
    "catalog:seam_confirm": act("seam", "AR"),
    "catalog:seam_restore": Access("seam", post="AR"),
    "catalog:bundle_detail": Access("bundle", get=ALL),
    "catalog:bundle_seams": Access("bundle", get=ALL),
    "catalog:bundle_create": act("", "AR"),
    "catalog:bundle_edit": act("bundle", "AR"),
    # Planning.
    "window_sessions:session_list": Access(get=ALL),
    "window_sessions:session_detail": Access("published", get=SITTING),
    "window_sessions:confirm": Access("draft", post=sitting("D")),
    "window_sessions:confirm_for": act("draft", sitting("AR")),
    "window_sessions:decline": act("draft", sitting("D")),
    "window_sessions:move": act("draft", sitting("AR")),
    "window_sessions:substitute": act("published", sitting("AR")),
    "window_sessions:nominate": act("draft", sitting("D")),
    "window_sessions:cancel": act("published", sitting("AR")),
    "window_sessions:miss": act("past", sitting("AR")),
    "window_sessions:programme_list": Access(get=ALL),
    "window_sessions:programme_create": act("", "AR"),
    "window_sessions:programme_detail": Access("programme", get=ALL),
    "window_sessions:programme_edit": act("programme", "AR"),
    "window_sessions:board": Access("programme", get="AR"),
    "window_sessions:board_state": Access("programme", get="AR"),
    "window_sessions:targets": Access("programme", get="AR"),
    "window_sessions:place": act("programme", "AR"),
    "window_sessions:arrange": Access("programme", post="AR"),
    "window_sessions:rotation_list": Access("programme", get="AR"),
    "window_sessions:request_plan": Access("programme", post="AR"),
    "window_sessions:rotation_detail": Access("rotation", get="AR"),
    "window_sessions:cancel_plan": Access("rotation_at_work", post="AR"),
    "window_sessions:discard_plan": Access("rotation", post="AR"),
    "window_sessions:accept_plan": act("rotation", "AR"),
    "window_sessions:replan": Access("rotation", post="AR"),
    "window_sessions:lock_placement": Access("planned", post="AR"),
    "window_sessions:publish_week": act("hall", "AR"),
    "window_sessions:month": Access("programme", get="AR"),
    "window_sessions:people": Access("programme", get="AR"),
    "window_sessions:names_due": Access("programme", get="AR"),
    "window_sessions:confirm_names": act("programme", "AR"),
    "window_sessions:ask_names": act("programme", "AR"),
    "window_sessions:quotas": Access("programme", get="ARU"),
    "window_sessions:unfit": Access(get="DHA"),
    "window_sessions:availability_list": Access(get="DHAR"),
    "window_sessions:availability": Access("leader", get="DAR|HLXGEU"),
    "window_sessions:enter_absence": Access("leader", post="DAR|HLXGEU"),
    "window_sessions:edit_absence": act("absence", "DAR|HLXGEU"),
    "window_sessions:remove_absence": Access("absence", post="DAR|HLXGEU"),
    "window_sessions:release_rule": act("hall", "A"),
    "window_sessions:calendar_feed": Access(get=ALL),
    "window_sessions:give_calendar_address": Access(post=ALL),
    "window_sessions:revoke_calendar_address": Access(post=ALL),
    "window_sessions:screen_list": Access(get="A"),
    "window_sessions:add_screen": Access(post="A"),
    "window_sessions:renew_screen": Access("screen", post="A|DHLXGERU"),
    "window_sessions:revoke_screen": Access("screen", post="A|DHLXGERU"),
    "window_sessions:roster_list": Access(get=ALL),
    "window_sessions:roster_detail": Access("roster", get=ALL),
    # The run.
    "window_sessions:run": Access("running", get=SITTING),
    "window_sessions:start": Access("published", post=sitting("DAG")),
    "window_sessions:finish": act("running", sitting("DAG")),
    "window_sessions:draw_ticket": act("running", sitting("DAG")),
    "window_sessions:answer_draw": Access("draw", post=sitting("DAG")),
    "window_sessions:open_case": act("running", sitting("DAG")),
    "window_sessions:item_walked": Access("item", get=ALL),
    "window_sessions:case_pack": Access("case", get=SITTING),
    "window_sessions:case_sample": Access("case_sample", get=SITTING),
    "window_sessions:case_sample_thumb": Access("case_sample", get=SITTING),
    "window_sessions:case_detail": Access("case", get=SITTING),
    "window_sessions:close_case": act("case", sitting("DAG")),
    "window_sessions:withdraw_consent": act("case", sitting("DAG")),
    "window_sessions:save_note": Access("case", post=sitting("DAG")),
    "window_sessions:save_step": Access("step", post=sitting("DAG")),
    "window_sessions:complete_step": Access("step", post=sitting("DAG")),
    "window_sessions:feedback": Access("awaiting_feedback", get=sitting("DARU")),
    "window_sessions:save_feedback": Access("awaiting_feedback", post=sitting("D")),
    "window_sessions:submit_feedback": Access("awaiting_feedback", post=sitting("D")),
    "window_sessions:return_feedback": act("completed", sitting("R")),
    # Raising issues and reading the register.
    "issues:issue_list": Access(get=ALL),
    "issues:issue_detail": Access("issue_rectifying", get=SEEN),
    "issues:similar_to": Access("issue_rectifying", get=SEEN),
    "issues:similar": Access(get=ALL),
    "issues:item_panel": Access("item", get=ALL),
    "issues:close_out_sheet": Access("issue_closed", get=SEEN),
    "issues:register": act("", "DHAGER"),
    "issues:register_from_feedback": act("feedback", sitting("D")),
    "issues:register_from_step": act("step", sitting("DAG")),
    "issues:step_panel": Access("step", get=SITTING),
    "issues:add_step_screenshot": Access("step", post=sitting("DAG")),
    "issues:calendar": Access(get="A"),
    "issues:announce_working_days": Access(post="A"),
    "issues:resume_recount": Access(post="A"),
    "issues:sample_list": Access(get="RU"),
    "issues:sample_detail": Access("sample", get="RU"),
    "issues:draw_sample": act("", "R"),
    # Pictures: unchecked ones are the raiser's, the lead department's and the office's.
    "issues:add_screenshot": act("issue_registered", early("DAR")),
    "issues:screenshot": Access(PICTURE, get="DR|HLXAGEU"),
    "issues:screenshot_thumb": Access(PICTURE, get="DR|HLXAGEU"),
    "issues:check_screenshot": Access(PICTURE, get="DR|HLXAGEU"),
    "issues:describe": Access(PICTURE, post="DR|HLXAGEU"),
    "issues:mark_clean": Access(PICTURE, post="DR|HLXAGEU"),
    "issues:redact": Access(PICTURE, post="DR|HLXAGEU"),
    # Acts of the reform office.
    "issues:assign": act("issue_registered", early("R")),
    "issues:reject": act("issue_registered", early("R")),
    "issues:merge": act("issue_registered", early("R")),
    "issues:rule_transfer": act("issue_rectifying", issue("R")),
    "issues:suspend": act("issue_rectifying", issue("R")),
    "issues:resume": act("issue_suspended", issue("R")),
    "issues:return_for_rework": act("issue_awaiting_verification", issue("R")),
    "issues:close_out": act("issue_awaiting_verification", issue("R")),
    "issues:verify": act("issue_awaiting_verification", issue("R")),
    "issues:plan_re_walk": act("issue_awaiting_verification", issue("R")),
    "issues:reopen": act("issue_closed", issue("R")),
    "issues:look_back": act("issue_closed", issue("R")),
    "issues:supervise": act("issue_rectifying", issue("R")),
    "issues:remind": act("issue_rectifying", issue("R")),
    "issues:decide_extension": act("issue_asked", issue("R")),
    "issues:coordinate": act("issue_rectifying", issue("R")),
    # Acts of the lead department and its supporters.
    "issues:acknowledge": act("issue_assigned", issue("L")),
    "issues:transfer": act("issue_assigned", issue("L")),
    "issues:send_back": act("issue_assigned", issue("L")),
    "issues:submit_rectification": act("issue_rectifying", issue("L")),
    "issues:request_extension": act("issue_rectifying", issue("L")),
    "issues:answer_supervision": act("issue_asked", issue("L")),
    "issues:finish_task": act("issue_rectifying", issue()),
    # Acts of several.
    "issues:add_task": act("issue_rectifying", issue("LR")),
    "issues:follow_up": act("issue_rectifying", issue("LR")),
    "issues:comment": act("issue_rectifying", issue("DHLAR")),
}
