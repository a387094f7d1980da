from django.urls import path
from django.views.i18n import set_language

from core import notice_views, views

app_name = "core"

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("healthz/", views.healthz, name="healthz"),
    path("readyz/", views.readyz, name="readyz"),
    path("components/", views.components, name="components"),
    path("notices/", notice_views.notices, name="notices"),
    path("notices/read-all/", notice_views.read_all_notices, name="read_all_notices"),
    path("notices/unread/", notice_views.unread_notices, name="unread_notices"),
    path("notices/<int:pk>/read/", notice_views.read_notice, name="read_notice"),
    path("notices/<int:pk>/unread/", notice_views.unread_notice, name="unread_notice"),
]
