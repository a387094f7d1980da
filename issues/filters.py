"""The conditions of the register, read from the address. Bad input is left out and named, never an error."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, User
from catalog.models import Hall, Window
from core.workdays import Calendar
from issues import due
from issues.choices import OPEN, ClockKind, IssueSeverity, IssueStatus, Outcome, Source
from issues.milestones import MISSED, closed_between, judged, moments
from issues.models import Clock, Issue, IssueCategory
from issues.waiting import LABELS, condition

Choices = dict[str, list[tuple[str, str]]]

LIGHTS = [("late", _("Overdue and due soon")), ("red", _("Overdue")), ("yellow", _("Due soon"))]
SORTS = {"registered": "registered_at", "due": "due", "number": "number"}
DAYS = ("registered_from", "registered_to", "closed_from", "closed_to", "due_from", "due_to")


def read_choices() -> Choices:
    """Departments, categories, halls and windows for the selects: one query for all four."""
    text = CharField()
    rows = [
        Department.objects.order_by().values_list(
            Value("department"), "pk", "short_name", "name_en", order(F("sort_order"))
        ),
        IssueCategory.objects.order_by().values_list(Value("category"), "pk", "name", "name_en", "code"),
        Hall.objects.order_by().values_list(Value("hall"), "pk", "name", Value("", text), "code"),
        Window.objects.order_by().values_list(Value("window"), "pk", "number", "name", "number"),
    ]
    english = (get_language() or "").startswith("en")
    found: Choices = {"department": [], "category": [], "hall": [], "window": []}
    for kind, pk, label, other, _order in sorted(rows[0].union(*rows[1:], all=True), key=lambda row: row[4]):
        if kind == "window":
            found[kind].append((str(pk), f"{label} {other}"))
        else:
            found[kind].append((str(pk), other if english and other else label))
    return found


def order(number: Any) -> Any:
    """A number as text of a fixed width, so that it sorts in one column with codes."""
    return Cast(number + 100000, CharField())


class IssueFilter(filters.FilterSet):  # type: ignore[misc] # the library has no types
    """Filters of the register. Give `choices` (from `read_choices`), `today` and `calendar`.

    `qs` holds the rows of every light; `limits` says by which limits those of the chosen light are found.
    """

    q = filters.CharFilter(method="search", label=_("Title, number, item or initials"))
    lead = filters.ChoiceFilter(field_name="lead_department", label=_("Lead department"))
    need = filters.ChoiceFilter(field_name="needing_department", label=_("Who needs"))
    hold = filters.ChoiceFilter(method="by_holder", label=_("Who holds"))
    category = filters.ChoiceFilter(label=_("Category"))
    severity = filters.ChoiceFilter(choices=IssueSeverity.choices, label=_("Severity"))
    light = filters.ChoiceFilter(method="together", choices=LIGHTS, label=_("Light"))
    source = filters.ChoiceFilter(choices=Source.choices, label=_("Source"))
    hall = filters.ChoiceFilter(label=_("Hall"))
    window = filters.ChoiceFilter(label=_("Window"))
    registered_from = filters.DateFilter(method="by_day", label=_("Registered from"))
    registered_to = filters.DateFilter(method="by_day", label=_("Registered until"))
    closed_from = filters.DateFilter(method="together", label=_("Closed from"))
    closed_to = filters.DateFilter(method="together", label=_("Closed until"))
    outcome = filters.ChoiceFilter(choices=Outcome.choices, label=_("Outcome"))
    round = filters.NumberFilter(min_value=1, max_value=99, label=pgettext_lazy("issue", "Round"))
    own = filters.ChoiceFilter(
        method="by_own", choices=[("yes", _("Found in the own department"))], label=_("Own findings")
    )
    waiting = filters.ChoiceFilter(method="by_waiting", choices=list(LABELS.items()), label=_("Waits for me"))
    clock = filters.ChoiceFilter(method="together", choices=ClockKind.choices, label=_("Limit"))
    due_from = filters.DateFilter(method="together", label=_("Due from"))
    due_to = filters.DateFilter(method="together", label=_("Due until"))
    met = filters.ChoiceFilter(
        method="together", choices=[("1", _("Limit met")), ("0", _("Limit missed"))], label=_("Met or missed")
    )

    class Meta:
        model = Issue
        fields: list[str] = []

    def __init__(
        self, data: Any, queryset: Any, *, user: User, choices: Choices, today: date, calendar: Calendar
    ) -> None:
        super().__init__(data, queryset)
        self.user, self.today, self.calendar = user, today, calendar
        for name, kind in SELECTS.items():
            self.filters[name].extra["choices"] = choices[kind]
        for name in DAYS:
            self.filters[name].extra["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        self.filters["q"].extra["widget"] = forms.TextInput(attrs={"type": "search"})
        for found in self.filters.values():
            if isinstance(found, filters.ChoiceFilter):
                found.extra["empty_label"] = _("Any")
        for field in self.form.fields.values():
            select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if select else "form-control"

    def search(self, rows: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        """Every word must be found in title, number, item or the item's pinyin initials."""
        for word in value.split()[:6]:
            rows = rows.filter(
                Q(title__icontains=word)
                | Q(number__icontains=word)
                | Q(item__name__icontains=word)
                | Q(item__initials__icontains=word)
            )
        return rows

    def filter_queryset(self, queryset: QuerySet[Issue]) -> QuerySet[Issue]:
        """Each condition by itself, then those that only say something together."""
        rows: QuerySet[Issue] = super().filter_queryset(queryset)
        given = self.form.cleaned_data
        if given["closed_from"] or given["closed_to"]:
            rows = rows.filter(closed_between(given["closed_from"], given["closed_to"]))
        if given["clock"]:
            limits = judged(given["clock"], given["due_from"], given["due_to"], self.today)
            missed = limits.filter(MISSED).values("issue")
            rows = rows.filter(due.having(limits))
            rows = {"1": rows.exclude(pk__in=missed), "0": rows.filter(pk__in=missed)}.get(given["met"], rows)
        return rows

    @property
    def limits(self) -> QuerySet[Clock] | None:
        """The limits that show the chosen light; None when no light is chosen."""
        match self.form.cleaned_data.get("light"):
            case "red":
                return due.red_limits(self.today)
            case "yellow":
                return due.yellow_limits(self.today, self.calendar)
            case "late":
                return due.late_limits(self.today, self.calendar)
        return None

    def together(self, rows: QuerySet[Issue], name: str, value: Any) -> QuerySet[Issue]:
        """Read with its companions: in `filter_queryset`, or as `limits`."""
        return rows

    def by_day(self, rows: QuerySet[Issue], name: str, value: date) -> QuerySet[Issue]:
        """Whole days of the hall's time zone, as bounds that an index can use."""
        first, last = (value, None) if name.endswith("_from") else (None, value)
        return rows.filter(moments("registered_at", first, last))

    def by_waiting(self, rows: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        return rows.filter(condition(value, self.user, self.today))

    def by_holder(self, rows: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        through = Issue.holding_departments.through
        return rows.filter(pk__in=through._default_manager.filter(department_id=value).values("issue_id"))

    def by_own(self, rows: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        return rows.filter(lead_department__isnull=False, lead_department=F("found_by_department"))


SELECTS = {"lead": "department", "need": "department", "hold": "department", "category": "category"}
SELECTS |= {"hall": "hall", "window": "window"}


def usable(data: QueryDict, bad: Iterable[str]) -> QueryDict:
    """The conditions without those that cannot be read."""
    good = data.copy()
    for name in bad:
        good.pop(name, None)
    return good


# The tabs of the register: name in the address, word, states. The rest of the conditions stay when a tab is chosen.
TABS: list[tuple[str, Any, list[str] | None]] = [
    ("open", pgettext_lazy("issues", "Open"), OPEN),
    *[(state.value, state.label, [state.value]) for state in IssueStatus if state.value in OPEN],
    ("closed", IssueStatus.CLOSED.label, [IssueStatus.CLOSED.value]),
    ("settled", _("Not accepted or merged"), [IssueStatus.REJECTED.value, IssueStatus.MERGED.value]),
    ("all", pgettext_lazy("issues", "All"), None),
]
