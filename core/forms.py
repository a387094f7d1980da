"""Form parts that every app shares."""

import re
import unicodedata
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

ModelT = TypeVar("ModelT", bound=Model)

# Digits of a number that every database takes as a key.
LONGEST_NUMBER = 18
ILLEGAL = _("This text holds characters that cannot be stored. Please type the marked part again.")
# C0 and C1 controls (tab and line feed excepted), surrogates and non-characters: no field keeps them.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def has_illegal(text: str) -> bool:
    """Whether the text holds a character that no field keeps (NUL, controls, surrogates, non-characters)."""
    return _ILLEGAL.search(text) is not None


def visible_text(value: str) -> str:
    """The text trimmed; empty when nothing in it can be seen (only spaces, zero-width marks, fillers)."""
    seen = any(unicodedata.category(char)[0] in "LNPS" and char not in "\u3164\u115f\u1160\uffa0" for char in value)
    return value.strip() if seen else ""


def whole_number(text: Any) -> int | None:
    """The number that an address or a hidden field names; None for anything else, such as ² or a thousand digits."""
    words = str(text or "")
    return int(words) if words.isascii() and words.isdigit() and len(words) <= LONGEST_NUMBER else None


def readable(value: str) -> None:
    """A validator: nothing illegal, and something to be seen. Raises ValidationError."""
    if has_illegal(value):
        raise ValidationError(ILLEGAL, code="illegal")
    if not visible_text(value):
        raise ValidationError(forms.Field.default_error_messages["required"], code="required")


class TextField(forms.CharField):
    """Free text kept exactly as typed but for line ends: illegal characters refused, invisible-only is empty."""

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        if has_illegal(text):
            raise ValidationError(ILLEGAL, code="illegal")
        return visible_text(text)


class SeveralField(forms.ModelMultipleChoiceField[ModelT]):
    """Several rows by their keys; what is no key of any database is an unknown choice, not an error of the server."""

    def clean(self, value: Any) -> Any:
        for key in value if isinstance(value, list | tuple) else []:
            if not isinstance(key, Model) and whole_number(key) is None:
                raise ValidationError(
                    self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": str(key)[:20]}
                )
        return super().clean(value)


class VersionForm(forms.Form):
    """A form that carries the version of the row it was opened at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Plain text fields, such as those that a ModelForm makes of its model, refuse what TextField refuses."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and not isinstance(field, TextField):
                field.validators = [*field.validators, readable]


def told(form: forms.BaseForm) -> dict[str, str]:
    """What was sent as a person reads it, choices by their words, so that a page can give it back. No files."""
    found = {}
    for bound in form.visible_fields():
        value = bound.value()
        # Only what the page lists anyway: a field without a list could stand for every row of a table.
        listed = isinstance(bound.field.widget, forms.widgets.ChoiceWidget)
        words = {str(key): str(label) for key, label in (getattr(bound.field, "choices", ()) if listed else ())}
        chosen = [words.get(str(one), str(one)) for one in (value if isinstance(value, list) else [value]) if one]
        if chosen and not isinstance(bound.field, forms.FileField):
            found[bound.name] = _("%(act)s: %(detail)s") % {"act": bound.label, "detail": ", ".join(chosen)}
    return found
