"""Each role's own work today, and the dashboard."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest, staff


@require_safe
@staff()
def home(request: StaffRequest) -> HttpResponseBase:
    """My work today: what is due, most urgent on top, with the act in the row."""
    return render(request, "reports/home.html")
