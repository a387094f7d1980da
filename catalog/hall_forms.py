"""Forms of a hall: name and hours, closures, zones, windows."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from catalog import weekly
from catalog.choices import Half
from catalog.hall_services import HALL_BASICS, WINDOW_FIELDS
from catalog.models import Hall, Window
from catalog.part_forms import PartForm, PartFormSet
from core.forms import SeveralField, TextField, VersionForm
from core.words import weekday_word

# As long as the history keeps a reason.
REASON = 100


class HallForm(VersionForm, forms.ModelForm):  # type: ignore[type-arg]
    """A hall's basics with the reason for the change. The code stays: it is printed on QR codes.

    People tick when the hall is open; what is kept are the half-days on which it is closed.
    """

    name = TextField(label=_("hall name"), max_length=100)
    address = TextField(label=_("street address"), max_length=200, required=False)
    km_from_main = forms.DecimalField(
        label=_("kilometres from the main hall"), min_value=0, max_value=9999, max_digits=6, decimal_places=1
    )
    open_hours = TextField(
        label=_("opening hours"),
        max_length=200,
        required=False,
        help_text=_("Shown to citizens as written, such as Tuesday to Saturday."),
    )
    open_weekly = forms.MultipleChoiceField(
        label=_("Open in the week"),
        choices=weekly.choices,
        initial=weekly.CODES,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
        error_messages={"required": _("Tick at least one half-day on which the hall is open.")},
    )
    reason = TextField(
        label=_("Why is it changed"), max_length=REASON, help_text=_("One sentence; it stays in the history.")
    )

    class Meta:
        model = Hall
        fields = HALL_BASICS
        widgets = {
            name: forms.TimeInput({"type": "time"}, format="%H:%M")
            for name in ("am_opens", "am_closes", "pm_opens", "pm_closes")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        closed = self.instance.closed_weekly
        self.initial["open_weekly"] = [code for code in weekly.CODES if code not in closed]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """All but the week, which is a table."""
        return [bound for bound in self if bound.name != "open_weekly"]

    @property
    def weekdays(self) -> list[str]:
        """The heads of the week's table."""
        return [weekday_word(day) for day in weekly.DAYS]

    @property
    def week(self) -> list[tuple[Any, list[Any]]]:
        """Morning and afternoon with their five boxes, Monday first."""
        boxes = list(self["open_weekly"])
        return [(half.label, boxes[number :: len(Half)]) for number, half in enumerate(Half)]

    def clean(self) -> dict[str, Any]:
        """The four times come in their order."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["closed_weekly"] = [code for code in weekly.CODES if code not in cleaned.get("open_weekly", ())]
        times = [cleaned.get(name) for name in ("am_opens", "am_closes", "pm_opens", "pm_closes")]
        first, noon, again, last = times
        if all(times) and not first < noon <= again < last:  # type: ignore[operator]
            self.add_error("am_opens", _("Each half-day must open before it closes, the morning before the afternoon."))
        return cleaned


class NewHallForm(HallForm):
    """A hall that opens: with its code, which stays."""

    code = TextField(
        label=_("hall code"),
        max_length=20,
        validators=[RegexValidator("^[A-Za-z0-9_-]+$", _("Only letters without accents, digits, - and _."))],
        help_text=_("It stands in addresses and on QR codes and never changes."),
    )
    field_order = ("code", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """No distance is filled in: nought would make it the main hall."""
        super().__init__(*args, **kwargs)
        self.initial["km_from_main"] = None


class ClosureForm(forms.Form):
    """A day or half-day on which the hall is closed."""

    date = forms.DateField(label=_("date"), widget=forms.DateInput({"type": "date"}))
    half = forms.ChoiceField(label=_("half-day"), choices=[("", _("Whole day")), *Half.choices], required=False)
    why = TextField(label=_("reason"), max_length=200)


class OpenAgainForm(forms.Form):
    """Why a closure is taken back."""

    reason = TextField(label=_("Why it opens again"), max_length=REASON)


class ZonesForm(VersionForm):
    """Why the zones are changed; the rows beside it are a formset."""

    reason = TextField(
        label=_("Why is it changed"), max_length=REASON, help_text=_("One sentence; it stays in the history.")
    )


class ZoneForm(PartForm):
    """One zone; their order is the order on the hall's signs."""

    name = TextField(label=_("zone"), max_length=50)


class ZoneFormSetBase(PartFormSet):
    def clean(self) -> None:
        """No name twice in one hall."""
        names = [form.cleaned_data["name"] for form in self.taken]
        for form in self.taken:
            if names.count(form.cleaned_data["name"]) > 1:
                form.add_error("name", _("This hall has a zone with this name already."))


ZoneFormSet = forms.formset_factory(
    ZoneForm, formset=ZoneFormSetBase, extra=1, can_order=True, can_delete=True, max_num=60
)


class WindowForm(VersionForm, forms.ModelForm):  # type: ignore[type-arg]
    """A window's basics. Hall and number stay: they are painted on the wall and stand on QR codes."""

    name = TextField(label=_("window name"), max_length=100)
    floor = TextField(label=_("floor"), max_length=10, required=False)
    note = TextField(label=_("remark"), max_length=200, required=False)
    # As long as the history keeps a reason.
    reason = TextField(
        label=_("Why is it changed"), max_length=REASON, help_text=_("One sentence; it stays in the history.")
    )

    class Meta:
        model = Window
        fields = [*WINDOW_FIELDS, "serves"]
        widgets = {"serves": forms.CheckboxSelectMultiple}
        field_classes = {"serves": SeveralField}

    def __init__(self, *args: Any, hall: Hall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].queryset = hall.zones.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A window without a half-day can be no experience window."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("is_desk") and not (cleaned.get("desk_am") or cleaned.get("desk_pm")):
            self.add_error("desk_am", _("Choose at least one half-day for an experience window."))
        if not cleaned.get("is_desk"):
            cleaned["desk_am"] = cleaned["desk_pm"] = False
        return cleaned


class NewWindowForm(WindowForm):
    """A window that opens: with its number, once per hall."""

    number = TextField(label=_("window number"), max_length=20)
    field_order = ("number",)
