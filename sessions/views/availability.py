"""When directors cannot come: everybody's leave for those who plan, one's own on the phone."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Role
from accounts.models import Posting, User
from accounts.requests import StaffRequest, staff
from core import clock
from core.forms import whole_number
from core.idempotency import once
from sessions import leave, services
from sessions.availability_forms import LeaveFilter, LeaveForm
from sessions.models import Availability
from sessions.offers import mending
from sessions.querysets import PLANNING_ROLES

PAGE = 30
BAD = 400


def _plans(request: StaffRequest) -> bool:
    return request.user.grants.has(*PLANNING_ROLES)


@require_safe
@staff(Role.DIRECTOR, *PLANNING_ROLES)
def availability_list(request: StaffRequest) -> HttpResponseBase:
    """Everybody who takes part, with the leave to come and what it breaks. A director is led to the own page."""
    if not _plans(request):
        return redirect("window_sessions:availability", request.user.pk)
    form = LeaveFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    postings = _leaders(chosen.get("q", ""))
    if chosen.get("broken"):
        broken = leave.broken_by(Availability.objects.coming(clock.today()))
        postings = postings.filter(user_id__in={one.row.director_id for one in broken})
    pages = Paginator(postings, PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": form,
        "page_obj": pages,
        "rows": _rows(list(pages.object_list)),
        "chosen": any(chosen.values()),
    }
    return render(request, "window_sessions/availability_list.html", context)


def _leaders(words: str) -> QuerySet[Posting]:
    found = Posting.objects.current(clock.today()).filter(takes_part=True, user__is_active=True)
    for word in words.split():
        found = found.filter(
            Q(user__display_name__icontains=word)
            | Q(department__short_name__icontains=word)
            | Q(department__name__icontains=word)
            | Q(department__name_en__icontains=word)
        )
    return found.select_related("user", "department").order_by("department__sort_order", "-rank", "user__code")


def _rows(postings: list[Posting]) -> list[tuple[leave.OnLeave, list[str]]]:
    return [(one, [leave.when(absence) for absence in one.absences]) for one in leave.people_on_leave(postings)]


def _person(request: StaffRequest, pk: int) -> User:
    """Oneself, or for those who plan anybody who leads a department (404 otherwise)."""
    people = User.objects.filter(postings__isnull=False).distinct()
    found: User = get_object_or_404(people if _plans(request) else people.filter(pk=request.user.pk), pk=pk)
    return found


@require_safe
@staff()
def availability(request: StaffRequest, pk: int) -> HttpResponseBase:
    """One director's leave: what is entered, what it breaks, and the form for more."""
    return _page(request, _person(request, pk), LeaveForm())


@require_POST
@staff()
def enter_absence(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Enter a leave; what it breaks is said at once."""
    person = _person(request, pk)
    form = LeaveForm(request.POST)
    if form.is_valid():
        try:
            return redirect(once(form.cleaned_data["token"], lambda: _enter(request, person, form)))
        except ValidationError as error:
            form.add_error(None, error)
    return _page(request, person, form)


def _enter(request: StaffRequest, person: User, form: LeaveForm) -> str:
    broken = services.enter_absence(person, request.user, **form.leave())
    _say(request, _("The leave is entered."), broken)
    return _url(person.pk)


def _say(request: StaffRequest, text: str, broken: list[leave.Broken]) -> None:
    messages.success(request, text)
    if broken:
        count = len(broken)
        words = ngettext(
            "%(n)s planned sitting falls into it: see what no longer fits.",
            "%(n)s planned sittings fall into it: see what no longer fits.",
            count,
        )
        messages.error(request, words % {"n": count})


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def edit_absence(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Change one leave."""
    absence = _absence(request, pk)
    form = LeaveForm(request.POST or None, initial=_initial(absence))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            broken = services.edit_absence(absence, request.user, version=version, **form.leave())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _say(request, _("The leave is changed."), broken)
            return redirect(_url(absence.user_id))
    context = {"form": form, "absence": absence, "when": leave.when(absence), "back_url": _url(absence.user_id)}
    return render(request, "window_sessions/absence_edit.html", context, status=BAD if form.errors else 200)


def _initial(absence: Availability) -> dict[str, Any]:
    names = ("starts_on", "ends_on", "half", "reason", "version")
    weekday = "" if absence.weekday is None else str(absence.weekday)
    return {name: getattr(absence, name) for name in names} | {"weekday": weekday}


@require_POST
@staff()
def remove_absence(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Take one leave back."""
    absence = _absence(request, pk)
    version = whole_number(request.POST.get("version"))
    services.remove_absence(absence, request.user, version=absence.version if version is None else version)
    messages.success(request, _("The leave is taken back: %(when)s") % {"when": leave.when(absence)})
    return redirect(_url(absence.user_id))


def _absence(request: StaffRequest, pk: int) -> Availability:
    found: Availability = get_object_or_404(
        Availability.objects.visible_to(request.user).select_related("user", "entered_by"), pk=pk
    )
    return found


def _url(pk: int) -> str:
    return reverse("window_sessions:availability", args=[pk])


def _page(request: StaffRequest, person: User, form: LeaveForm) -> HttpResponseBase:
    absences = list(Availability.objects.filter(user=person).coming(clock.today()).select_related("entered_by"))
    context = {
        "person": person,
        "own": person == request.user,
        "plans": _plans(request),
        "form": form,
        "absences": [(absence, leave.when(absence)) for absence in absences],
        "broken": [(one, mending(one.row, request.user)) for one in leave.broken_by(absences)],
    }
    return render(request, "window_sessions/availability.html", context, status=BAD if form.errors else 200)
