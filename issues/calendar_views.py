"""The calendar of working days, kept by the hall administrators: what is known, what is waited for, the upload."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import StaffRequest, staff
from core import workdays
from core.calendar_services import preview_calendar
from core.doors import require
from issues import announcements, services
from issues.calendar_forms import AnnouncementForm
from issues.models import LimitRecount
from issues.permissions import may


@require_safe
@staff()
def calendar(request: StaffRequest) -> HttpResponse:
    """The years that are known, which of them are provisional, and the form for an announcement."""
    require(may(request.user, "announce_working_days"))
    if request.htmx:
        return render(request, "issues/_recount.html", {"recount": LimitRecount.objects.first()})
    return _page(request, AnnouncementForm())


@require_POST
@staff()
def announce_working_days(request: StaffRequest) -> HttpResponse:
    """First the days that would change; with `confirm` they are taken over; the worker counts the open limits again."""
    require(may(request.user, "announce_working_days"))
    form = AnnouncementForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    if "confirm" not in request.POST:
        lines = announcements.as_lines(form.rows)
        context = {"preview": preview_calendar(form.rows), "lines": lines, "days": len(form.rows)}
        return render(request, "issues/calendar_preview.html", context)
    change, _recount = services.announce_working_days(form.rows, request.user)
    messages.success(request, _("Taken over: %(days)s days changed.") % {"days": len(change.changed)})
    return redirect("issues:calendar")


@require_POST
@staff()
def resume_recount(request: StaffRequest) -> HttpResponse:
    """Have a recount of limits that stands still go on."""
    services.resume_recount(request.user)
    return redirect("issues:calendar")


def _page(request: StaffRequest, form: AnnouncementForm) -> HttpResponse:
    known = workdays.load()
    context = {
        "form": form,
        "recount": LimitRecount.objects.first(),
        "years": announcements.years(known),
        "provisional": announcements.waited_for(known),
    }
    return render(request, "issues/calendar.html", context, status=400 if form.is_bound else 200)
