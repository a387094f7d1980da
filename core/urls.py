from django.urls import path
from django.views.i18n import set_language

from core import views

app_name = "core"

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("healthz/", views.healthz, name="healthz"),
    path("readyz/", views.readyz, name="readyz"),
    path("components/", views.components, name="components"),
    path("notices/", views.notices, name="notices"),
    path("notices/<int:pk>/read/", views.read_notice, name="read_notice"),
]
