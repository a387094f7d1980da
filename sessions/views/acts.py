"""Acts on one session: confirm, decline, move, substitute, cancel, miss."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import StaffRequest, staff
from core.doors import WrongState, require
from core.words import long_date
from sessions import planning, services, strengths
from sessions.candidates import best, cell_id, cell_key, people_for, places_for
from sessions.choices import SessionStatus
from sessions.forms import AnswerForm, MoveForm, NoteForm, ReasonForm, SubstituteForm, VersionedForm
from sessions.models import WindowSession
from sessions.permissions import may
from sessions.posts import Person
from sessions.services.placing import person_on
from sessions.undoing import forget
from sessions.weeks import Week
from sessions.workflow import WORKFLOW

page = require_http_methods(["GET", "HEAD", "POST"])
BAD = 400


def _row(request: StaffRequest, pk: int) -> WindowSession:
    rows = WindowSession.objects.visible_to(request.user).with_people().select_related("replaced_director")
    row: WindowSession = get_object_or_404(rows, pk=pk)
    return row


def answered(request: StaffRequest, row: WindowSession, text: str) -> HttpResponseBase:
    """The new fact: as a fragment for htmx, otherwise on the page the person came from."""
    forget(request)
    if request.htmx and not request.POST.get("next"):
        return render(request, "window_sessions/session_answer.html", {"window_session": row, "text": text})
    messages.success(request, text)
    return redirect(_onto_cell(_next(request), row) or _detail(row))


def _onto_cell(address: str, row: WindowSession) -> str:
    """On the board a sitting that is called off leaves an empty cell, which has a name of its own."""
    empty = cell_id(cell_key(row.window_id, row.date, row.half))
    gone = row.status == SessionStatus.CANCELLED
    return address.replace(f"#cell-{row.pk}", f"#{empty}") if gone else address


def _next(request: StaffRequest) -> str:
    """The page of ours that the person came from and wants to come back to; nothing when none is named."""
    target = request.POST.get("next", request.GET.get("next", ""))
    safe = target and url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe else ""


def _way_back(request: StaffRequest, row: WindowSession) -> dict[str, str]:
    """What the page of an act needs to lead back: to where the person came from, else to the session."""
    target = _next(request)
    return {"next": target, "back_url": target or _detail(row)}


def asked(request: StaffRequest, pk: int, action: str) -> WindowSession:
    """The session of an act that this person may do and that may start now (403, 409)."""
    row = _row(request, pk)
    require(may(request.user, action, row))
    text = _("This session is at “%(state)s” now, so “%(act)s” is not possible. Please look at it again.")
    WORKFLOW.check(action, row.status, text % {"state": row.get_status_display(), "act": WORKFLOW[action].label})
    return row


def attempt(form: Any, act: Callable[[], WindowSession]) -> WindowSession | None:
    """The session after the act, or None with what the rules say on the form."""
    if not form.is_valid():
        return None
    try:
        return act()
    except ValidationError as error:
        known = (
            error if not hasattr(error, "error_dict") or set(error.error_dict) <= set(form.fields) else error.messages
        )
        form.add_error(None, known)
        return None


@require_POST
@staff()
def confirm(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The director will come."""
    row = asked(request, pk, "confirm")
    form = VersionedForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else None
    row = services.confirm(row, request.user, version=version)
    return answered(request, row, _("Confirmed: %(when)s at %(window)s.") % _place_words(row))


