"""The form of a programme: its fields, the quotas of each rank, the severity of each rule."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import Rank, Role
from accounts.models import Department, User
from catalog.models import Hall, ServiceItem
from core import clock, together
from core.forms import SeveralField, TextField
from sessions.choices import Mode, ProgrammeKind, QuotaPeriod, RuleName, Severity
from sessions.models import Programme
from sessions.programme_models import default_severities

WEEKDAYS = [
    ("", _("First working day of the week")),
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
]
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
PLAIN = (
    "code",
    "name",
    "kind",
    "modes",
    "starts_on",
    "ends_on",
    "half_days_per_visit",
    "own_department_allowed",
    "announced",
    "notice_days",
    "note",
)


class ProgrammeForm(forms.Form):
    """Everything a programme says. Quotas and severities are fields of their own: quota_RANK_…, rule_NAME."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    token = TextField(widget=forms.HiddenInput, required=False, max_length=64)
    name = TextField(label=_("Programme name"), max_length=200)
    code = TextField(label=_("Programme code"), max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), choices=ProgrammeKind.choices)
    modes = forms.MultipleChoiceField(label=_("Modes"), choices=Mode.choices, widget=forms.CheckboxSelectMultiple)
    starts_on = forms.DateField(label=_("First day"), widget=DATE)
    ends_on = forms.DateField(label=_("Last day"), widget=DATE)
    halls = SeveralField(label=_("Halls"), queryset=Hall.objects.none(), widget=forms.CheckboxSelectMultiple)
    departments = SeveralField(
        label=_("Departments taking part"), queryset=Department.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    handling_list = SeveralField(
        label=_("Handling list"),
        queryset=ServiceItem.objects.published().select_related("department"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("The service items that may be walked."),
    )
    half_days_per_visit = forms.IntegerField(label=_("Half-days per visit"), min_value=1, max_value=10, initial=1)
    own_department_allowed = forms.BooleanField(label=_("The own department's window is allowed"), required=False)
    announced = forms.BooleanField(
        label=_("Announced: names are on the public roster beforehand"), required=False, initial=True
    )
    notice_days = forms.IntegerField(
        label=_("Names are due this many days ahead"), min_value=0, max_value=60, initial=3
    )
    publication_weekday = forms.ChoiceField(
        label=_("Roster is published on"),
        choices=WEEKDAYS,
        required=False,
        help_text=_("Tuesday to Friday mean the week before."),
    )
    note = TextField(label=_("Explanation"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, actor: User, programme: Programme | None = None, **kwargs: Any) -> None:
        self.programme = programme
        kwargs["initial"] = (initial_of(programme) if programme else {}) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        halls = Hall.objects.all()
        if not actor.grants.has(Role.REFORM_OFFICE):
            kept = self.initial.get("halls", [])
            halls = halls.filter(pk__in=[*actor.grants.halls(Role.HALL_ADMINISTRATOR), *kept])
        self._offer("halls", halls)
        self._offer("departments", Department.objects.all())
        self._add_quotas()
        self._add_rules()

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        """The rows to choose from, read once although a page draws them twice."""
        field: Any = self.fields[name]
        field.queryset = rows
        field.choices = [(row.pk, str(row)) for row in rows]

    def _add_quotas(self) -> None:
        for rank in Rank:
            self.fields[f"quota_{rank}_minimum"] = forms.IntegerField(
                label=_("Target (half-days)"), min_value=0, max_value=100, required=False
            )
            self.fields[f"quota_{rank}_maximum"] = forms.IntegerField(
                label=_("At most"), min_value=1, max_value=100, required=False
            )
            self.fields[f"quota_{rank}_period"] = forms.ChoiceField(label=_("Period"), choices=QuotaPeriod.choices)
            self.fields[f"quota_{rank}_period"].initial = QuotaPeriod.PROGRAMME
            self.fields[f"quota_{rank}_floor_per_year"] = forms.IntegerField(
                label=_("At least per year"), min_value=0, max_value=100, required=False
            )

    def _add_rules(self) -> None:
        defaults = default_severities()
        for rule in RuleName:
            field = forms.ChoiceField(label=rule.label, choices=Severity.choices, initial=defaults[rule])
            if rule == RuleName.DOUBLE_BOOKING:
                field.choices = [(Severity.BLOCK.value, Severity.BLOCK.label)]
            self.fields[f"rule_{rule}"] = field

    def quota_rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Rank and its bound fields, for the page."""
        names = ("minimum", "period", "maximum", "floor_per_year")
        return [(str(rank.label), [self[f"quota_{rank}_{name}"] for name in names]) for rank in Rank]

    def rule_fields(self) -> list[forms.BoundField]:
        """The severity of each rule, for the page."""
        return [self[f"rule_{rule}"] for rule in RuleName]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first. Please correct one of them."))
        for rank in Rank:
            low, high = cleaned.get(f"quota_{rank}_minimum"), cleaned.get(f"quota_{rank}_maximum")
            if low and high and high < low:
                self.add_error(f"quota_{rank}_maximum", _("This is less than the target. Please correct one of them."))
        return cleaned

    def fields_for_service(self) -> dict[str, Any]:
        """What `create_programme` and `update_programme` take."""
        cleaned = self.cleaned_data
        weekday = cleaned["publication_weekday"]
        return {name: cleaned[name] for name in (*PLAIN, "halls", "departments", "handling_list")} | {
            "publication_weekday": int(weekday) if weekday else None,
            "severities": {rule.value: cleaned[f"rule_{rule}"] for rule in RuleName},
            "quotas": [self._quota(rank) for rank in Rank],
        }

    def _quota(self, rank: Rank) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "rank": rank.value,
            "period": cleaned[f"quota_{rank}_period"],
            "minimum": cleaned[f"quota_{rank}_minimum"] or 0,
            "maximum": cleaned[f"quota_{rank}_maximum"],
            "floor_per_year": cleaned[f"quota_{rank}_floor_per_year"] or 0,
        }


def _chosen(programme: Programme) -> dict[str, list[int]]:
    """The halls, departments and items that are ticked, by their keys: one query."""
    ticked = {"halls": "hall", "departments": "department", "handling_list": "serviceitem"}
    sets = {name: getattr(Programme, name).through.objects.filter(programme=programme) for name in ticked}
    found = together.fetch(sets)
    return {name: [getattr(row, f"{column}_id") for row in found[name]] for name, column in ticked.items()}


def initial_of(programme: Programme) -> dict[str, Any]:
    """The form's values of a programme that exists."""
    values: dict[str, Any] = {name: getattr(programme, name) for name in PLAIN}
    values |= _chosen(programme)
    weekday = programme.publication_weekday
    values |= {"version": programme.version, "publication_weekday": "" if weekday is None else str(weekday)}
    values |= {f"rule_{rule}": programme.severity(rule) for rule in RuleName}
    for quota in programme.quotas.all():
        for name in ("minimum", "maximum", "period", "floor_per_year"):
            values[f"quota_{quota.rank}_{name}"] = getattr(quota, name)
    return values


def copy_of(programme: Programme) -> dict[str, Any]:
    """The form's values of a programme to come after this one: everything but its code, over the days that follow
    and whose names can still be asked for.
    """
    first, last = following(programme.starts_on, programme.ends_on)
    in_time = clock.today() + timedelta(days=programme.days_ahead)
    while first < in_time:  # names of a period that began already cannot be asked for any more
        first, last = following(first, last)
    return initial_of(programme) | {"version": None, "code": "", "starts_on": first, "ends_on": last}


def following(first: date, last: date) -> tuple[date, date]:
    """The period after this one: whole months after whole months, otherwise as many weeks later as it is long."""
    after = last + timedelta(days=1)
    if first.day == 1 and after.day == 1:
        months = (after.year - first.year) * 12 + after.month - first.month
        until = after.month - 1 + months
        return after, date(after.year + until // 12, until % 12 + 1, 1) - timedelta(days=1)
    weeks = timedelta(weeks=(last - first).days // 7 + 1)
    return first + weeks, last + weeks
