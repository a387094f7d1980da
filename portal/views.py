"""Open pages: who sits where this week, for a phone or the screen in the hall."""

import io

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.models import Hall
from core import clock
from portal.answers import MINUTE, spoken
from portal.rosters import chosen, halls_with_rosters, shown
from portal.screens import screen
from sessions.weeks import Week


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The open front door leads to the roster."""
    return redirect("portal:roster")


@require_safe
@cache_control(private=True, max_age=MINUTE)
def roster(request: HttpRequest) -> HttpResponse:
    """The week of a hall as last published."""
    halls = halls_with_rosters()
    week = Week.parse(request.GET.get("week"), clock.today())
    hall = chosen(halls, request.GET.get("hall"))
    context = {
        "halls": halls,
        "hall": hall,
        "week": week,
        "this_week": Week.of(clock.today()),
        "today": clock.today(),
        "shown": shown(hall, week) if hall else None,
    }
    return render(request, "portal/roster.html", context)


@require_safe
def display(request: HttpRequest, code: str) -> HttpResponse:
    """The screen in the hall: who sits now, who comes next, as of when."""
    hall = get_object_or_404(Hall, code=code)
    with spoken(request):
        context = {"screen": screen(hall), "english": request.GET.get("lang") == "en"}
        return render(request, "portal/display.html", context)


@require_safe
def roster_code(request: HttpRequest, code: str) -> HttpResponse:
    """The QR code on the hall screen: the public roster of this hall."""
    hall = get_object_or_404(Hall, code=code)
    url = request.build_absolute_uri(f"{reverse('portal:roster')}?hall={hall.code}")
    image = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        image, kind="svg", border=2, xmldecl=False, svgclass=None, lineclass=None
    )
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")
