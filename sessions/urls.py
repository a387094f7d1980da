"""Routes of programmes, the week board, sessions, rosters, and of the run at the window."""

from django.urls import path

from sessions.views import (
    acts,
    availability,
    board,
    calendar_feed,
    cases,
    feedback,
    item_walks,
    listing,
    names,
    outlets,
    overviews,
    packs,
    programmes,
    rosters,
    rotation,
    run,
)

app_name = "window_sessions"

planning = [
    path("", listing.session_list, name="session_list"),
    path("<int:pk>/", listing.session_detail, name="session_detail"),
    path("<int:pk>/confirm/", acts.confirm, name="confirm"),
    path("<int:pk>/decline/", acts.decline, name="decline"),
    path("<int:pk>/move/", acts.move, name="move"),
    path("<int:pk>/substitute/", acts.substitute, name="substitute"),
    path("<int:pk>/cancel/", acts.cancel, name="cancel"),
    path("<int:pk>/miss/", acts.miss, name="miss"),
    path("programmes/", programmes.programme_list, name="programme_list"),
    path("programmes/create/", programmes.programme_create, name="programme_create"),
    path("programmes/<int:pk>/", programmes.programme_detail, name="programme_detail"),
    path("programmes/<int:pk>/edit/", programmes.programme_edit, name="programme_edit"),
    path("programmes/<int:pk>/board/", board.board, name="board"),
    path("programmes/<int:pk>/board/state/", board.board_state, name="board_state"),
    path("programmes/<int:pk>/board/targets/", board.targets, name="targets"),
    path("programmes/<int:pk>/place/", board.place, name="place"),
    path("programmes/<int:pk>/arrange/", board.arrange, name="arrange"),
    path("programmes/<int:pk>/month/", overviews.month, name="month"),
    path("programmes/<int:pk>/people/", overviews.people, name="people"),
    path("programmes/<int:pk>/names/", names.names_due, name="names_due"),
    path("programmes/<int:pk>/names/ask/", names.ask_names, name="ask_names"),
    path("programmes/<int:pk>/quotas/", overviews.quotas, name="quotas"),
    path("programmes/<int:pk>/rotations/", rotation.rotation_list, name="rotation_list"),
    path("programmes/<int:pk>/request-plan/", rotation.request_plan, name="request_plan"),
    path("rotations/<int:pk>/", rotation.rotation_detail, name="rotation_detail"),
    path("rotations/<int:pk>/cancel/", rotation.cancel_plan, name="cancel_plan"),
    path("rotations/<int:pk>/discard/", rotation.discard_plan, name="discard_plan"),
    path("rotations/<int:pk>/accept/", rotation.accept_plan, name="accept_plan"),
    path("rotations/<int:pk>/replan/", rotation.replan, name="replan"),
    path("planned/<int:pk>/lock/", rotation.lock_placement, name="lock_placement"),
    path("availability/", availability.availability_list, name="availability_list"),
    path("availability/<int:pk>/", availability.availability, name="availability"),
    path("availability/<int:pk>/enter/", availability.enter_absence, name="enter_absence"),
    path("absences/<int:pk>/edit/", availability.edit_absence, name="edit_absence"),
    path("absences/<int:pk>/remove/", availability.remove_absence, name="remove_absence"),
    path("halls/<int:pk>/publish-week/", rosters.publish_week, name="publish_week"),
    path("halls/<int:pk>/release-rule/", outlets.release_rule, name="release_rule"),
    path("rosters/", rosters.roster_list, name="roster_list"),
    path("rosters/<int:pk>/", rosters.roster_detail, name="roster_detail"),
]

running = [
    path("<int:pk>/run/", run.run, name="run"),
    path("<int:pk>/start/", run.start, name="start"),
    path("<int:pk>/finish/", run.finish, name="finish"),
    path("<int:pk>/draw-ticket/", run.draw_ticket, name="draw_ticket"),
    path("draws/<int:pk>/answer/", run.answer_draw, name="answer_draw"),
    path("<int:pk>/open-case/", cases.open_case, name="open_case"),
    path("cases/<int:pk>/", cases.case_detail, name="case_detail"),
    path("items/<int:pk>/walked/", item_walks.item_walked, name="item_walked"),
    path("cases/<int:pk>/pack/", packs.case_pack, name="case_pack"),
    path("cases/<int:pk>/pack/<int:sample>/", packs.case_sample, name="case_sample"),
    path("cases/<int:pk>/pack/<int:sample>/thumb/", packs.case_sample_thumb, name="case_sample_thumb"),
    path("cases/<int:pk>/close/", cases.close_case, name="close_case"),
    path("cases/<int:pk>/save-note/", cases.save_note, name="save_note"),
    path("cases/<int:pk>/withdraw-consent/", cases.withdraw_consent, name="withdraw_consent"),
    path("steps/<int:pk>/save/", cases.save_step, name="save_step"),
    path("steps/<int:pk>/complete/", cases.complete_step, name="complete_step"),
    path("<int:pk>/feedback/", feedback.feedback, name="feedback"),
    path("<int:pk>/feedback/save/", feedback.save_feedback, name="save_feedback"),
    path("<int:pk>/feedback/submit/", feedback.submit_feedback, name="submit_feedback"),
    path("<int:pk>/feedback/return/", feedback.return_feedback, name="return_feedback"),
]

outlet = [
    path("calendar/", calendar_feed.calendar_feed, name="calendar_feed"),
    path("calendar/give/", calendar_feed.give_calendar_address, name="give_calendar_address"),
    path("calendar/revoke/", calendar_feed.revoke_calendar_address, name="revoke_calendar_address"),
]

urlpatterns = [*planning, *running, *outlet]
