"""Forms of simulated material: its sheets, a picture of one, and why a version is put into use or taken out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.choices import DocumentForm
from catalog.part_forms import PartForm, PartFormSet
from core.forms import TextField, VersionForm

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,image/gif"


class PackForm(VersionForm):
    """What the whole pack is called."""

    title = TextField(label=_("title"), max_length=200)


class SheetForm(PartForm):
    """One sheet that lies on the desk in place of a citizen's paper."""

    name = TextField(label=_("document name"), max_length=200)
    code = TextField(label=_("document code"), max_length=60)
    form = forms.ChoiceField(label=_("form"), choices=DocumentForm.choices, initial=DocumentForm.ORIGINAL.value)
    copies = forms.IntegerField(label=_("copies"), min_value=0, max_value=99, initial=1)
    text = TextField(
        label=_("what is written on it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Invented names and numbers only."),
    )

    @property
    def facts(self) -> str:
        """The code, beside the name."""
        return str(self["code"].value() or "")


class SheetFormSetBase(PartFormSet):
    """The sheets of a pack."""

    def clean(self) -> None:
        """A code stands for one sheet: pictures find it by that."""
        codes = [form.cleaned_data.get("code") for form in self.taken]
        for form in self.taken:
            if codes.count(form.cleaned_data.get("code")) > 1:
                form.add_error("code", _("Another sheet has this code."))


SheetFormSet = forms.formset_factory(
    SheetForm, formset=SheetFormSetBase, extra=1, can_order=True, can_delete=True, max_num=40
)


class SampleForm(forms.Form):
    """A picture of one sheet."""

    sheet = forms.ChoiceField(label=_("Which sheet"))
    picture = forms.FileField(
        label=_("Sample picture"),
        widget=forms.ClearableFileInput({"accept": ACCEPT}),
        help_text=_("JPEG, PNG, WebP, HEIC or GIF up to 20 MB, with invented names only."),
    )
    caption = TextField(label=_("Caption"), max_length=100, required=False)

    def __init__(self, sheets: list[dict[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(sheet["code"], sheet["name"]) for sheet in sheets]  # type: ignore[attr-defined]


class PackReasonForm(forms.Form):
    """Why a version is put into use, or taken out of it."""

    reason = TextField(label=_("reason"), max_length=300)
    issue_number = TextField(label=_("From issue number"), max_length=40, required=False)
