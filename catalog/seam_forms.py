"""Forms and conditions of the pages about seams."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from catalog.choices import SeamKind
from catalog.filters import ANY, AddressFilter
from catalog.seam_listing import Line
from core.forms import TextField, VersionForm


class SeamFilter(AddressFilter):
    """What may be asked of the seams. `need` and `hold` of one department: those it is alone with."""

    kind = forms.ChoiceField(label=_("Kind of seam"), required=False, choices=[*ANY, *SeamKind.choices])
    need = forms.ChoiceField(label=_("Who needs"), required=False)
    hold = forms.ChoiceField(label=_("Who holds"), required=False)
    document = TextField(label=_("Document"), required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, departments: Iterable[Department], **options: Any) -> None:
        super().__init__(*args, **options)
        self.auto_id = "filter_%s"
        choices = [*ANY, *((str(row.pk), row.label) for row in departments)]
        for name in ("need", "hold"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for name in ("kind", "need", "hold"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def apply(self, lines: Iterable[Line]) -> list[Line]:
        """The lines that meet every chosen condition."""
        chosen = self.chosen
        return [line for line in lines if _meets(line, chosen)]


def _meets(line: Line, chosen: Mapping[str, str]) -> bool:
    facts = {
        "kind": str(line.kind),
        "need": str(line.need.pk),
        "hold": str((line.hold or line.need).pk),
        "document": line.seam.document.code if line.seam and line.seam.document else "",
    }
    return all(facts[name] == value for name, value in chosen.items())


class DismissForm(VersionForm):
    """Why a computed seam is none."""

    reason = TextField(
        label=_("Why this is no seam"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example the law that asks for it. The reason stays visible."),
    )


class ConfirmForm(VersionForm):
    """Which issue found the same thing."""

    issue_number = TextField(
        label=_("Issue number"),
        max_length=40,
        validators=[RegexValidator(r"^[\w-]+$", _("This is no issue number. It reads like WT-2026-001."))],
        help_text=_("As it stands in the register, such as WT-2026-001."),
    )

    def clean_issue_number(self) -> str:
        """A number that the register knows; which it knows is told by the app above the catalogue."""
        number: str = self.cleaned_data["issue_number"]
        if not import_string(settings.CATALOG_KNOWN_ISSUE)(number):
            raise forms.ValidationError(_("The register holds no issue with this number. Please look it up there."))
        return number
