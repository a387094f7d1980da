"""Publishing a hall's week and reading its releases."""

from collections import Counter
from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import StaffRequest, staff
from catalog.models import Hall
from core import clock
from core.doors import Act, require
from sessions import services
from sessions.forms import PublishForm
from sessions.models import Roster, WindowSession
from sessions.offers import mending
from sessions.outlets import ruled_halls
from sessions.permissions import may
from sessions.rosters import by_day, changes_of, lines_of
from sessions.rules import Finding
from sessions.services.roster import Preview, preview
from sessions.weeks import Week

BAD = 400
PER_PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def publish_week(request: StaffRequest, pk: int) -> HttpResponseBase:
    """What a release changes, whom it tells and what stays out; then the release."""
    hall = get_object_or_404(Hall, pk=pk)
    require(may(request.user, "publish_week", hall))
    week = Week.parse(request.GET.get("week"), clock.today())
    found = preview(hall, week.monday)
    form = PublishForm(request.POST or None, initial={"number": found.number})
    if request.method == "POST" and form.is_valid():
        try:
            release = services.publish_week(hall, week.monday, request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _released(request, hall, release, week)
    context = {
        "hall": hall,
        "week": week,
        "found": found,
        "form": form,
        "findings": list(_findings(found, request.user)),
        "changes": changes_of(found.difference),
        "back_url": _board_of(found),
    }
    return render(request, "window_sessions/roster_publish.html", context, status=BAD if form.errors else 200)


def _findings(found: Preview, user: User) -> Iterator[tuple[Finding, WindowSession | None, list[Act]]]:
    """What speaks against the release; what keeps it from going out with its sitting and the acts that mend it."""
    rows = {row.pk: row for row in found.rows}
    for finding in found.findings:
        row = rows.get(finding.session_id) if finding.session_id and finding.blocks else None
        yield finding, row, mending(row, user) if row else []


def _board_of(found: Preview) -> str:
    """The board from which this week of the hall is published: of the programme with most sittings, if there is any."""
    week = Week.of(found.monday)
    programmes = Counter(row.programme_id for row in found.rows).most_common(1)
    if not programmes:
        return reverse("window_sessions:programme_list")
    return f"{reverse('window_sessions:board', args=[programmes[0][0]])}?week={week.key}&hall={found.hall.pk}"


def _released(request: StaffRequest, hall: Hall, release: Roster | None, week: Week) -> HttpResponseBase:
    if release is None:
        messages.success(request, _("Those concerned have been told. The roster stays as it is until they have sat."))
        return redirect(_board_of(preview(hall, week.monday)))
    words = {"number": release.number, "week": week.number}
    messages.success(request, _("Release %(number)s of week %(week)s is out.") % words)
    return redirect("window_sessions:roster_detail", release.pk)


@require_safe
@staff()
def roster_detail(request: StaffRequest, pk: int) -> HttpResponseBase:
    """One release with its frozen lines and its difference; the other releases of the week beside it."""
    roster = get_object_or_404(Roster.objects.select_related("hall", "published_by"), pk=pk)
    week = Week.parse(f"{roster.iso_year}-W{roster.iso_week:02}", clock.today())
    context = {
        "roster": roster,
        "week": week,
        "days": by_day(lines_of(roster)),
        "changes": changes_of(roster.difference),
        "others": list(
            Roster.objects.filter(hall=roster.hall, iso_year=roster.iso_year, iso_week=roster.iso_week).order_by(
                "-number"
            )
        ),
        "back_url": reverse("window_sessions:roster_list"),
    }
    return render(request, "window_sessions/roster_detail.html", context)


@require_safe
@staff()
def roster_list(request: StaffRequest) -> HttpResponseBase:
    """All releases for ever, the newest weeks first; of one hall where the address names it."""
    rows = Roster.objects.select_related("hall", "published_by").order_by("-iso_year", "-iso_week", "hall", "-number")
    halls = list(Hall.objects.filter(rosters__isnull=False).distinct())
    hall = next((hall for hall in halls if hall.code == request.GET.get("hall")), None)
    page = Paginator(rows.filter(hall=hall) if hall else rows, PER_PAGE).get_page(request.GET.get("page"))
    rules = ruled_halls(request.user)
    context = {"page_obj": page, "halls": halls, "hall": hall, "rules": rules}
    return render(request, "window_sessions/roster_list.html", context)
