"""The form by which a rotation is asked for, and the choice of what is accepted."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.idempotency import OnceForm
from sessions.models import Programme, RotationPlan
from sessions.rotation_models import default_weights

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
    first: date = min(max(programme.starts_on, clock.today()), programme.ends_on)
    values: dict[str, Any] = {
        "starts_on": first,
        "ends_on": programme.ends_on,
        "seconds": "60",
        "seed": 1 if last is None else last.seed,
        "firm": False if last is None else last.firm,
    }
    return values | (default_weights() if last is None else default_weights() | last.weights)
