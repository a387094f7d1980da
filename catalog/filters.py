"""The conditions of the item list, read from the address. Bad input is left out and named, never an error."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from catalog.choices import Handling, ItemType, OnlineDepth
from catalog.querysets import ServiceItemQuerySet
from core import clock
from core.words import long_date

ANY = [("", _("All"))]
AUDIENCES = [("persons", _("Persons")), ("companies", _("Companies"))]
TRIPS = [("0", _("None")), ("1", "1"), ("2", _("2 and more"))]
MAIN = ("q", "department", "kind", "walked")
WALKED = [("today", _("On today's handling list")), ("1", _("May be walked"))]
LIMITS = [
    ("0", _("On the spot")),
    ("1", _("Up to 1 working day")),
    ("3", _("Up to 3 working days")),
    ("5", _("Up to 5 working days")),
    ("10", _("Up to 10 working days")),
    ("more", _("More than 10 working days")),
]
LONGEST = 10
SORTS = {
    "code": "code",
    "name": "name",
    "days": "committed_days",
    "documents": "document_count",
    "signatures": "signature_count",
    "trips": "trips",
}


COUNTED = {"document_count", "signature_count"}


class AddressFilter(forms.Form):
    """Conditions read from the address; every field may be blank."""

    @property
    def chosen(self) -> dict[str, str]:
        """The conditions that hold; what cannot be understood is not among them."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    @property
    def dropped(self) -> list[str]:
        """The labels of conditions that were left out because they mean nothing."""
        self.is_valid()
        return [str(self.fields[name].label) for name in self.errors if name in self.fields]


class ItemFilter(AddressFilter):
    """What may be asked of the list."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, strip=True)
    department = forms.ChoiceField(label=_("Department"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[*ANY, *ItemType.choices])
    handling = forms.ChoiceField(label=_("Way of handling"), required=False, choices=[*ANY, *Handling.choices])
    audience = forms.ChoiceField(label=_("For"), required=False, choices=[*ANY, *AUDIENCES])
    depth = forms.ChoiceField(label=_("Online"), required=False, choices=[*ANY, *OnlineDepth.choices])
    trips = forms.ChoiceField(label=_("Trips"), required=False, choices=[*ANY, *TRIPS])
    limit = forms.ChoiceField(label=_("Promised limit"), required=False, choices=[*ANY, *LIMITS])
    walked = forms.ChoiceField(label=_("Walk-through"), required=False, choices=[*ANY, *WALKED])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "filter_%s"
        departments = [
            (row.code, row.label) for row in Department.objects.filter(service_items__isnull=False).distinct()
        ]
        self.fields["department"].choices = [*ANY, *departments]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
        self.fields["q"].widget.attrs |= {"type": "search", "placeholder": _("Name, code, document, initials")}

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The conditions that always show."""
        return [self[name] for name in MAIN]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """The conditions behind "more"."""
        return [self[name] for name in self.fields if name not in MAIN]

    @property
    def more_open(self) -> bool:
        """One of the conditions behind "more" is chosen."""
        return any(name not in MAIN for name in self.chosen)

    def apply(self, rows: ServiceItemQuerySet) -> ServiceItemQuerySet:
        """The rows that meet every chosen condition."""
        chosen = self.chosen
        rows = rows.search(chosen["q"]) if "q" in chosen else rows
        plain = {"department": "department__code", "kind": "item_type", "handling": "handling", "depth": "online_depth"}
        rows = rows.filter(**{plain[name]: value for name, value in chosen.items() if name in plain})
        if "audience" in chosen:
            rows = rows.filter(**{f"for_{chosen['audience']}": True})
        if "trips" in chosen:
            number = int(chosen["trips"])
            rows = rows.filter(trips__gte=number) if number == 2 else rows.filter(trips=number)
        if "limit" in chosen:
            more = chosen["limit"] == "more"
            rows = rows.filter(committed_days__gt=LONGEST) if more else rows.filter(committed_days__lte=chosen["limit"])
        if chosen.get("walked") == "today":
            return rows.filter(pk__in=todays_list())
        return rows.filter(in_visit_list=True) if "walked" in chosen else rows


class RevisionPair(forms.Form):
    """Two revisions of one guide; the older one always stands first."""

    old = forms.TypedChoiceField(label=_("Earlier revision"), coerce=int, required=False)
    new = forms.TypedChoiceField(label=_("Later revision"), coerce=int, required=False)

    def __init__(self, revisions: list[Any], data: QueryDict) -> None:
        super().__init__(data)
        self.by_number = {revision.number: revision for revision in revisions}
        for name in ("old", "new"):
            self.fields[name].choices = [  # type: ignore[attr-defined]
                (row.number, f"{row.number} · {long_date(row.created_at)} · {row.reason}") for row in revisions
            ]

    @property
    def chosen(self) -> tuple[Any, Any]:
        """The earlier and the later one; None where the guide has none."""
        self.is_valid()
        latest = [*self.by_number, None, None][:2]
        new = self.cleaned_data.get("new") or latest[0]
        old = self.cleaned_data.get("old") or latest[1]
        numbers = sorted(number for number in (old, new) if number)
        found = [self.by_number[number] for number in numbers]
        return (found[0], found[1]) if len(found) == len((old, new)) else (None, found[0] if found else None)

    @property
    def selects(self) -> list[tuple[str, forms.BoundField, Any]]:
        """Name, field and chosen revision, as the page draws them."""
        return [(name, self[name], row) for name, row in zip(("old", "new"), self.chosen, strict=True)]


@dataclass(frozen=True, slots=True)
class Chip:
    """One chosen condition with the address that takes it away."""

    label: Any
    value: str
    remove_url: str


def chips(form: AddressFilter, query: QueryDict) -> list[Chip]:
    """The chosen conditions as removable chips."""
    found = []
    for name, value in form.chosen.items():
        rest = query.copy()
        rest.pop(name, None)
        rest.pop("page", None)
        field = form.fields[name]
        choices: Any = field.choices if isinstance(field, forms.ChoiceField) else ()
        words = dict(choices).get(value, value)
        found.append(Chip(form.fields[name].label, str(words), f"?{rest.urlencode()}"))
    return found


def in_order(rows: ServiceItemQuerySet, asked: str) -> ServiceItemQuerySet:
    """The rows by the column that `?sort=` names; by code, those on today's handling list first, when it names none."""
    column = SORTS.get(asked.removeprefix("-"))
    if column in COUNTED:
        rows = rows.with_counts()
    if column is None:
        today = todays_list()
        # Without a list the mark is the same number everywhere, and a number to order by would name a column.
        return rows.listed(today).order_by("-listed_today", "code") if today else rows.order_by("code")
    return rows.order_by(f"-{column}" if asked.startswith("-") else column, "code")


def todays_list() -> list[int]:
    """Keys of the items on the handling lists of programmes that run today, as the layer above tells them."""
    return list(import_string(settings.CATALOG_TODAYS_LIST)(clock.today()))
