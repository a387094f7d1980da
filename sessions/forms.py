"""Forms of planning: a reason, a person, a place, a release."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalog.choices import Half
from catalog.models import Window
from core.forms import TextField
from core.idempotency import OnceForm
from sessions.choices import Mode
from sessions.models import Programme

REASON = 300
Cell = tuple[Window, date, str]


class CellField(forms.CharField):
    """A cell of the board, WINDOW|DATE|HALF; gives (window, date, half)."""

    default_error_messages = {
        "required": _("Please choose a window and a half-day."),
        "cell": _("This place is gone. Please choose another one."),
    }
    windows: Sequence[Window] = ()

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        number, _sep, rest = text.partition("|")
        day, _sep, half = rest.partition("|")
        window = next((window for window in self.windows if str(window.pk) == number), None)
        try:
            parsed = date.fromisoformat(day)
        except ValueError:
            parsed = None
        if window is None or parsed is None or half not in Half.values:
            raise ValidationError(self.error_messages["cell"], code="cell")
        return window, parsed, half


class VersionedForm(forms.Form):
    """A form that may carry the version of the session it was opened at; a row's button need not."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)


class ReasonForm(VersionedForm):
    """Why: those concerned will read it."""

    reason = TextField(label=_("Reason"), max_length=REASON, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(VersionedForm):
    """How a department's answer came."""

    reason = TextField(
        label=_("How the answer came"),
        max_length=REASON,
        help_text=_("Such as: list of the department of 05-12, by telephone."),
    )


class NoteForm(VersionedForm):
    """An explanation, if there is one."""

    note = TextField(
        label=_("Explanation"), max_length=REASON, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class MoveForm(VersionedForm):
    """Where to, from the short list or from all places."""

    cell = CellField(label=_("Move to"), required=False)
    other = CellField(label=_("Another place"), required=False)
    reason = TextField(label=_("Reason"), max_length=REASON, required=False)

    def __init__(self, *args: Any, windows: Sequence[Window], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("cell", "other"):
            self.fields[name].windows = windows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["target"] = cleaned.get("other") or cleaned.get("cell")
        if not cleaned["target"] and not self.errors:
            self.add_error("cell", _("Please choose a window and a half-day."))
        return cleaned


class SubstituteForm(ReasonForm):
    """Who comes instead, and why."""

    director = forms.IntegerField(
        label=_("Instead"), error_messages={"required": _("Please choose who comes instead.")}
    )
    field_order = ("version", "director", "reason")


class NominateForm(NoteForm):
    """Which leader of the department comes."""

    director = forms.IntegerField(label=_("Who comes"), error_messages={"required": _("Please choose who comes.")})
    field_order = ("version", "director", "note")


class PlaceForm(OnceForm):
    """Who sits where."""

    director = forms.IntegerField(label=_("Director"), error_messages={"required": _("Please choose a director.")})
    cell = CellField(label=_("Window and half-day"))
    mode = forms.ChoiceField(label=_("Mode"), required=False)

    def __init__(self, *args: Any, windows: Sequence[Window], programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cell"].windows = windows  # type: ignore[attr-defined]
        modes = programme.modes or [Mode.CLERK.value]
        self.fields["mode"].choices = [(mode, Mode(mode).label) for mode in modes]  # type: ignore[attr-defined]


class ArrangeForm(forms.Form):
    """A chip dropped on a cell: a session (its number) or a person still missing (p and the person's number).

    `version` is that of the session when the board was drawn: what somebody moved meanwhile is not moved again.
    """

    chip = forms.RegexField(r"^p?\d{1,18}$")
    cell = CellField()
    version = forms.IntegerField(min_value=0, required=False)

    def __init__(self, *args: Any, windows: Sequence[Window], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cell"].windows = windows  # type: ignore[attr-defined]


class PublishForm(forms.Form):
    """The release announced on the page, and why it is made."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    note = TextField(label=_("What changed, for the staff"), max_length=REASON, required=False)
