"""Form parts that every app shares."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Digits of a number that every database takes as a key.
LONGEST_NUMBER = 18
# C0 and C1 controls (tab and line feed excepted), surrogates and non-characters: no field keeps them.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def visible_text(value: str) -> str:
    """The text trimmed; empty when nothing in it can be seen (only spaces, zero-width marks, fillers)."""
    seen = any(unicodedata.category(char)[0] in "LNPS" and char not in "\u3164\u115f\u1160\uffa0" for char in value)
    return value.strip() if seen else ""


def whole_number(text: Any) -> int | None:
    """The number that an address or a hidden field names; None for anything else, such as ² or a thousand digits."""
    words = str(text or "")
    return int(words) if words.isascii() and words.isdigit() and len(words) <= LONGEST_NUMBER else None


class TextField(forms.CharField):
    """Free text kept exactly as typed but for line ends: illegal characters refused, invisible-only is empty."""

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        if _ILLEGAL.search(text):
            raise ValidationError(
                _("This text holds characters that cannot be stored. Please type the marked part again."),
                code="illegal",
            )
        return visible_text(text)


class VersionForm(forms.Form):
    """A form that carries the version of the row it was opened at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
