"""A person's own page."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import services
from accounts.requests import StaffRequest, staff


@require_safe
@staff()
def profile(request: StaffRequest) -> HttpResponseBase:
    """Who I am here: roles, department, posting, password, language."""
    person = request.user
    context = {
        "role_grants": person.role_grants.select_related("hall", "department"),
        "postings": person.postings.select_related("department"),
    }
    return render(request, "accounts/profile.html", context)


@require_POST
@staff()
def choose_mail(request: StaffRequest) -> HttpResponseBase:
    """Turn one's own e-mail on (`wanted=1`) or off."""
    wanted = request.POST.get("wanted") == "1"
    services.choose_mail(request.user, wanted=wanted)
    messages.success(request, _("You get e-mail again.") if wanted else _("You get no more e-mail."))
    return redirect("profile")
