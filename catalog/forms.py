"""Forms of an item: its facts, steps, documents and relations."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from catalog.choices import DocumentForm, DocumentSource, Necessity, Relation
from catalog.models import ServiceItem
from catalog.part_forms import PartForm, PartFormSet, item_input, shown
from core.forms import TextField, VersionForm

ITEM_PARTS = {
    "what": ["code", "name", "department", "item_type", "handling", "status"],
    "limits": ["statutory_days", "committed_days", "trips", "fee"],
    "who": ["for_persons", "for_companies", "online", "online_depth"],
    "where": ["window", "pickup_window", "pickup_elsewhere", "in_comprehensive"],
    "more": ["result_name", "frequent", "in_visit_list", "note"],
}
_ITEM_FIELDS = [name for names in ITEM_PARTS.values() for name in names]

# Ten years: what is longer is a slip of the keys.
_LIMIT: dict[str, Any] = {"min_value": 0, "max_value": 3650, "max_digits": 6, "decimal_places": 2}


class ItemForm(VersionForm, forms.ModelForm):  # type: ignore[type-arg]
    """What the hall says of an item, with the reason for this revision of its guide."""

    name = TextField(label=_("item name"), max_length=200)
    note = TextField(label=_("remark"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}))
    result_name = TextField(label=_("result"), max_length=200, required=False)
    statutory_days = forms.DecimalField(label=_("statutory limit (working days)"), required=False, **_LIMIT)
    committed_days = forms.DecimalField(label=_("promised limit (working days)"), **_LIMIT)
    trips = forms.IntegerField(label=_("trips to the hall"), min_value=0, max_value=99, initial=0)
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
        self.initial = {name: shown(value) for name, value in self.initial.items()}

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


class StepForm(PartForm):
    """One step."""

    name = TextField(label=_("step name"), max_length=100)
    post = TextField(label=_("responsible post"), max_length=100, required=False)
    days = forms.DecimalField(label=_("time (working days)"), initial=0, **_LIMIT)
    counted = forms.BooleanField(label=_("counts towards the promised limit"), required=False, initial=True)
    signatures = forms.IntegerField(label=_("signatures"), min_value=0, max_value=99, initial=0)
    channel = TextField(label=_("how"), max_length=100, required=False)
    place = TextField(label=_("place"), max_length=100, required=False, help_text=_("A window number, or words."))
    system = TextField(label=_("system used"), max_length=100, required=False)
    note = TextField(label=_("explanation"), max_length=500, required=False)

    @property
    def facts(self) -> str:
        """What stands beside the name while the row is folded."""
        days, signed, place = (str(self[name].value() or "") for name in ("days", "signatures", "place"))
        parts = [_("%(n)s d") % {"n": days} if days not in ("", "0") else "", place]
        if signed not in ("", "0"):
            parts.append(_("signatures: %(n)s") % {"n": signed})
        return "　".join(str(part) for part in parts if part)


class RequiredDocumentForm(PartForm):
    """One document asked for."""

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

    @property
    def facts(self) -> str:
        """What stands beside the name while the row is folded."""
        form, copies = str(self["form"].value() or ""), str(self["copies"].value() or "")
        label = str(dict(DocumentForm.choices).get(form, ""))
        return f"{label} ×{copies}" if copies not in ("", "0", "1") else label


class RelationForm(PartForm):
    """What the item depends on. The other item is named by its code, or by its name where only one has it."""

    main = "related"
    relation = forms.ChoiceField(label=_("relation"), choices=Relation.choices, initial=Relation.BEFORE.value)
    related = TextField(
        label=_("other item, code or name"),
        max_length=200,
        widget=item_input(),
    )
    note = TextField(label=_("explanation"), max_length=500, required=False)

    @property
    def facts(self) -> str:
        """The kind of relation, beside the other item's code."""
        return str(dict(Relation.choices).get(str(self["relation"].value() or ""), ""))


class RelationFormSet(PartFormSet):
    """Relations; `items` are those that may be named, `own` the item whose page this is (None while it is new)."""

    items: Any = ServiceItem.objects.none()
    own: int | None = None

    def named(self) -> Mapping[str, str]:
        """The names of items that are named by their code."""
        codes = [form.heading for form in self.forms if form.heading]
        return dict(self.items.filter(code__in=codes).values_list("code", "name")) if codes else {}

    def clean(self) -> None:
        """Each row names one item, another one than this, and none of them twice with one relation."""
        named = {str(form.cleaned_data.get("related") or "") for form in self.forms} - {""}
        found = list(self.items.filter(Q(code__in=named) | Q(name__in=named)).select_related("department"))
        seen: set[tuple[int, str]] = set()
        for form in self.taken:
            words = form.cleaned_data["related"]
            fit = [item for item in found if item.code == words] or [item for item in found if item.name == words]
            problem = self._problem(form, fit, seen)
            if problem:
                form.add_error("related", problem)
            else:
                form.cleaned_data["related"] = fit[0]

    def _problem(self, form: Any, fit: list[ServiceItem], seen: set[tuple[int, str]]) -> Any:
        if not fit:
            return _("No item has this code or name. Please choose one from the list.")
        if len(fit) > 1:
            codes = "、".join(item.code for item in fit)
            return _("Several items have this name: %(codes)s. Please write the code.") % {"codes": codes}
        if fit[0].pk == self.own:
            return _("An item cannot depend on itself.")
        key = (fit[0].pk, form.cleaned_data.get("relation", ""))
        if key in seen:
            return _("This relation stands here twice.")
        seen.add(key)
        return None


def relation_rows(relations: Iterable[Any]) -> list[dict[str, Any]]:
    """The relations that exist as the formset's initial data."""
    return [
        {"pk": row.pk, "relation": row.relation, "related": row.related.code, "note": row.note} for row in relations
    ]


class DeclineForm(forms.Form):
    """Why a proposed change is not made."""

    reason = TextField(
        label=_("Why it is declined"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The liaison reads it; say what would have to be different."),
    )


class RetireForm(VersionForm):
    """Why an item is taken out of use."""

    reason = TextField(label=_("Why is it retired"), max_length=300)
    issue_number = TextField(label=_("From issue number"), max_length=40, required=False)


StepFormSet = forms.formset_factory(StepForm, formset=PartFormSet, extra=1, can_order=True, can_delete=True, max_num=60)
DocumentFormSet = forms.formset_factory(
    RequiredDocumentForm, formset=PartFormSet, extra=1, can_order=True, can_delete=True, max_num=99
)
RelationFormSetClass = forms.formset_factory(
    RelationForm, formset=RelationFormSet, extra=1, can_delete=True, max_num=60
)
