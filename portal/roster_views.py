"""The roster for those who do not read our page: other sites, programs, table programs, calendars, the door."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core import clock
from portal.answers import MINUTE, kept, spoken
from portal.guides import GuideSearch
from portal.roster_data import as_csv, as_json
from portal.roster_grid import grid
from portal.roster_search import search
from portal.rosters import Shown, named, shown
from sessions.weeks import Week

CSV_TYPE = "text/csv; charset=utf-8"


def asked(request: HttpRequest) -> Shown:
    """The hall and week of the address: the first hall and this week without. Raises Http404 for an unknown hall."""
    return shown(named(request.GET.get("hall")), Week.parse(request.GET.get("week"), clock.today()))


def asked_by_a_program(request: HttpRequest) -> Shown:
    """The same for programs, which would keep the wrong week: raises Http404 for one that does not exist."""
    found = asked(request)
    if not Week.exists(request.GET.get("week")):
        raise Http404
    return found


@require_safe
def roster_json(request: HttpRequest) -> HttpResponse:
    """The week for programs."""
    with spoken(request):
        found = asked_by_a_program(request)
        return kept(request, as_json(found), "application/json", found.changed_at())


@require_safe
def roster_csv(request: HttpRequest) -> HttpResponse:
    """The week for table programs."""
    with spoken(request):
        found = asked_by_a_program(request)
        response = kept(request, as_csv(found), CSV_TYPE, found.changed_at())
    response.headers["Content-Disposition"] = f'attachment; filename="roster-{found.hall.code}-{found.week.key}.csv"'
    return response


@require_safe
def roster_embed(request: HttpRequest) -> HttpResponse:
    """The week as a plain page that the sites named in the settings may show inside theirs; no other page may be."""
    with spoken(request):
        found = asked(request)
        context = {"shown": found, "today": clock.today(), "english": request.GET.get("lang") == "en"}
        page = render_to_string("portal/roster_embed.html", context, request)
    response = kept(request, page.encode(), "text/html; charset=utf-8", found.changed_at())
    sites = settings.ROSTER_EMBED_SITES
    if sites:
        response._csp_replace = {"frame-ancestors": sites}  # type: ignore[attr-defined]
        # The older header knows no list of sites; browsers that read the policy do not ask it.
        response.xframe_options_exempt = True
    return response


@require_safe
@cache_control(private=True, max_age=MINUTE)
def roster_search(request: HttpRequest) -> HttpResponse:
    """Which leader sits this week where an item is accepted."""
    form = GuideSearch(request.GET)
    week = Week.parse(request.GET.get("week"), clock.today())
    context = {
        "words": form.words,
        "week": week,
        "this_week": Week.of(clock.today()),
        "found": search(form.words, week),
    }
    return render(request, "portal/roster_search.html", context)


@require_safe
@cache_control(private=True, max_age=MINUTE)
def roster_print(request: HttpRequest) -> HttpResponse:
    """Windows by half-days on paper: A4 across, or A3 for the door."""
    found = asked(request)
    paper = "a3" if request.GET.get("paper") == "a3" else "a4"
    context = {"shown": found, "grid": grid(found), "paper": paper}
    return render(request, "portal/roster_print.html", context)
