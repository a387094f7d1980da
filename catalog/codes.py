"""QR codes that hang in the hall: what each one says and the short public address that it opens."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import segno
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.choices import WindowKind
from catalog.models import Hall, ServiceItem, Window
from core.forms import SeveralField

SIZES = [("a4", _("A4, one code a sheet")), ("a6", _("A6, one code a card"))]


@dataclass(frozen=True)
class Code:
    """One printed code: `number` is a window's number, empty for the others."""

    name: str
    place: str
    hint: Any
    url: str
    number: str = ""

    @cached_property
    def image(self) -> str:
        """The code as an SVG data address; level M still reads with a seventh of it scratched."""
        return segno.make(self.url, error="m", micro=False).svg_data_uri(scale=4, border=4)


def items_of(hall: Hall) -> QuerySet[Any]:
    """Published items that some window of this hall accepts or hands out."""
    counters = Window.objects.filter(hall=hall, active=True, kind=WindowKind.INTEGRATED)
    served = counters.exclude(serves=None).values("serves")
    here = Q(window__hall=hall) | Q(pickup_window__hall=hall) | Q(in_comprehensive=True, department__in=served)
    return ServiceItem.objects.published().filter(here).select_related("department").order_by("code")


class CodesForm(forms.Form):
    """What to print: the hall's own code, windows and items, all or some of them, on which paper."""

    size = forms.ChoiceField(label=_("Paper"), choices=SIZES, widget=forms.RadioSelect, initial="a4")
    hall_code = forms.BooleanField(label=_("The hall's own code"), required=False)
    all_windows = forms.BooleanField(label=_("All windows in use"), required=False)
    all_items = forms.BooleanField(label=_("All items accepted here"), required=False)
    windows = SeveralField(
        label=_("These windows"), queryset=Window.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    items = SeveralField(
        label=_("These items"), queryset=ServiceItem.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, hall: Hall, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hall = hall
        windows = Window.objects.filter(hall=hall, active=True).select_related("zone")
        self.fields["windows"].queryset = windows  # type: ignore[attr-defined]
        self.fields["items"].queryset = items_of(hall)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """An empty choice prints nothing, so it is refused."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        wanted = ("hall_code", "all_windows", "all_items", "windows", "items")
        if not self.errors and not any(cleaned.get(name) for name in wanted):
            self.add_error(None, _("Choose at least one code to print."))
        return cleaned

    def codes(self, absolute: Callable[[str], str]) -> list[Code]:
        """The codes chosen, hall first; `absolute` makes a full address of a path."""
        data, found = self.cleaned_data, []
        if data["hall_code"]:
            found.append(_hall_code(self.hall, absolute))
        windows = self.fields["windows"].queryset if data["all_windows"] else data["windows"]  # type: ignore[attr-defined]
        found += [_window_code(self.hall, window, absolute) for window in windows]
        items = self.fields["items"].queryset if data["all_items"] else data["items"]  # type: ignore[attr-defined]
        return found + [_item_code(item, absolute) for item in items]


def _hall_code(hall: Hall, absolute: Callable[[str], str]) -> Code:
    return Code(
        hall.name,
        hall.address,
        _("Scan for guides, windows and this week's roster"),
        absolute(reverse("portal:hall", args=[hall.code])),
    )


def _window_code(hall: Hall, window: Window, absolute: Callable[[str], str]) -> Code:
    address = absolute(reverse("portal:window", args=[hall.code, window.number]))
    place = f"{hall.name} {window.floor} {window.zone.name}"
    return Code(window.name, place, _("Scan to see what is accepted here and who sits here"), address, window.number)


def _item_code(item: ServiceItem, absolute: Callable[[str], str]) -> Code:
    address = absolute(reverse("portal:guide", args=[item.code]))
    return Code(item.name, item.department.label, _("Scan to see documents, place and time"), address)
