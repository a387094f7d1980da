"""The names that departments owe for a week, and asking for them."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import StaffRequest, staff
from core.forms import whole_number
from sessions import names, services
from sessions.views.board import plan_of_week


@require_safe
@staff()
def names_due(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Which departments owe names for this week, by when, and whose."""
    plan, week = plan_of_week(request, pk, "see_board")
    context = {"programme": plan.programme, "week": week, "rows": names.owed(plan, week)}
    return render(request, "window_sessions/names_due.html", context)


@require_POST
@staff()
def ask_names(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Ask all of them, or the one whose button was pressed."""
    plan, week = plan_of_week(request, pk, "place")
    department = whole_number(request.POST.get("department"))
    asked = services.ask_names(plan.programme, week, request.user, None if department is None else [department])
    if asked:
        words = ngettext("%(n)s department has been asked.", "%(n)s departments have been asked.", asked)
        messages.success(request, words % {"n": asked})
    else:
        messages.error(request, _("Nobody was asked: everybody concerned has been asked today already."))
    return redirect(f"{reverse('window_sessions:names_due', args=[pk])}?week={week.key}")
