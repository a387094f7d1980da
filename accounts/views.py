"""A person's own page."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

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
