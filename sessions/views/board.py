"""The week board, placing, dropping a chip."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import StaffRequest, staff
from catalog.choices import Half
from core import clock
from core.doors import Conflict, require
from core.forms import whole_number
from core.idempotency import once
from core.middleware import asked_by_the_page
from core.words import long_date
from sessions import board as boards
from sessions import planning, pulse, rules, services, strengths, undoing
from sessions.board_cells import CellWriter
from sessions.board_filters import BoardFilter
from sessions.candidates import best, cell_id, cell_key, days_of, host_name, people_for, places_for
from sessions.forms import ArrangeForm, PlaceForm
from sessions.models import Programme, Roster, WindowSession
from sessions.permissions import may
from sessions.services.roster import Preview, compare
from sessions.undoing import Undo, say_with_undo
from sessions.weeks import Week

BAD, TAKEN = 400, 409
MANY = 12
"""From so many lines on a list of people has a box to filter it."""


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
    if "X-Board-Renewal" in request.headers:
        asked_by_the_page(request)
    plan, week = plan_of_week(request, pk, "see_board")
    chosen = BoardFilter(request.GET, plan=plan)
    picked = whole_number(request.GET.get("pick"))
    shown = boards.build(plan, chosen, pick=picked, strengths=strengths.known())
    context = {
        "programme": plan.programme,
        "week": week,
        "board": shown,
        "filter": chosen,
        "arrange_url": board_url(request, pk, "arrange"),
        "place_url": board_url(request, pk, "place", week=week.key),
        "pick_url": f"{board_url(request, pk)}&pick=",
        "printed": clock.now(),
        "undo": undoing.last(request, plan.sessions),
        "halls": plan.halls,
        "releases": _releases(plan, week, chosen.number("hall")),
        "provisional": plan.facts.calendar.provisional_between(plan.first, plan.last),
        "in_programme": week.sunday >= plan.programme.starts_on and week.monday <= plan.programme.ends_on,
    }
    return render(request, "window_sessions/board.html", context | _written(request, shown, context))


def _written(request: StaffRequest, shown: boards.Board, context: dict[str, Any]) -> dict[str, Any]:
    """The cells written out, for the table and for the list of a phone."""
    menu = ""
    if shown.picked:
        here = f"{board_url(request, shown.plan.programme.pk)}#cell-{shown.picked.row.pk}"
        menu = render_to_string("window_sessions/board_menu.html", context | {"back_here": here}, request)
    writer = CellWriter(
        shown,
        pick_url=context["pick_url"],
        place_url=f"{context['place_url']}&cell=",
        menu=SafeString(menu),
    )
    for line in shown.lines:
        line.html = writer.row(line.cells)
    listed = [
        (day, half, format_html_join("", "{}", ((writer.phone(cell),) for cell in cells)), free)
        for day, half, cells, free in shown.half_days
    ]
    return {"listed": listed}


@require_safe
@staff()
def board_state(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Whether a board has changed, as its page asks every few seconds: the pulse, and who changed something last."""
    asked_by_the_page(request)
    programme, _quotas = programme_of(request, pk, "see_board")
    week = Week.parse(request.GET.get("week"), clock.today())
    people = planning.taking_part(programme, week.monday).values_list("user_id", flat=True)
    state = pulse.now(programme, people, week.monday, week.sunday)
    changed = state != request.GET.get("pulse")
    return JsonResponse({"pulse": state, "by": pulse.last_actor(week.monday, week.sunday) if changed else ""})


