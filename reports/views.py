"""Each role's own work today, and the dashboard."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.choices import Role
from accounts.requests import StaffRequest, staff
from core import clock
from issues.permissions import may
from reports import dashboard as dashboards
from reports import today
from reports.periods import PeriodForm, Span

DASHBOARD = (Role.HALL_ADMINISTRATOR, Role.REFORM_OFFICE, Role.AUDITOR, Role.DIRECTOR, Role.LIAISON)
"""Who reads figures (SECURITY's matrix); a guide and an experience officer have their own work under Today."""


@require_safe
@staff()
def home(request: StaffRequest) -> HttpResponseBase:
    """My work today: what is due, most urgent on top, with the act in the row."""
    context = {"today": today.build(request.user), "may_register": may(request.user, "register")}
    return render(request, "reports/home.html", context)


@require_safe
@staff(*DASHBOARD)
def dashboard(request: StaffRequest) -> HttpResponseBase:
    """The figures of what this person may see; every number leads to its list."""
    form = PeriodForm(request.GET)
    board = dashboards.build(request.user, form.period(clock.today()))
    spans = [span for span in Span if span != Span.CUSTOM]
    return render(request, "reports/dashboard.html", {"board": board, "form": form, "spans": spans})
