"""How a hall's roster goes out: by hand or by schedule."""

from datetime import time

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import StaffRequest, staff
from catalog.models import Hall
from core.doors import require
from sessions import services
from sessions.models import ReleaseRule
from sessions.outlet_forms import ReleaseRuleForm
from sessions.outlets import release_days
from sessions.permissions import may

BAD = 400
EARLY = time(8, 0)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def release_rule(request: StaffRequest, pk: int) -> HttpResponseBase:
    """By hand or by schedule; the release days of this week and the next."""
    hall = get_object_or_404(Hall, pk=pk)
    require(may(request.user, "set_release_rule", hall))
    rule = ReleaseRule.objects.filter(hall=hall).first()
    now = {"way": "schedule" if rule and rule.by_schedule else "hand", "at": rule.at if rule else EARLY}
    form = ReleaseRuleForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        services.set_release_rule(hall, request.user, **form.for_service())
        messages.success(request, _("Kept. It counts from the next release on."))
        return redirect("window_sessions:roster_list")
    context = {"hall": hall, "form": form, "rule": rule, "days": release_days(hall)}
    return render(request, "window_sessions/release_rule.html", context, status=BAD if form.errors else 200)
