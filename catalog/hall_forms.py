"""Forms of a hall: name and hours, a closure, and why it opens again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.choices import Half
from catalog.hall_services import HALL_FIELDS
from catalog.models import Hall
from core.forms import TextField

# As long as the history keeps a reason.
REASON = 100


class HallForm(forms.ModelForm):  # type: ignore[type-arg]
    """A hall's basics with the reason for the change. The code stays: it is printed on QR codes."""

    name = TextField(label=_("hall name"), max_length=100)
    address = TextField(label=_("street address"), max_length=200, required=False)
    open_hours = TextField(
        label=_("opening hours"),
        max_length=200,
        required=False,
        help_text=_("Shown to citizens as written, such as Tuesday to Saturday."),
    )
    reason = TextField(
        label=_("Why is it changed"), max_length=REASON, help_text=_("One sentence; it stays in the history.")
    )

    class Meta:
        model = Hall
        fields = HALL_FIELDS
        widgets = {
            name: forms.TimeInput({"type": "time"}, format="%H:%M")
            for name in ("am_opens", "am_closes", "pm_opens", "pm_closes")
        }

    def clean(self) -> dict[str, Any]:
        """The four times come in their order."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        times = [cleaned.get(name) for name in ("am_opens", "am_closes", "pm_opens", "pm_closes")]
        first, noon, again, last = times
        if all(times) and not first < noon <= again < last:  # type: ignore[operator]
            self.add_error("am_opens", _("Each half-day must open before it closes, the morning before the afternoon."))
        return cleaned


class ClosureForm(forms.Form):
    """A day or half-day on which the hall is closed."""

    date = forms.DateField(label=_("date"), widget=forms.DateInput({"type": "date"}))
    half = forms.ChoiceField(label=_("half-day"), choices=[("", _("Whole day")), *Half.choices], required=False)
    why = TextField(label=_("reason"), max_length=200)


class OpenAgainForm(forms.Form):
    """Why a closure is taken back."""

    reason = TextField(label=_("Why it opens again"), max_length=REASON)
