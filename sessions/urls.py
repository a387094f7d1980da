from django.urls import URLPattern

app_name = "window_sessions"

urlpatterns: list[URLPattern] = []
