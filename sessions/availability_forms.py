"""The form of a leave, and the filter of the list of leave."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.choices import Half
from core import clock
from core.forms import TextField
from core.idempotency import OnceForm
from sessions import leave

LONGEST = timedelta(days=731)
HALVES = [("", pgettext_lazy("leave", "All day")), *Half.choices]


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _weekdays() -> list[tuple[str, Any]]:
    days = [(str(number), _("Every %(weekday)s") % {"weekday": word}) for number, word in leave.weekdays()]
    return [("", pgettext_lazy("leave", "Not repeated")), *days]


class LeaveForm(OnceForm):
    """From, until, which half, whether it repeats, why. `version` is that of a leave which is changed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    starts_on = forms.DateField(
        label=_("From"), widget=_day(), error_messages={"required": _("Please choose the first day.")}
    )
    ends_on = forms.DateField(
        label=_("Until"),
        widget=_day(),
        required=False,
        help_text=_("Empty: that one day; for a weekly leave until the end of the year."),
    )
    half = forms.ChoiceField(label=_("Half-day"), choices=HALVES, required=False)
    weekday = forms.ChoiceField(label=_("Repeats"), choices=_weekdays, required=False)
    reason = TextField(label=_("Reason"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first = cleaned.get("starts_on")
        cleaned["weekday"] = int(cleaned["weekday"]) if cleaned.get("weekday") else None
        if first is None or "ends_on" in self.errors:
            return cleaned
        weekly = cleaned["weekday"] is not None
        last = cleaned["ends_on"] = cleaned.get("ends_on") or (date(first.year, 12, 31) if weekly else first)
        if last < first:
            self.add_error("ends_on", _("The last day lies before the first. Please correct one of them."))
        elif last < clock.today():
            self.add_error("starts_on", _("These days have passed. Please choose today or later days."))
        elif last - first > LONGEST:
            self.add_error("ends_on", _("This is more than two years. Please look at the year again."))
        return cleaned

    def leave(self) -> dict[str, Any]:
        """What the services take."""
        return {name: self.cleaned_data[name] for name in ("starts_on", "ends_on", "half", "weekday", "reason")}


class LeaveFilter(forms.Form):
    """Whose leave the list shows."""

    q = TextField(label=_("Department or name"), max_length=60, required=False)
    broken = forms.BooleanField(label=_("Only what breaks the plan"), required=False)
