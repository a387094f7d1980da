from django.apps import AppConfig


class WindowSessionsConfig(AppConfig):
    name = "sessions"
    label = "window_sessions"