@require_safe
@staff()
def targets(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Where a chip may go in this week, for the marks that stand before it is dropped: verdict and reason by cell."""
    plan, _week = plan_of_week(request, pk, "see_board")
    chip = request.GET.get("chip", "")
    row = next((row for row in plan.sessions if str(row.pk) == chip), None)
    person = plan.people.get(row.director_id if row else whole_number(chip.removeprefix("p")) or 0)
    places = places_for(plan, person, row) if person else []
    return JsonResponse({"cells": {one.key: [one.verdict, one.short_word] for one in places}})


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
    status = BAD if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            values = form.cleaned_data
            return redirect(once(values["token"], lambda: _place(request, plan.programme, values)))
        except ValidationError as error:
            form.add_error(None, error)
            status = BAD
        except Conflict as conflict:  # somebody was faster: the list again, as it is now
            form.add_error(None, str(conflict.message))
            plan, status = plan_of_week(request, pk, "place")[0], TAKEN
    context = {"programme": plan.programme, "week": week, "form": form, **_choices(request, plan, form)}
    return render(request, "window_sessions/session_place.html", context, status=status)


def _wanted(request: StaffRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("cell", "director", "mode") if name in request.GET}


def _place(request: StaffRequest, programme: Programme, values: dict[str, Any]) -> str:
    """Place the visit; the address of its first cell on the board."""
    window, day, half = values["cell"]
    director = get_object_or_404(User, pk=values["director"], is_active=True)
    placed = services.place_visit(programme, director, window, day, half, request.user, mode=values.get("mode", ""))
    back, key = board_url(request, programme.pk), cell_key(window.pk, day, half)
    undo = Undo.of_place(placed[0], f"{back}#{cell_id(key)}") if len(placed) == 1 else None
    say_with_undo(request, _("Placed; the director has been asked to confirm."), undo)
    return f"{back}#cell-{placed[0].pk}"


def _choices(request: StaffRequest, plan: planning.Plan, form: PlaceForm) -> dict[str, Any]:
    """What the page offers: the people for a chosen cell, else the places for a chosen person, else all open cells."""
    query = request.GET.get("q", "").strip().casefold()
    cell_text = form["cell"].value()
    try:
        cell = form.fields["cell"].clean(cell_text) if cell_text else None
    except ValidationError:
        cell = None
    mode = str(form["mode"].value() or plan.programme.default_mode)
    if cell:
        window, day, half = cell
        closed = rules.closed_word(window, day, half, plan.facts)[1]
        holder = plan.facts.by_slot.get((window.pk, day, half))
        people = people_for(plan, window, day, half, mode=mode, strengths=strengths.known())
        return {
            "cell": cell_key(window.pk, day, half),
            "window": window,
            "when": long_date(day, half),
            "closed": closed,
            "holder": holder,
            "people": [one for one in people if query in one.label.casefold()],
            "cell_at": cell_id(cell_key(window.pk, day, half)),
            "query": query,
            "many": len(people) > MANY,
        }
    person = plan.people.get(whole_number(form["director"].value()) or 0)
    if person:
        places = places_for(plan, person)
        return {"person": person, "targets": best(places), "others": [one for one in places if one.verdict != "no"]}
    return {"people": [], "open_cells": _open_cells(plan)}


def _open_cells(plan: planning.Plan) -> list[tuple[str, str]]:
    return [
        (cell_key(window.pk, day, half), f"{long_date(day, half)} · {window.number} {host_name(window)}")
        for window in plan.windows
        for day in days_of(plan)
        if day >= plan.facts.today
        for half in Half.values
        if (window.pk, day, half) not in plan.facts.by_slot and not rules.closed_word(window, day, half, plan.facts)[0]
    ]


@require_POST
@staff()
def arrange(request: StaffRequest, pk: int) -> HttpResponseBase:
    """A chip dropped on a cell: moves the session, or places the person; what speaks against it is said."""
    plan, _week = plan_of_week(request, pk, "place")
    back = board_url(request, pk)
    form = ArrangeForm(request.POST, windows=plan.windows)
    if not form.is_valid():
        messages.error(request, _("This place is gone. Please choose another one."))
        return redirect(back)
    chip = form.cleaned_data["chip"]
    window, day, half = form.cleaned_data["cell"]
    at = cell_id(cell_key(window.pk, day, half)) if chip.startswith("p") else f"cell-{chip}"
    try:
        return redirect(_drop(request, plan.programme, form.cleaned_data))
    except ValidationError as error:
        for line in error.messages:
            messages.error(request, line)
    except Conflict as conflict:
        conflict.back_url = f"{back}#{at}"
        raise
    return redirect(f"{back}#{at}")


def _drop(request: StaffRequest, programme: Programme, values: dict[str, Any]) -> str:
    """Place or move what was dropped; the address of its new cell on the board."""
    (window, day, half), chip = values["cell"], values["chip"]
    if chip.startswith("p"):
        return _place(request, programme, values | {"director": int(chip[1:])})
    rows = WindowSession.objects.visible_to(request.user).filter(programme=programme).select_related("window")
    row = get_object_or_404(rows, pk=int(chip))
    before = cell_key(row.window_id, row.date, row.half)
    moved = services.move(row, window, day, half, request.user, version=values["version"])
    words = {"when": long_date(day, half), "window": window.number}
    text = _("Moved to %(when)s at %(window)s; to be confirmed anew.") % words
    say_with_undo(request, text, Undo.of_move(moved, before, request.get_full_path()))
    return f"{board_url(request, programme.pk)}#cell-{moved.pk}"


def board_url(request: StaffRequest, pk: int, route: str = "board", **given: str) -> str:
    """The board, or an act on it, with week and filters of this address; what was picked is left out."""
    kept = request.GET.copy()
    for name in ("pick", "chip", "cell", "director", "mode", "q"):
        kept.pop(name, None)
    for name, value in given.items():
        kept[name] = value
    return f"{reverse(f'window_sessions:{route}', args=[pk])}?{kept.urlencode()}"
