"""The names that departments owe for a week, asking for them, and naming."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import StaffRequest, staff
from core.forms import whole_number
from core.words import short_date
from sessions import names, planning, services, strengths
from sessions.candidates import people_for
from sessions.forms import AnswerForm, NominateForm
from sessions.models import WindowSession
from sessions.views.acts import BAD, answered, asked, attempt
from sessions.views.board import plan_of_week


@require_safe
@staff()
def names_due(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Which departments owe names for this week, by when, and whose."""
    plan, week = plan_of_week(request, pk, "see_board")
    rows = names.owed(plan, week)
    asked_at = services.last_asked(plan.programme, week)
    for row in rows:
        row.asked_at = asked_at.get(row.department_id)
    context = {"programme": plan.programme, "week": week, "rows": rows, "waiting": any(row.drafts for row in rows)}
    return render(request, "window_sessions/names_due.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def ask_names(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Ask all of them, after a look at who is told what, or the one whose button was pressed."""
    plan, week = plan_of_week(request, pk, "place")
    back = f"{reverse('window_sessions:names_due', args=[pk])}?week={week.key}"
    if request.method != "POST":
        context = _asking_words(names.owed(plan, week)) | {"back_url": back}
        return render(request, "components/confirm.html", context)
    department = whole_number(request.POST.get("department"))
    asked = services.ask_names(plan.programme, week, request.user, None if department is None else [department])
    if asked:
        words = ngettext("%(n)s department has been asked.", "%(n)s departments have been asked.", asked)
        messages.success(request, words % {"n": asked})
    else:
        messages.error(request, _("Nobody was asked: everybody concerned has been asked today already."))
    return redirect(back)


def _asking_words(rows: list[names.Owed]) -> dict[str, Any]:
    title = ngettext("Ask %(n)s department for names", "Ask %(n)s departments for names", len(rows)) % {"n": len(rows)}
    told = _("Each department's liaison and principal get one notice; who was asked today is not asked again.")
    by = _("%(department)s, due %(day)s: %(who)s")
    lines = [by % {"department": row.department, "day": short_date(row.due_on), "who": row.words} for row in rows]
    return {"title": title, "verb": _("Ask all departments"), "consequences": [told, *lines]}


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def confirm_names(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Note that all who are placed in this week come, or those of the department that `department` names."""
    plan, week = plan_of_week(request, pk, "place")
    department = whole_number(request.GET.get("department"))
    chosen = None if department is None else [department]
    back = f"{reverse('window_sessions:names_due', args=[pk])}?week={week.key}"
    rows = names.drafts(plan, week, chosen)
    form = AnswerForm(request.POST or None, initial={"version": names.version_of(rows)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        noted = services.confirm_names(
            plan.programme, week, given["reason"], request.user, chosen, version=given["version"]
        )
        text = ngettext("%(n)s sitting is noted as confirmed.", "%(n)s sittings are noted as confirmed.", noted)
        messages.success(request, text % {"n": noted})
        return redirect(back)
    if not rows:
        messages.error(request, _("Nobody waits for a confirmation in this week."))
        return redirect(back)
    context = _answer_words(rows) | {"form": form, "back_url": back}
    return render(request, "components/confirm.html", context, status=BAD if form.errors else 200)


def _answer_words(rows: list[WindowSession]) -> dict[str, Any]:
    title = ngettext("Note %(n)s confirmation", "Note %(n)s confirmations", len(rows)) % {"n": len(rows)}
    people = [f"{short_date(row.date, row.half)} {row.window.number} {row.director.display_name}" for row in rows]
    told = _("Everybody is told; the ledger says that you noted it.")
    return {"title": title, "verb": _("Note the confirmation"), "consequences": [told, *people]}


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def nominate(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The department's leaders for this window and half-day, each with the verdict of the rules."""
    row = asked(request, pk, "nominate")
    form = NominateForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST":
        named = attempt(form, lambda: _nominate(row, form.cleaned_data, request.user))
        if named:
            return answered(request, named, _("%(who)s is named and is asked to confirm.") % {"who": named.director})
    plan = planning.load(row.programme_id, row.date, row.date)
    plan.people = {pk: one for pk, one in plan.people.items() if one.department_id == row.home_department_id}
    people = people_for(plan, row.window, row.date, row.half, mode=row.mode, row=row, strengths=strengths.known())
    context = {"window_session": row, "form": form, "people": people}
    return render(request, "window_sessions/session_nominate.html", context, status=BAD if form.errors else 200)


def _nominate(row: WindowSession, values: dict[str, Any], actor: User) -> WindowSession:
    director = User.objects.filter(pk=values["director"], is_active=True).first()
    if director is None:
        raise ValidationError({"director": _("This person is not here any more. Please choose somebody else.")})
    return services.nominate(row, director, values["note"], actor, version=values["version"])
