"""Forms around pictures. The plain file input works by itself; the page's script adds paste, drag, camera and boxes."""

from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import clock
from core.forms import TextField
from core.idempotency import OnceForm
from core.images import MAX_BOXES, Box
from issues.choices import EvidenceKind
from issues.services.evidence import MAX_SCREENSHOTS

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,image/gif"
NUMBER = partial(forms.NumberInput, attrs={"step": "any"})
ROWS = 4
"""Boxes that can be given by number on one opening of the page."""


class PictureInput(forms.ClearableFileInput):
    """A file input for several pictures, marked for the page's script."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several uploads in one field. What each of them is, the image door decides later, one by one."""

    widget = PictureInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", PictureInput(attrs={"multiple": True, "accept": ACCEPT, "data-images": True}))
        super().__init__(allow_empty_file=True, **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if not uploads and self.required:
            raise ValidationError(_("Choose at least one picture."), code="required")
        if len(uploads) > MAX_SCREENSHOTS:
            raise ValidationError(
                _("At most %(limit)d pictures at a time."), code="too_many", params={"limit": MAX_SCREENSHOTS}
            )
        return [super(PicturesField, self).clean(upload, initial) for upload in uploads]


BOXES_LENGTH = MAX_SCREENSHOTS * MAX_BOXES * 40
"""Characters that the boxes of all pictures of one form may need."""


def boxes_of_each(text: str) -> list[list[Box]]:
    """The boxes drawn on each picture before its upload, parted by `|`, each as `BoxesForm` has them.

    The browser has burnt them in already; the server does it again, and only what it burnt in counts.
    """
    return [_drawn(part) for part in text.split("|")]


def ask_again(form: forms.Form, chosen: int) -> None:
    """Say that the pictures have to be chosen again: a browser hands a form's files over once only."""
    if chosen:
        text = ngettext(
            "%(n)d picture was chosen; a browser does not give it back, please choose it again.",
            "%(n)d pictures were chosen; a browser does not give them back, please choose them again.",
            chosen,
        )
        form.add_error("pictures", text % {"n": chosen})


class WithPictures(OnceForm):
    """A form that carries pictures beside other fields."""

    def full_clean(self) -> None:
        """Last of all, so that no error which a form adds by itself loses the pictures silently."""
        super().full_clean()
        if self.is_bound and self.errors:
            ask_again(self, len(self.cleaned_data.get("pictures") or []))


class PicturesForm(WithPictures):
    """Pictures of an issue or a step, with one caption for all; without one the file's name is taken."""

    pictures = PicturesField(label=_("Pictures"), help_text=_("JPEG, PNG, WebP, HEIC or GIF, up to 20 MB each."))
    kind = forms.ChoiceField(label=_("Shows"), choices=EvidenceKind.choices, initial=EvidenceKind.BEFORE)
    caption = TextField(label=_("Caption"), max_length=100, required=False)
    taken_on = forms.DateField(
        label=_("Evidence date"), initial=clock.today, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    no_personal_data = forms.BooleanField(
        label=_("I have looked: no name, number or face of a citizen can be seen"), required=False
    )
    boxes = forms.CharField(required=False, widget=forms.HiddenInput, max_length=BOXES_LENGTH)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["pictures"].widget.attrs["data-boxes-field"] = "boxes"

    def clean_boxes(self) -> list[list[Box]]:
        """The boxes to be burnt into each picture."""
        return boxes_of_each(self.cleaned_data["boxes"])


class DescribeForm(forms.Form):
    """Caption, before or after, evidence date, place in the order."""

    caption = TextField(label=_("Caption"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Shows"), choices=EvidenceKind.choices)
    taken_on = forms.DateField(
        label=_("Evidence date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    number = forms.IntegerField(label=_("Order"), min_value=1, max_value=99)


class BoxesForm(forms.Form):
    """Black boxes over the stored picture in per cent of its width and height; drawn by script or typed."""

    drawn = forms.CharField(required=False, widget=forms.HiddenInput, max_length=8000)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for row in range(1, ROWS + 1):
            for side, label in SIDES.items():
                self.fields[f"{side}_{row}"] = forms.FloatField(
                    label=label, required=False, min_value=0, max_value=100, widget=NUMBER()
                )

    def rows(self) -> list[list[forms.BoundField]]:
        """The typed boxes, one line each."""
        return [[self[f"{side}_{row}"] for side in SIDES] for row in range(1, ROWS + 1)]

    def clean(self) -> dict[str, Any]:
        """`boxes`, from the drawing and the lines. Raises ValidationError when there is none or a line is not whole."""
        given = super().clean() or self.cleaned_data
        boxes = _drawn(str(given.get("drawn") or ""))
        for row in range(1, ROWS + 1):
            sides = [given.get(f"{side}_{row}") for side in SIDES]
            if all(side is None for side in sides):
                continue
            if any(side is None for side in sides):
                raise ValidationError(_("A box needs all four numbers."), code="incomplete")
            left, top, width, height = (float(side) / 100 for side in sides if side is not None)
            boxes.append(Box(left, top, width, height))
        if not boxes:
            raise ValidationError(_("Draw at least one box over what must not be seen."), code="no_boxes")
        return {**given, "boxes": boxes}


SIDES = {"left": _("From left (%)"), "top": _("From top (%)"), "width": _("Width (%)"), "height": _("Height (%)")}


def _drawn(text: str) -> list[Box]:
    """Boxes as the script sends them: `left,top,width,height` in fractions, parted by semicolons."""
    boxes = []
    for part in filter(None, text.split(";")):
        try:
            left, top, width, height = (float(number) for number in part.split(","))
        except ValueError as error:
            raise ValidationError(_("A box lies outside the picture. Draw it again."), code="bad_box") from error
        boxes.append(Box(left, top, width, height))
    return boxes


def described(picture: Any) -> dict[str, str | date | int]:
    """What the form of a picture starts with."""
    return {name: getattr(picture, name) for name in ("caption", "kind", "taken_on", "number")}
