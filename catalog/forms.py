"""Forms of the catalogue: an item with its steps and documents, and a window."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from catalog.choices import DocumentForm, DocumentSource, Necessity
from catalog.item_models import plain_number
from catalog.models import ServiceItem, Window
from catalog.services import WINDOW_FIELDS
from core.forms import TextField, VersionForm

ITEM_PARTS = {
    "what": ["code", "name", "department", "item_type", "handling", "status"],
    "limits": ["statutory_days", "committed_days", "trips", "fee"],
    "who": ["for_persons", "for_companies", "online", "online_depth"],
    "where": ["window", "pickup_window", "pickup_elsewhere", "in_comprehensive"],
    "more": ["result_name", "frequent", "in_visit_list", "has_simulation_pack", "note"],
}
_ITEM_FIELDS = [name for names in ITEM_PARTS.values() for name in names]


class ItemForm(VersionForm, forms.ModelForm):  # type: ignore[type-arg]
    """What the hall says of an item, with the reason for this revision of its guide."""

    name = TextField(label=_("item name"), max_length=200)
    note = TextField(label=_("remark"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}))
    result_name = TextField(label=_("result"), max_length=200, required=False)
    reason = TextField(
        label=_("Why is the guide revised"),
        max_length=300,
        help_text=_("One sentence; it stands beside this revision for good."),
    )
    issue_number = TextField(label=_("From issue number"), max_length=40, required=False)

    class Meta:
        model = ServiceItem
        fields = _ITEM_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: _shown(value) for name, value in self.initial.items()}

    def clean(self) -> dict[str, Any]:
        """The promise may not be later than the law, and somebody must be served."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        statutory, promised = cleaned.get("statutory_days"), cleaned.get("committed_days")
        if statutory is not None and promised is not None and promised > statutory:
            self.add_error(
                "committed_days", _("The promised limit must be the same as or shorter than the statutory one.")
            )
        if not cleaned.get("for_persons") and not cleaned.get("for_companies"):
            self.add_error("for_persons", _("Say whom the item serves: persons, companies or both."))
        return cleaned

    def part(self, name: str) -> list[forms.BoundField]:
        """The fields of one part of the page."""
        return [self[field] for field in ITEM_PARTS[name]]

    @property
    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The parts of the page with their headings."""
        titles = {
            "what": _("What it is"),
            "limits": _("Limits and trips"),
            "who": _("For whom, and online"),
            "where": _("Where"),
            "more": _("More"),
        }
        return [(titles[name], self.part(name)) for name in ITEM_PARTS]

    @property
    def item_fields(self) -> dict[str, Any]:
        """What the service takes of the item itself."""
        return {name: self.cleaned_data[name] for name in _ITEM_FIELDS}


class DuplicateForm(forms.Form):
    """The code and name of a new item that begins as a copy of another."""

    code = TextField(label=_("item code"), max_length=40)
    name = TextField(label=_("item name"), max_length=200)
    reason = TextField(label=_("reason"), max_length=300)

    def clean_code(self) -> str:
        """A code belongs to one item."""
        code: str = self.cleaned_data["code"]
        if ServiceItem.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Another item has this code."))
        return code


class PartForm(forms.Form):
    """A step or a document; `pk` names the row that exists, blank for a new one."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)


class StepForm(PartForm):
    name = TextField(label=_("step name"), max_length=100)
    post = TextField(label=_("responsible post"), max_length=100, required=False)
    days = forms.DecimalField(label=_("time (working days)"), max_digits=6, decimal_places=2, min_value=0, initial=0)
    counted = forms.BooleanField(label=_("counts towards the promised limit"), required=False, initial=True)
    signatures = forms.IntegerField(label=_("signatures"), min_value=0, max_value=99, initial=0)
    channel = TextField(label=_("how"), max_length=100, required=False)
    place = TextField(label=_("place"), max_length=100, required=False, help_text=_("A window number, or words."))
    system = TextField(label=_("system used"), max_length=100, required=False)
    note = TextField(label=_("explanation"), max_length=500, required=False)


class RequiredDocumentForm(PartForm):
    name = TextField(label=_("document name"), max_length=200)
    code = TextField(
        label=_("document code"), max_length=60, help_text=_("The same code means the same document everywhere.")
    )
    form = forms.ChoiceField(label=_("form"), choices=DocumentForm.choices, initial=DocumentForm.ORIGINAL.value)
    copies = forms.IntegerField(label=_("copies"), min_value=0, max_value=99, initial=1)
    source_kind = forms.ChoiceField(
        label=_("where it comes from"), choices=DocumentSource.choices, initial=DocumentSource.APPLICANT.value
    )
    source_department = forms.ModelChoiceField(
        label=_("issued by"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("Nobody of this district"),
    )
    format_requirement = TextField(label=_("format"), max_length=300, required=False)
    necessity = forms.ChoiceField(label=_("necessity"), choices=Necessity.choices, initial=Necessity.REQUIRED.value)
    shareable = forms.BooleanField(label=_("electronic copy can be fetched"), required=False)


class PartFormSet(forms.BaseFormSet[Any]):
    """Steps or documents in their order; rows may be added, moved by number and removed without JavaScript."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("Order")
        form.fields["DELETE"].label = _("Remove")

    def rows(self) -> list[dict[str, Any]]:
        """The rows that stay, in their order, as the service takes them."""
        # `ordered_forms` leaves out what is marked for removal.
        forms_in_order = [form for form in self.ordered_forms if form.cleaned_data.get("name")]
        machine = {"ORDER", "DELETE"}
        return [
            {name: value for name, value in form.cleaned_data.items() if name not in machine} for form in forms_in_order
        ]


StepFormSet = forms.formset_factory(StepForm, formset=PartFormSet, extra=1, can_order=True, can_delete=True, max_num=60)
DocumentFormSet = forms.formset_factory(
    RequiredDocumentForm, formset=PartFormSet, extra=1, can_order=True, can_delete=True, max_num=99
)


class WindowForm(forms.ModelForm):  # type: ignore[type-arg]
    """A window's basics. Hall, zone and number stay: they are painted on the wall."""

    # As long as the history keeps a reason.
    reason = TextField(
        label=_("Why is it changed"), max_length=100, help_text=_("One sentence; it stays in the history.")
    )

    class Meta:
        model = Window
        fields = [*WINDOW_FIELDS, "serves"]
        widgets = {"serves": forms.CheckboxSelectMultiple}

    def clean(self) -> dict[str, Any]:
        """A window without a half-day can be no experience window."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("is_desk") and not (cleaned.get("desk_am") or cleaned.get("desk_pm")):
            self.add_error("desk_am", _("Choose at least one half-day for an experience window."))
        if not cleaned.get("is_desk"):
            cleaned["desk_am"] = cleaned["desk_pm"] = False
        return cleaned


def initial_rows(rows: Iterable[Any], names: Iterable[str]) -> list[dict[str, Any]]:
    """The rows that exist as a formset's initial data."""
    wanted = tuple(names)
    return [{"pk": row.pk} | {name: _shown(getattr(row, name)) for name in wanted} for row in rows]


def _shown(value: Any) -> Any:
    """A number without idle zeros, everything else as it is."""
    return plain_number(value) if isinstance(value, Decimal) else value
