"""Rows in their order on one page: steps, documents, relations, members, zones.

Rows are added, moved and removed by plain buttons that post the page without saving it, so all of it works without
JavaScript; with it, only the part that changed is swapped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from catalog.item_models import plain_number
from core.forms import whole_number

ADD, UP, DOWN = "add", "up", "down"
ARRANGE = "arrange"
"""The name of the buttons; their value reads `steps:up:3`."""


class PartForm(forms.Form):
    """One row; `pk` names the row that exists, blank for a new one. `main` is the field without which it is blank."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    main = "name"

    @property
    def heading(self) -> str:
        """What the row is called on the page, as it stands or was typed."""
        return str(self[self.main].value() or "")

    @property
    def facts(self) -> str:
        """What stands beside the heading while the row is folded."""
        return ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row on the page."""

    form: Any
    index: int
    facts: str
    up: bool
    down: bool
    opened: bool


def item_input() -> forms.TextInput:
    """A field that names an item; with JavaScript it proposes some while one types."""
    return forms.TextInput(
        {
            "list": "item-options",
            "autocomplete": "off",
            "hx-get": reverse_lazy("catalog:item_options"),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": "#item-options",
        }
    )


def quiet(form: Any) -> None:
    """Let a bound form show what was typed without judging it."""
    form._errors, form.cleaned_data = ErrorDict(), {}


class PartFormSet(forms.BaseFormSet[Any]):
    """Rows in their order."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "ORDER" in form.fields:
            form.fields["ORDER"].widget = forms.HiddenInput()
        form.fields["DELETE"].label = _("Remove")

    def named(self) -> Mapping[str, str]:
        """Words that stand beside a row, by its heading; none here."""
        return {}

    @property
    def lines(self) -> list["Line"]:
        """The rows as the page draws them: which buttons each has, and whether it stands open."""
        words = self.named()
        filled = [bool(form.heading) for form in self.forms]
        return [
            Line(
                form,
                index,
                "　".join(part for part in (words.get(form.heading, ""), form.facts) if part),
                up=self.can_order and index > 0 and filled[index],
                down=self.can_order and all(filled[index : index + 2]) and index + 1 < len(filled),
                opened=not filled[index] or bool(form.errors and form.is_bound),
            )
            for index, form in enumerate(self.forms)
        ]

    def hush(self) -> None:
        """Say nothing of errors: the rows were only arranged, nobody has asked to save them."""
        self._errors: list[Any] = []
        self._non_form_errors = self.error_class()
        for form in self.forms:
            quiet(form)

    @property
    def taken(self) -> list[Any]:
        """The filled rows that stay, in their order; usable while the rows are still being checked."""
        stay = [form for form in self.forms if not form.cleaned_data.get("DELETE")]
        filled = [form for form in stay if form.cleaned_data.get(form.main)]
        return sorted(filled, key=_place)

    def rows(self) -> list[dict[str, Any]]:
        """The values of the rows that stay, as the service takes them."""
        machine = {"ORDER", "DELETE"}
        return [
            {name: value for name, value in form.cleaned_data.items() if name not in machine} for form in self.taken
        ]


def _place(form: Any) -> tuple[bool, int]:
    """By the number of its place; a row that has none comes after those that have one."""
    number = form.cleaned_data.get("ORDER")
    return number is None, number or 0


def arranged(data: QueryDict) -> QueryDict | None:
    """What was typed, with the row that a button names moved or a blank row added; None without such a button.

    Nonsense in the button's value leaves everything as it is.
    """
    if ARRANGE not in data:
        return None
    changed = data.copy()
    prefix, act, place = (*changed.pop(ARRANGE)[-1].split(":"), "", "")[:3]
    total = whole_number(changed.get(f"{prefix}-TOTAL_FORMS"))
    if total is None:
        return changed
    if act == ADD:
        changed[f"{prefix}-TOTAL_FORMS"] = str(total + 1)
    index, other = whole_number(place), None
    if index is not None and act in (UP, DOWN):
        other = index - 1 if act == UP else index + 1
    if index is not None and other is not None and index in range(total) and other in range(total):
        _swap(changed, prefix, index, other)
    return changed


def _swap(data: QueryDict, prefix: str, one: int, other: int) -> None:
    """Exchange all values of two rows but their order."""
    heads = f"{prefix}-{one}-", f"{prefix}-{other}-"
    values = [{name.removeprefix(head): data.getlist(name) for name in data if name.startswith(head)} for head in heads]
    for head, old, new in zip(heads, values, reversed(values), strict=True):
        for name in (set(old) | set(new)) - {"ORDER"}:
            data.pop(head + name, None)
            if name in new:
                data.setlist(head + name, new[name])


def initial_rows(rows: Iterable[Any], names: Iterable[str]) -> list[dict[str, Any]]:
    """The rows that exist as a formset's initial data."""
    wanted = tuple(names)
    return [{"pk": row.pk} | {name: shown(getattr(row, name)) for name in wanted} for row in rows]


def shown(value: Any) -> Any:
    """A number without idle zeros, everything else as it is."""
    return plain_number(value) if isinstance(value, Decimal) else value
