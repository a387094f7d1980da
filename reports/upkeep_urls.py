"""Looking after the site itself: the queue, and who gets what."""

from django.urls import path

from reports import queue_views, rule_views

app_name = "upkeep"

urlpatterns = [
    path("notice-rules/", rule_views.notice_rules, name="notice_rules"),
    path("notice-rules/<slug:kind>/", rule_views.change_rule, name="change_rule"),
    path("queue/", queue_views.task_queue, name="task_queue"),
    path("queue/tasks/<uuid:pk>/retry/", queue_views.retry_task, name="retry_task"),
    path("queue/messages/<int:pk>/retry/", queue_views.retry_message, name="retry_message"),
]
