"""The form by which a rotation is asked for, and the choice of what is accepted."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import clock
from core.idempotency import OnceForm
from sessions.models import Programme, RotationPlan
from sessions.rotation_models import default_weights

WEEK = 7
HIGHEST_SEED = 2**31 - 1
WISHES = ("new_pairs", "seams", "spread")
STRENGTHS = [("0", _("Not at all")), ("3", _("A little")), ("5", _("Clearly")), ("10", _("Strongly"))]
LIMITS = [("15", _("15 seconds")), ("60", _("1 minute")), ("300", _("5 minutes"))]
OPEN = {"required": _("Please choose a day.")}


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RotationForm(OnceForm):
    """Which days, how firm, and how much each wish counts."""

    starts_on = forms.DateField(label=_("From"), widget=_day(), error_messages=OPEN)
    ends_on = forms.DateField(label=_("Until"), widget=_day(), error_messages=OPEN)
    new_pairs = forms.ChoiceField(
        label=_("Departments that have not met yet"),
        choices=STRENGTHS,
        help_text=_("Who has never sat at a department's window is sent there first."),
    )
    seams = forms.ChoiceField(
        label=_("Departments that chafe"),
        choices=STRENGTHS,
        help_text=_("Directors sit where the catalogue shows the strongest seams with their own department."),
    )
    spread = forms.ChoiceField(
        label=_("Even days and weeks"),
        choices=STRENGTHS,
        help_text=_("No half-day and no week is fuller than it must be."),
    )
    firm = forms.BooleanField(
        label=_("Every target must be met"),
        required=False,
        help_text=_("Otherwise a target that cannot be met falls short, and the proposal says why."),
    )
    seconds = forms.TypedChoiceField(label=_("Time limit"), choices=LIMITS, coerce=int)
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=HIGHEST_SEED,
        help_text=_("The same number gives the same proposal; another number another one as good."),
    )

    def __init__(self, *args: Any, programme: Programme, last: RotationPlan | None, **kwargs: Any) -> None:
        self.programme = programme
        super().__init__(*args, **(kwargs | {"initial": _initial(programme, last)}))
        for name in WISHES:
            known = {value for value, _label in STRENGTHS}
            if str(self.initial[name]) not in known:
                self.initial[name] = "5"
        self.fields["starts_on"].help_text = _why_then(programme, self.initial["starts_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and first > last:
            self.add_error("ends_on", _("The last day lies before the first."))
        elif last and last < clock.today():
            self.add_error("ends_on", _("These days have passed. Please choose later ones."))
        return cleaned

    def fields_for_service(self) -> dict[str, Any]:
        """What `services.request_plan` asks for."""
        data = self.cleaned_data
        weights = {name: int(data[name]) for name in WISHES}
        kept = ("starts_on", "ends_on", "seed", "seconds", "firm")
        return {name: data[name] for name in kept} | {"weights": weights}


def _initial(programme: Programme, last: RotationPlan | None) -> dict[str, Any]:
    """The wishes of the last plan of the programme, and the days that are left of it."""
    values: dict[str, Any] = {
        "starts_on": _first_day(programme),
        "ends_on": programme.ends_on,
        "seconds": "60",
        "seed": 1 if last is None else last.seed,
        "firm": False if last is None else last.firm,
    }
    return values | (default_weights() if last is None else default_weights() | last.weights)


def _first_day(programme: Programme) -> date:
    """The first Monday of the programme whose names can still be asked for in time; the next day where none is."""
    today = clock.today()
    asked_for = today + timedelta(days=programme.days_ahead)
    if programme.starts_on >= asked_for:
        return programme.starts_on
    monday = asked_for + timedelta(days=-asked_for.weekday() % WEEK)
    return monday if monday <= programme.ends_on else min(max(programme.starts_on, today), programme.ends_on)


def _why_then(programme: Programme, first: date) -> str:
    """Why that day stands in the form."""
    days = {"days": programme.days_ahead}
    if first >= clock.today() + timedelta(days=programme.days_ahead):
        text = ngettext(
            "Names are due %(days)s day ahead: from this day on they can still be asked for.",
            "Names are due %(days)s days ahead: from this day on they can still be asked for.",
            programme.days_ahead,
        )
        return text % days
    text = ngettext(
        "Names are due %(days)s day ahead: no week of the programme leaves so much time any more.",
        "Names are due %(days)s days ahead: no week of the programme leaves so much time any more.",
        programme.days_ahead,
    )
    return text % days
