"""Routes that an anonymous person can reach."""

from django.urls import path

from portal import views

app_name = "portal"

urlpatterns = [
    path("", views.index, name="index"),
    path("roster/", views.roster, name="roster"),
    path("display/<str:code>/", views.display, name="display"),
    path("display/<str:code>/code.svg", views.roster_code, name="roster_code"),
]
