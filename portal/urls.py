"""Routes that an anonymous person can reach. The short ones stand on printed QR codes: they never change."""

from django.urls import include, path

from portal import feed_views, guide_views, roster_views, screen_views, views

app_name = "portal"

pages = [
    path("", views.index, name="index"),
    path("roster/", views.roster, name="roster"),
    path("roster.json", roster_views.roster_json, name="roster_json"),
    path("roster.csv", roster_views.roster_csv, name="roster_csv"),
    path("roster/embed/", roster_views.roster_embed, name="roster_embed"),
    path("roster/print/", roster_views.roster_print, name="roster_print"),
    path("roster/search/", roster_views.roster_search, name="roster_search"),
    path("calendar/<str:code>.ics", feed_views.hall_calendar, name="hall_calendar"),
    path("display/<str:code>/", views.display, name="display"),
    path("display/<str:code>/code.svg", views.roster_code, name="roster_code"),
]

urlpatterns = [
    path("portal/", include(pages)),
    path("calendar/<slug:token>.ics", feed_views.personal_calendar, name="personal_calendar"),
    path("screen/", screen_views.screen, name="screen"),
    path("screen/pair/", screen_views.pair_screen, name="pair_screen"),
    path("screen/worker.js", screen_views.screen_worker, name="screen_worker"),
    path("g/", guide_views.guide_list, name="guide_list"),
    path("g/<path:code>/", guide_views.guide, name="guide"),
    path("h/<str:code>/", guide_views.hall, name="hall"),
    path("w/<str:code>/<path:number>/", guide_views.window, name="window"),
]
