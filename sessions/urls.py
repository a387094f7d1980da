"""Routes of programmes, the week board, sessions, rosters, and of the run at the window."""

from django.urls import URLPattern, path

from sessions.views import cases, feedback, run

app_name = "window_sessions"

planning: list[URLPattern] = []

running: list[URLPattern] = [
    path("<int:pk>/run/", run.run, name="run"),
    path("<int:pk>/start/", run.start, name="start"),
    path("<int:pk>/finish/", run.finish, name="finish"),
    path("<int:pk>/draw-ticket/", run.draw_ticket, name="draw_ticket"),
    path("draws/<int:pk>/answer/", run.answer_draw, name="answer_draw"),
    path("<int:pk>/open-case/", cases.open_case, name="open_case"),
    path("cases/<int:pk>/", cases.case_detail, name="case_detail"),
    path("cases/<int:pk>/close/", cases.close_case, name="close_case"),
    path("cases/<int:pk>/withdraw-consent/", cases.withdraw_consent, name="withdraw_consent"),
    path("steps/<int:pk>/save/", cases.save_step, name="save_step"),
    path("steps/<int:pk>/complete/", cases.complete_step, name="complete_step"),
    path("<int:pk>/feedback/", feedback.feedback, name="feedback"),
    path("<int:pk>/feedback/save/", feedback.save_feedback, name="save_feedback"),
    path("<int:pk>/feedback/submit/", feedback.submit_feedback, name="submit_feedback"),
    path("<int:pk>/feedback/return/", feedback.return_feedback, name="return_feedback"),
]

urlpatterns = [*planning, *running]
