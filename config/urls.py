"""The whole site, one include per app. `portal` holds every route that an anonymous person can reach."""

from django.urls import include, path
from django.views.generic import RedirectView

from reports.views import home

# Doors of the library that stay shut: an address has one way in, on the own page, and a password is never sent by mail.
SHUT = {"accounts/email/": "profile", "accounts/password/reset/": "account_login"}

urlpatterns = [
    path("", home, name="home"),
    path("", include("core.urls")),
    path("", include("accounts.urls")),
    *(path(address, RedirectView.as_view(pattern_name=instead)) for address, instead in SHUT.items()),
    path("accounts/", include("allauth.urls")),
    path("catalog/", include("catalog.urls")),
    path("sessions/", include("sessions.urls")),
    path("issues/", include("issues.urls")),
    path("reports/", include("reports.urls")),
    path("upkeep/", include("reports.upkeep_urls")),
    path("", include("portal.urls")),
]

handler400 = "core.errors.bad_request"
handler403 = "core.errors.permission_denied"
handler404 = "core.errors.page_not_found"
handler500 = "core.errors.server_error"