@page
@staff()
def decline(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The director cannot come, and says why."""
    row = asked(request, pk, "decline")
    words = {
        "title": _("Cannot come on %(when)s") % _place_words(row),
        "verb": _("Cannot come"),
        "consequences": [_("The hall's administrators are told and look for somebody else.")],
        "done": _("The hall has been told that you cannot come."),
    }
    return _reasoned(request, row, services.decline, words)


@page
@staff()
def confirm_for(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Note that the director has agreed, and how that became known."""
    row = asked(request, pk, "confirm_for")
    words = {
        "title": _("Note the confirmation for %(when)s") % _place_words(row),
        "verb": _("Note the confirmation"),
        "consequences": [
            _("Only when %(who)s has agreed, such as by telephone or on the department's list.")
            % {"who": row.director.display_name},
            _("The person is told; the ledger says that you noted it."),
        ],
        "done": _("Confirmed: %(when)s at %(window)s.") % _place_words(row),
    }
    return _reasoned(request, row, services.confirm_for, words, AnswerForm)


@page
@staff()
def cancel(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Call one session off, with the consequences in front of the button."""
    row = asked(request, pk, "cancel")
    words = {
        "title": _("Cancel the sitting on %(when)s") % _place_words(row),
        "verb": _("Cancel this sitting"),
        "danger": True,
        "consequences": [
            _("%(who)s is told, with the reason.") % {"who": row.director.display_name},
            _("The window is free again in this half-day."),
            _("A published roster shows it struck through with the next release."),
        ],
        "done": _("Cancelled: %(when)s at %(window)s.") % _place_words(row),
    }
    return _reasoned(request, row, services.cancel, words)


@page
@staff()
def miss(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Record that nobody came."""
    row = asked(request, pk, "miss")
    form = NoteForm(request.POST or None, initial={"version": row.version})
    values = form.cleaned_data if request.method == "POST" and form.is_valid() else {}
    if values:
        row = services.miss(row, request.user, note=values["note"], version=values["version"])
        return answered(request, row, _("Marked as missed: %(when)s at %(window)s.") % _place_words(row))
    words = {
        "title": _("Mark the sitting on %(when)s as missed") % _place_words(row),
        "verb": _("Mark as missed"),
        "danger": True,
        "consequences": [_("The visit does not count for %(who)s.") % {"who": row.director.display_name}],
    }
    return _confirm_page(request, row, form, words)


def _reasoned(
    request: StaffRequest,
    row: WindowSession,
    act: Callable[..., WindowSession],
    words: dict[str, Any],
    form_class: type[VersionedForm] = ReasonForm,
) -> HttpResponseBase:
    form = form_class(request.POST or None, initial={"version": row.version})
    if request.method == "POST":
        done = attempt(
            form, lambda: act(row, form.cleaned_data["reason"], request.user, version=form.cleaned_data["version"])
        )
        if done:
            return answered(request, done, words["done"])
    return _confirm_page(request, row, form, words)


def _confirm_page(request: StaffRequest, row: WindowSession, form: Any, words: dict[str, Any]) -> HttpResponseBase:
    context = {"window_session": row, "form": form, **_way_back(request, row), **words}
    return render(request, "window_sessions/session_confirm.html", context, status=BAD if form.errors else 200)


@page
@staff()
def move(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Another window or half-day in the same week, each with its verdict."""
    row = asked(request, pk, "move")
    week = Week.parse(request.GET.get("week"), row.date)
    plan = planning.load(row.programme_id, week.monday, week.sunday)
    form = MoveForm(request.POST or None, windows=plan.windows, initial={"version": row.version})
    if request.method == "POST":
        done = attempt(form, lambda: _move(row, form.cleaned_data, request.user))
        if done:
            return answered(
                request, done, _("Moved to %(when)s at %(window)s; to be confirmed anew.") % _place_words(done)
            )
    places = places_for(plan, _mover(plan, row), row)
    context = {
        "window_session": row,
        "form": form,
        "week": week,
        "targets": best(places),
        "others": [place for place in places if place.verdict != "no"],
        **_way_back(request, row),
    }
    return render(request, "window_sessions/session_move.html", context, status=BAD if form.errors else 200)


def _mover(plan: planning.Plan, row: WindowSession) -> Person:
    """Who is moved. Raises WrongState for one who leads no department on that day: a substitute is needed then."""
    try:
        return plan.people.get(row.director_id) or person_on(row.director, row.date)
    except ValidationError as error:
        raise WrongState(error.messages[0], back_url=_detail(row)) from error


def _move(row: WindowSession, values: dict[str, Any], actor: User) -> WindowSession:
    window, day, half = values["target"]
    return services.move(row, window, day, half, actor, version=values["version"], reason=values["reason"])


@page
@staff()
def substitute(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Somebody else for the same window and half-day, each with the verdict of the rules."""
    row = asked(request, pk, "substitute")
    plan = planning.load(row.programme_id, row.date, row.date)
    form = SubstituteForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST":
        done = attempt(form, lambda: _substitute(row, form.cleaned_data, request.user))
        if done:
            text = _("%(now)s sits instead of %(former)s.")
            return answered(request, done, text % {"now": done.director, "former": done.replaced_director})
    people = people_for(plan, row.window, row.date, row.half, mode=row.mode, row=row, strengths=strengths.known())
    context = {"window_session": row, "form": form, "people": people, **_way_back(request, row)}
    return render(request, "window_sessions/session_substitute.html", context, status=BAD if form.errors else 200)


def _substitute(row: WindowSession, values: dict[str, Any], actor: User) -> WindowSession:
    director = User.objects.filter(pk=values["director"], is_active=True).first()
    if director is None:
        raise ValidationError({"director": _("This person is not here any more. Please choose somebody else.")})
    return services.substitute(row, director, values["reason"], actor, version=values["version"])


def _detail(row: WindowSession) -> str:
    return reverse("window_sessions:session_detail", args=[row.pk])


def _place_words(row: WindowSession) -> dict[str, str]:
    return {"when": long_date(row.date, row.half), "window": row.window.number}
