"""Beside the week board: quotas and make-ups, the month, the week by person."""

import re
from datetime import date, timedelta

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest, staff
from core import clock
from core.forms import whole_number
from sessions import leave, overviews, planning, quota_page
from sessions.candidates import days_of
from sessions.models import Programme
from sessions.querysets import PLANNING_ROLES
from sessions.views.board import chosen_hall, plan_of_week, programme_of
from sessions.weeks import Week

MONTH = re.compile(r"^(\d{4})-(\d{2})$")
DECEMBER = 12


def _day(text: str | None, programme: Programme) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return quota_page.today_within(programme.starts_on, programme.ends_on)


@require_safe
@staff()
def quotas(request: StaffRequest, pk: int) -> HttpResponseBase:
    """How often each person has sat, is placed and still owes, in the period and in the year; who makes up what."""
    programme, rules = programme_of(request, pk, "see_quotas")
    day = _day(request.GET.get("on"), programme)
    groups = quota_page.build(planning.load_for(programme, rules, day, day), day)
    context = {
        "programme": programme,
        "day": day,
        "year": day.year,
        "year_over": day.year < clock.today().year,
        "week": Week.of(quota_page.today_within(programme.starts_on, programme.ends_on)),
        "groups": groups,
        "make_ups": quota_page.make_ups(groups),
        "plans": request.user.grants.has(*PLANNING_ROLES),
    }
    return render(request, "window_sessions/quotas.html", context)


def _month(text: str | None, programme: Programme) -> date:
    match = MONTH.match(text or "")
    if match and 1 <= int(match[2]) <= DECEMBER and int(match[1]) > 0:
        return date(int(match[1]), int(match[2]), 1)
    return quota_page.today_within(programme.starts_on, programme.ends_on).replace(day=1)


@require_safe
@staff()
def month(request: StaffRequest, pk: int) -> HttpResponseBase:
    """A month: how many sit in each half-day, how many have not confirmed, where a rule blocks."""
    programme, rules = programme_of(request, pk, "see_board")
    first = _month(request.GET.get("month"), programme)
    plan = planning.load_for(programme, rules, *overviews.month_days(first))
    hall_id = chosen_hall(request.GET.get("hall"), plan)
    context = {
        "programme": programme,
        "month": first,
        "before": f"{first - overviews.ONE_DAY:%Y-%m}",
        "after": f"{first + timedelta(days=31):%Y-%m}",
        "weekdays": leave.weekdays(),
        "weeks": overviews.month(plan, first, hall_id),
        "halls": plan.halls,
        "hall_id": hall_id,
        "provisional": plan.facts.calendar.provisional_between(plan.first, plan.last),
    }
    return render(request, "window_sessions/month.html", context)


@require_safe
@staff()
def people(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The week by person: where everybody sits, and who is away. `person` leaves one."""
    plan, week = plan_of_week(request, pk, "see_board")
    wanted = whole_number(request.GET.get("person"))
    context = {
        "programme": plan.programme,
        "week": week,
        "days": days_of(plan),
        "lines": overviews.people(plan, None if wanted is None else [wanted]),
        "only": plan.people.get(wanted or 0),
    }
    return render(request, "window_sessions/people.html", context)
