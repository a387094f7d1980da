"""What is asked for an import: the files, and the rule for rows that exist."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from catalog.choices import OnConflict, RowStatus
from catalog.import_reports import field_choices, kind_choices
from catalog.importing.reading import MAX_BYTES
from core.idempotency import OnceForm

MAX_FILES = 20
_LEFT_OUT = "none"


class TablesInput(forms.FileInput):
    allow_multiple_selected = True


class TablesField(forms.FileField):
    """One or several files, at most 50 MB together; `too_large` marks what the size alone refuses."""

    widget = TablesInput(attrs={"multiple": True, "accept": ".xlsx,.xlsm,.xls,.et,.ods,.csv,.txt"})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        uploads = [super(TablesField, self).clean(one, initial) for one in data or [None]]
        if len(uploads) > MAX_FILES:
            raise ValidationError(_("Please choose at most %(n)d files.") % {"n": MAX_FILES}, code="too_many")
        if sum(upload.size or 0 for upload in uploads) > MAX_BYTES:
            raise ValidationError(_("Together the files are larger than 50 MB. Please split them."), code="too_large")
        return uploads


class ImportForm(OnceForm):
    tables = TablesField(
        label=_("Tables"),
        help_text=_("xlsx, xls, et or csv; several files or one workbook with many sheets; up to 50 MB together."),
    )

    @property
    def status(self) -> int:
        """413 when nothing but the size is wrong, as programs expect it."""
        return 413 if self.has_error("tables", "too_large") else 400


class DecideForm(forms.Form):
    on_conflict = forms.ChoiceField(
        label=_("Rows that exist with other values"), choices=OnConflict.choices, widget=forms.RadioSelect
    )


class MeaningForm(forms.Form):
    """What one table holds and what its headings mean; a field `c<column>` for each heading."""

    def __init__(self, data: Any, table: Mapping[str, Any]) -> None:
        super().__init__(data, prefix=f"t{table['number']}")
        self.table = table
        kinds = [(kind or _LEFT_OUT, label) for kind, label in kind_choices()]
        self.fields["kind"] = forms.ChoiceField(label=_("What this table holds"), choices=kinds)
        self.initial["kind"] = table["kind"] or _LEFT_OUT
        taken = {column: field for field, column in table["columns"].items()}
        choices = field_choices(table["kind"]) if table["kind"] else []
        for column, heading in enumerate(table["heads"]):
            if heading and choices:
                self.fields[f"c{column}"] = forms.ChoiceField(label=heading, required=False, choices=choices)
                self.initial[f"c{column}"] = taken.get(column, "")

    @property
    def headings(self) -> list[forms.BoundField]:
        """The fields of the headings."""
        return [self[name] for name in self.fields if name != "kind"]

    @property
    def meanings(self) -> list[str | None]:
        """By column: a field, "" for leaving it out, None for a blank heading."""
        return [self.cleaned_data.get(f"c{column}") for column in range(len(self.table["heads"]))]

    def clean_kind(self) -> str:
        """The kind, "" for a table that stays out."""
        kind: str = self.cleaned_data["kind"]
        return "" if kind == _LEFT_OUT else kind

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        said = [value for name, value in data.items() if name != "kind" and value]
        twice = next((value for value in said if said.count(value) > 1), None)
        if twice:
            name = dict(field_choices(self.table["kind"])).get(twice, twice)
            raise ValidationError(_("Two columns cannot both be “%(name)s”. Please choose one.") % {"name": name})
        return data


class RowFilter(forms.Form):
    """Which rows of a report are shown; what means nothing is left out."""

    status = forms.ChoiceField(
        choices=[("notable", ""), ("warned", ""), *RowStatus.choices, ("all", "")], required=False
    )

    def chosen(self) -> str:
        """The asked state; without one those that ask for a look (`notable`)."""
        return (self.cleaned_data["status"] if self.is_valid() else "") or "notable"
