"""Routes of programmes, the week board, sessions, rosters, and of the run at the window."""

from django.urls import URLPattern

app_name = "window_sessions"

planning: list[URLPattern] = []

running: list[URLPattern] = []

urlpatterns = [*planning, *running]
