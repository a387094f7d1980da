"""Routes of the register. One name everywhere: address, view, service, workflow row and template."""

from django.urls import path

from issues import calendar_views, evidence_views, register_views, sample_views, views
from issues.act_urls import urlpatterns as act_routes

app_name = "issues"

urlpatterns = [
    *act_routes,
    path("", views.issue_list, name="issue_list"),
    path("<int:pk>/", views.issue_detail, name="issue_detail"),
    path("<int:pk>/similar/", views.similar_to, name="similar_to"),
    path("<int:pk>/close-out-sheet/", views.close_out_sheet, name="close_out_sheet"),
    path("items/<int:pk>/panel/", views.item_panel, name="item_panel"),
    # Raising an issue.
    path("register/", register_views.register, name="register"),
    path("from-feedback/<int:pk>/", register_views.register_from_feedback, name="register_from_feedback"),
    path("from-step/<int:pk>/", register_views.register_from_step, name="register_from_step"),
    path("similar/", register_views.similar, name="similar"),
    # Look-back samples.
    path("samples/", sample_views.sample_list, name="sample_list"),
    path("samples/draw-sample/", sample_views.draw_sample, name="draw_sample"),
    path("samples/<int:pk>/", sample_views.sample_detail, name="sample_detail"),
    # Working days.
    path("calendar/", calendar_views.calendar, name="calendar"),
    path("calendar/announce/", calendar_views.announce_working_days, name="announce_working_days"),
    path("calendar/resume-recount/", calendar_views.resume_recount, name="resume_recount"),
    # Pictures.
    path("<int:pk>/add-screenshot/", evidence_views.add_screenshot, name="add_screenshot"),
    path("screenshots/<int:pk>/", evidence_views.screenshot, name="screenshot"),
    path("screenshots/<int:pk>/check/", evidence_views.check_screenshot, name="check_screenshot"),
    path("screenshots/<int:pk>/describe/", evidence_views.describe, name="describe"),
    path("screenshots/<int:pk>/mark-clean/", evidence_views.mark_clean, name="mark_clean"),
    path("screenshots/<int:pk>/redact/", evidence_views.redact, name="redact"),
    path("screenshots/<int:pk>/thumb/", evidence_views.screenshot_thumb, name="screenshot_thumb"),
    path("steps/<int:pk>/add-screenshot/", evidence_views.add_step_screenshot, name="add_step_screenshot"),
    path("steps/<int:pk>/panel/", evidence_views.step_panel, name="step_panel"),
]
