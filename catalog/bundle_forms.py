"""Forms of a bundle (一件事): what it is, its items in their order, the figures before and after."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.bundle_services import BUNDLE_FIELDS, FIGURES
from catalog.forms import RelationFormSet
from catalog.models import ServiceBundle
from catalog.part_forms import PartForm, item_input
from core.forms import TextField, VersionForm

SIDES = (("before", _("Before the reform")), ("after", _("After the reform")))
FIGURE_LABELS = {
    "days": _("Working days"),
    "materials": _("Documents"),
    "trips": _("Trips"),
    "windows": _("Windows"),
}


class BundleForm(VersionForm, forms.ModelForm):  # type: ignore[type-arg]
    """What a bundle is, with the reason for the change."""

    code = TextField(label=_("bundle code"), max_length=40)
    name = TextField(label=_("bundle name"), max_length=200)
    reason = TextField(
        label=_("Why is it changed"),
        max_length=100,
        help_text=_("One sentence; it stands in the revisions of the items that come, go or lose a seam."),
    )
    issue_number = TextField(label=_("From issue number"), max_length=40, required=False)

    class Meta:
        model = ServiceBundle
        fields = [*BUNDLE_FIELDS, "supporting_departments"]
        widgets = {"supporting_departments": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for side, _label in SIDES:
            kept = getattr(self.instance, side) or {}
            for name in FIGURES:
                field = forms.DecimalField(
                    label=FIGURE_LABELS[name], required=False, min_value=0, max_digits=6, decimal_places=1
                )
                self.fields[f"{side}_{name}"] = field
                self.initial.setdefault(f"{side}_{name}", kept.get(name))

    def clean(self) -> dict[str, Any]:
        """Somebody must be served, and the lead is no supporter."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("for_persons") and not cleaned.get("for_companies"):
            self.add_error("for_persons", _("Say whom the bundle serves: persons, companies or both."))
        if cleaned.get("lead_department") in (cleaned.get("supporting_departments") or ()):
            self.add_error("supporting_departments", _("The department that leads does not support itself."))
        return cleaned

    @property
    def what(self) -> list[forms.BoundField]:
        """The fields of the first part."""
        return [self[name] for name in BUNDLE_FIELDS]

    @property
    def sides(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The figures before and after, with their headings."""
        return [(label, [self[f"{side}_{name}"] for name in FIGURES]) for side, label in SIDES]

    def change(self) -> dict[str, Any]:
        """What `bundle_services.save_bundle` takes of this form."""
        data = self.cleaned_data
        figures = {side: {name: _figure(data[f"{side}_{name}"]) for name in FIGURES} for side, _label in SIDES}
        return {
            "version": data["version"],
            "fields": {name: data[name] for name in BUNDLE_FIELDS} | figures,
            "supporting": list(data["supporting_departments"]),
            "reason": data["reason"],
            "issue_number": data["issue_number"],
        }


def _figure(value: Decimal | None) -> int | float | None:
    """A figure as JSON keeps it: whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


class MemberForm(PartForm):
    """One item of the bundle."""

    main = "related"
    related = TextField(
        label=_("item, code or name"),
        max_length=200,
        widget=item_input(),
    )


MemberFormSet = forms.formset_factory(
    MemberForm, formset=RelationFormSet, extra=1, can_order=True, can_delete=True, max_num=40
)
