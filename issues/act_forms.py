"""What each act asks for: triage and the answers of departments. Field names are those of the service's arguments."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, User
from core.forms import SeveralField, TextField, VersionForm
from issues import clocks
from issues.choices import RejectReason
from issues.models import Issue

LONG = 2000
"""Characters that a free text of an act may have."""


class ActForm(VersionForm):
    """The base of all: the issue it is about, the person who acts, the version it was opened at."""

    def __init__(self, *args: Any, issue: Issue, user: User, **kwargs: Any) -> None:
        self.issue, self.user = issue, user
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = issue.version
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and initial values from the issue."""


def long_text(label: Any, *, required: bool = True, help_text: Any = "", rows: int = 4, limit: int = LONG) -> TextField:
    """A text area with a count of its length."""
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": limit})
    return TextField(label=label, required=required, max_length=limit, widget=widget, help_text=help_text)


def day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day, with the browser's own picker."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


def departments(label: Any, *, required: bool = True, help_text: Any = "") -> forms.ModelChoiceField[Department]:
    """One department by its short name."""
    rows = Department.objects.all()
    return forms.ModelChoiceField(
        queryset=rows, label=label, required=required, help_text=help_text, empty_label=_("Choose")
    )


def several_departments(label: Any, *, help_text: Any = "") -> SeveralField[Department]:
    """Any number of departments, ticked."""
    return SeveralField(
        queryset=Department.objects.all(),
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )


def one_of(label: Any, choices: Sequence[tuple[Any, Any]], *, required: bool = True) -> forms.ChoiceField:
    """Radio buttons, none chosen."""
    return forms.ChoiceField(label=label, choices=list(choices), required=required, widget=forms.RadioSelect)


def yes_no(label: Any, yes: Any, no: Any) -> forms.TypedChoiceField:
    """A decision that is never preset."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", yes), ("no", no)],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class NoteForm(ActForm):
    """An act that needs no more than a click; a word is welcome."""

    note = long_text(_("Remark"), required=False, rows=3)


class ReasonForm(ActForm):
    """An act that needs its reason in words."""

    note = long_text(_("Reason"))


class CommentForm(ActForm):
    note = long_text(_("Comment"))


class LimitForm(ActForm):
    """A class of limit, or an agreed date in its place."""

    rectify_days = forms.TypedChoiceField(label=_("Limit (working days)"), coerce=int, widget=forms.RadioSelect)
    due_on = day(_("Or an agreed date"), required=False, help_text=_("An agreed date takes the place of the days."))

    def prepare(self) -> None:
        classes = clocks.current_rule().rectify_classes or clocks.RECTIFY_CLASSES
        field = self.fields["rectify_days"]
        known = self.issue.rectify_days
        days = sorted({*classes, known} if known is not None else set(classes))
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared above
        field.choices = [(n, _("%(n)s working days") % {"n": n} if n else _("On the spot")) for n in days]
        field.initial = known

    def clean_due_on(self) -> date | None:
        due_on: date | None = self.cleaned_data["due_on"]
        if due_on is not None and not clocks.calendar_for(self.issue).is_workday(due_on):
            raise ValidationError(_("Nobody works on this day. Choose a working day."))
        return due_on


class AssignForm(LimitForm):
    """Who leads, who supports, by when, and which seam it is."""

    lead_department = departments(_("Who leads"))
    supporting = several_departments(_("Supporting departments"), help_text=_("Each gets a task with its own date."))
    needing_department = departments(_("Who needs"), required=False)
    holding_departments = several_departments(_("Who holds"))
    note = long_text(_("Note for the departments"), required=False, rows=3)
    field_order = (
        "lead_department",
        "rectify_days",
        "due_on",
        "supporting",
        "needing_department",
        "holding_departments",
        "note",
    )

    def prepare(self) -> None:
        super().prepare()
        self.share_departments()
        holders = [department.pk for department in self.issue.holding_departments.all()]
        needs = self.issue.needing_department_id
        self.fields["needing_department"].initial = needs
        self.fields["lead_department"].initial = needs
        self.fields["holding_departments"].initial = holders
        self.fields["supporting"].initial = [pk for pk in holders if pk != needs]

    def share_departments(self) -> None:
        """Four lists of the same departments, read once."""
        rows = [(department.pk, str(department)) for department in Department.objects.all()]
        for field in self.fields.values():
            if isinstance(field, forms.ModelMultipleChoiceField):
                field.choices = rows
            elif isinstance(field, forms.ModelChoiceField):
                field.choices = [("", _("Choose")), *rows]


class RejectForm(ActForm):
    reason = one_of(_("Why not accepted"), RejectReason.choices)
    note = long_text(_("Explanation for the finder"), help_text=_("The finder reads this text."))


class MergeForm(ActForm):
    """Names the other issue by its number, which works for a register of any length."""

    into = TextField(label=_("Number of the other issue"), max_length=40)
    note = long_text(_("Remark"), required=False, rows=3)

    def prepare(self) -> None:
        alike = self.similar()
        if alike:
            self.fields["into"].help_text = _("Same item: %(numbers)s") % {"numbers": ", ".join(alike)}

    def similar(self) -> list[str]:
        """Numbers of open issues about the same item, newest first."""
        if self.issue.item_id is None:
            return []
        rows = Issue.objects.visible_to(self.user).open().filter(item_id=self.issue.item_id).exclude(pk=self.issue.pk)
        return list(rows.values_list("number", flat=True)[:5])

    def clean_into(self) -> Issue:
        found: Issue | None = Issue.objects.visible_to(self.user).filter(number=self.cleaned_data["into"]).first()
        if found is None:
            raise ValidationError(_("There is no issue with this number. Numbers look like WT-2026-001."))
        return found


class TransferForm(ActForm):
    to = departments(_("Which department should lead"))
    note = long_text(_("Reason"))


class RuleTransferForm(ActForm):
    lead_department = departments(_("Who leads"))
    note = long_text(_("Reason of the ruling"))


class SendBackForm(ActForm):
    proposed = departments(_("Who should lead instead"), required=False)
    note = long_text(_("Reason"))
