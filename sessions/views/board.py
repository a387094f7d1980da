"""The week board, placing, dropping a chip."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import StaffRequest, staff
from core import clock
from core.doors import require
from core.forms import whole_number
from core.idempotency import once
from core.words import long_date
from sessions import board as boards
from sessions import planning, rules, services
from sessions.candidates import best, cell_key, people_for, places_for
from sessions.forms import ArrangeForm, PlaceForm
from sessions.models import Programme, Roster, WindowSession
from sessions.permissions import may
from sessions.services.roster import Preview, compare
from sessions.weeks import Week

BAD = 400


def programme_of(request: StaffRequest, pk: int, action: str) -> tuple[Programme, planning.Quotas]:
    """The programme and its quotas. 404 for no programme, 403 for whom the act is not."""
    try:
        programme, quotas = planning.programme_with_quotas(pk)
    except Programme.DoesNotExist as error:
        raise Http404 from error
    require(may(request.user, action, programme))
    return programme, quotas


def plan_of_week(request: StaffRequest, pk: int, action: str) -> tuple[planning.Plan, Week]:
    """The programme's plan for the week of the address. 404 for no programme, 403 for who does not plan there."""
    try:
        programme, quotas = planning.programme_with_quotas(pk)
    except Programme.DoesNotExist as error:
        raise Http404 from error
    default = min(max(clock.today(), programme.starts_on), programme.ends_on)
    week = Week.parse(request.GET.get("week"), default)
    plan = planning.load_for(programme, quotas, week.monday, week.sunday)
    require(may(request.user, action, plan.halls))
    return plan, week


def chosen_hall(text: str | None, plan: planning.Plan) -> int | None:
    """The hall of the address, the first one without; None for all of them."""
    if text == "all":
        return None
    wanted = whole_number(text)
    ids = [hall.pk for hall in plan.halls]
    return wanted if wanted in ids else next(iter(ids), None)


@require_safe
@staff()
def board(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The week of a programme: window by half-day, findings, quotas, who is missing, the release."""
    plan, week = plan_of_week(request, pk, "see_board")
    hall_id = chosen_hall(request.GET.get("hall"), plan)
    shown = boards.build(plan, pick=whole_number(request.GET.get("pick")), hall_id=hall_id)
    context = {
        "programme": plan.programme,
        "week": week,
        "board": shown,
        "hall_id": hall_id,
        "halls": plan.halls,
        "releases": _releases(plan, week, hall_id),
        "provisional": plan.facts.calendar.provisional_between(plan.first, plan.last),
        "in_programme": week.sunday >= plan.programme.starts_on and week.monday <= plan.programme.ends_on,
    }
    return render(request, "window_sessions/board.html", context)


def _releases(plan: planning.Plan, week: Week, hall_id: int | None) -> list[Preview]:
    """For each hall with something to say this week, what its next release would change (one query)."""
    found: QuerySet[Roster] = Roster.objects.filter(
        hall__in=[hall.pk for hall in plan.halls], iso_year=week.year, iso_week=week.number
    ).order_by("number")
    latest = {roster.hall_id: roster for roster in found}
    previews = []
    for hall in plan.halls:
        rows = [row for row in plan.rows if row.window.hall_id == hall.pk]
        if hall_id in {None, hall.pk} and (rows or hall.pk in latest or hall_id == hall.pk):
            previews.append(compare(hall, week.monday, latest.get(hall.pk), rows, plan.people))
    return previews


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def place(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Choose who sits in a cell, or where a director sits: everybody and every place with its verdict."""
    plan, week = plan_of_week(request, pk, "place")
    form = PlaceForm(request.POST or None, windows=plan.windows, programme=plan.programme, initial=_wanted(request))
    if request.method == "POST" and form.is_valid():
        try:
            url = once(
                form.cleaned_data["token"], lambda: _place(plan.programme, form.cleaned_data, request.user, week)
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Placed; the director has been asked to confirm."))
            return redirect(url)
    context = {"programme": plan.programme, "week": week, "form": form, **_choices(plan, form)}
    return render(request, "window_sessions/session_place.html", context, status=BAD if form.errors else 200)


def _wanted(request: StaffRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("cell", "director", "mode") if name in request.GET}


def _place(programme: Programme, values: dict[str, Any], actor: User, week: Week) -> str:
    window, day, half = values["cell"]
    director = get_object_or_404(User, pk=values["director"], is_active=True)
    services.place_visit(programme, director, window, day, half, actor, mode=values["mode"])
    return _board_url(programme.pk, week)


def _choices(plan: planning.Plan, form: PlaceForm) -> dict[str, Any]:
    """What the page offers: the people for a chosen cell, else the places for a chosen person, else all open cells."""
    cell_text = form["cell"].value()
    try:
        cell = form.fields["cell"].clean(cell_text) if cell_text else None
    except ValidationError:
        cell = None
    mode = str(form["mode"].value() or plan.programme.default_mode)
    if cell:
        window, day, half = cell
        closed = rules.closed_word(window, day, half, plan.facts)[1]
        people = people_for(plan, window, day, half, mode=mode)
        return {
            "cell": cell_key(window.pk, day, half),
            "window": window,
            "when": long_date(day, half),
            "closed": closed,
            "people": people,
        }
    person = plan.people.get(whole_number(form["director"].value()) or 0)
    if person:
        places = places_for(plan, person)
        return {"person": person, "targets": best(places), "others": [one for one in places if one.verdict != "no"]}
    return {"people": [], "open_cells": _open_cells(plan)}


def _open_cells(plan: planning.Plan) -> list[tuple[str, str]]:
    shown = boards.build(plan)
    return [
        (cell.key, f"{long_date(cell.day, cell.half)} · {line.window.number} {line.host}")
        for line in shown.lines
        for cell in line.cells
        if not cell.shut and cell.chip is None
    ]


@require_POST
@staff()
def arrange(request: StaffRequest, pk: int) -> HttpResponseBase:
    """A chip dropped on a cell: moves the session, or places the person; what speaks against it is said."""
    plan, week = plan_of_week(request, pk, "place")
    form = ArrangeForm(request.POST, windows=plan.windows)
    if not form.is_valid():
        messages.error(request, _("This place is gone. Please choose another one."))
        return redirect(_board_url(pk, week))
    try:
        text = _drop(plan.programme, form.cleaned_data, request.user)
    except ValidationError as error:
        for line in error.messages:
            messages.error(request, line)
    else:
        messages.success(request, text)
    return redirect(_board_url(pk, week))


def _drop(programme: Programme, values: dict[str, Any], actor: User) -> str:
    (window, day, half), chip = values["cell"], values["chip"]
    if chip.startswith("p"):
        director = get_object_or_404(User, pk=int(chip[1:]), is_active=True)
        services.place_visit(programme, director, window, day, half, actor)
        return _("Placed; the director has been asked to confirm.")
    rows = WindowSession.objects.visible_to(actor).filter(programme=programme)
    row = get_object_or_404(rows, pk=int(chip))
    services.move(row, window, day, half, actor)
    words = {"when": long_date(day, half), "window": window.number}
    return _("Moved to %(when)s at %(window)s; to be confirmed anew.") % words


def _board_url(pk: int, week: Week) -> str:
    return f"{reverse('window_sessions:board', args=[pk])}?week={week.key}"
