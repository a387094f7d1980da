"""Forms that bring an issue into being: from scratch, from a blocked step, from a line of a feedback form."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Role
from accounts.models import Department, User
from catalog.choices import Half
from catalog.models import Hall, ServiceItem, Window
from core import clock
from core.forms import SeveralField, TextField
from core.images import Box
from issues.choices import Cause, IssueSeverity, Source
from issues.evidence_forms import BOXES_LENGTH, PicturesField, WithPictures, boxes_of_each
from issues.models import IssueCategory

MAX_TEXT = 2000
MAX_OFFERED = 3
PICTURE_FIELDS = ("pictures", "no_personal_data", "boxes")
# What a person of the hall may name as source; the rest come from sessions and forms.
OFFICE_SOURCES = [
    Source.UNRESOLVED_WINDOW,
    Source.INSPECTION,
    Source.HOTLINE,
    Source.MEETING,
    Source.EXPERIENCE_OFFICER,
    Source.CROSS_SESSION,
    Source.SITTING,
]
FINDER_SOURCES = [Source.INSPECTION, Source.MEETING, Source.UNRESOLVED_WINDOW]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ProblemForm(WithPictures):
    """What every way of raising an issue asks: what went wrong, of which kind, and pictures."""

    title = TextField(
        label=_("Title"), max_length=100, help_text=_("One sentence: who is sent where, or asked for what.")
    )
    description = TextField(label=_("What went wrong"), max_length=MAX_TEXT, widget=_area(5))
    category = forms.ModelChoiceField(IssueCategory.objects.all(), label=_("Category"), empty_label=_("Choose"))
    severity = forms.ChoiceField(label=_("Severity"), choices=IssueSeverity.choices, initial=IssueSeverity.NORMAL)
    cause = forms.ChoiceField(label=_("Blocker"), choices=[("", _("Not known yet")), *Cause.choices], required=False)
    suggestion = TextField(label=_("Suggestion"), max_length=MAX_TEXT, widget=_area(3), required=False)
    pictures = PicturesField(label=_("Pictures"), required=False)
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

    def facts(self) -> dict[str, Any]:
        """The issue's own fields, for `issues.services`."""
        left = {"token", *PICTURE_FIELDS}
        return {name: value for name, value in self.cleaned_data.items() if name not in left}


class StepForm(ProblemForm):
    """A blocked step: item, step, scene and guide are known; the documents say who holds what is asked for."""

    documents = forms.MultipleChoiceField(
        label=_("Which documents is it about?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, snapshot: dict[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.papers = {str(paper["number"]): paper for paper in snapshot.get("documents", [])}
        self.fields["documents"].choices = [  # type: ignore[attr-defined]
            (number, paper_label(paper)) for number, paper in self.papers.items()
        ]
        if not self.papers:
            del self.fields["documents"]

    def facts(self) -> dict[str, Any]:
        """With the seam: the departments that issue the chosen documents hold what is asked for."""
        found = super().facts()
        chosen = [self.papers[number] for number in found.pop("documents", [])]
        names = {paper["source_department"] for paper in chosen if paper.get("source_department")}
        found["document_codes"] = [paper["code"] for paper in chosen]
        found["document_names"] = "、".join(paper["name"] for paper in chosen)[:300]
        found["holding_departments"] = list(Department.objects.filter(short_name__in=names))
        return found


def paper_label(paper: dict[str, Any]) -> str:
    """A document with who already holds it, so that the seam is seen while choosing."""
    if paper.get("source_department"):
        return str(_("%(name)s (held by %(holder)s)") % {"name": paper["name"], "holder": paper["source_department"]})
    return str(paper["name"])


class SeamForm(ProblemForm):
    """An issue whose seam is chosen by hand."""

    needing_department = forms.ModelChoiceField(
        Department.objects.all(), label=_("Who needs"), required=False, empty_label=_("Not known yet")
    )
    holding_departments = SeveralField(
        Department.objects.all(), label=_("Who holds"), required=False, widget=forms.CheckboxSelectMultiple
    )
    document_names = TextField(label=_("Documents concerned"), max_length=300, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Two lists of the same departments, read once.
        rows = [(department.pk, str(department)) for department in Department.objects.all()]
        self.fields["holding_departments"].choices = rows  # type: ignore[attr-defined]
        self.fields["needing_department"].choices = [("", _("Not known yet")), *rows]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A department does not hold what it needs itself. Raises ValidationError."""
        given = super().clean() or self.cleaned_data
        need, hold = given.get("needing_department"), given.get("holding_departments") or []
        if need is not None and need in hold:
            self.add_error("holding_departments", _("Who needs and who holds are two departments."))
        return {**given, "holding_departments": list(hold)}


class FeedbackForm(SeamForm):
    """A line of a feedback form; the scene is that of the session."""


class ItemField(forms.CharField):
    """A service item by its name or code, from those the person sees."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=200, **options)
        self.queryset = ServiceItem.objects.none()

    def clean(self, value: Any) -> ServiceItem | None:
        words = str(super().clean(value)).strip()
        if not words:
            return None
        rows = self.queryset.select_related("department")
        exact = rows.filter(code__iexact=words) or rows.filter(name=words)
        found: list[ServiceItem] = list(exact or rows.filter(name__icontains=words)[:9])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(_("No item has this name or code. Leave it empty if none fits."), code="unknown")
        names = " / ".join(item.name for item in found[:MAX_OFFERED])
        raise ValidationError(_("Several items fit: %(names)s"), code="several", params={"names": names})


class RegisterForm(SeamForm):
    """An issue from scratch."""

    hall = forms.ModelChoiceField(Hall.objects.all(), label=_("Hall"), empty_label=_("Choose"))
    window = forms.ModelChoiceField(
        Window.objects.select_related("hall"), label=_("Window"), required=False, empty_label=_("Not known")
    )
    item = ItemField(label=_("Service item"), required=False, help_text=_("Name or code."))
    step_name = TextField(label=_("Step"), max_length=100, required=False)
    found_on = forms.DateField(
        label=_("Found on"), initial=clock.today, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    half = forms.ChoiceField(label=_("Half-day"), choices=[("", _("Not known")), *Half.choices], required=False)
    source = forms.ChoiceField(label=_("Source"))
    found_by_label = TextField(
        label=_("Found by"), max_length=100, required=False, help_text=_("Only if it was somebody else: role, no name.")
    )
    reach = TextField(label=pgettext_lazy("issue", "Reach"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        office = user.grants.has(Role.REFORM_OFFICE, Role.HALL_ADMINISTRATOR)
        sources = OFFICE_SOURCES if office else FINDER_SOURCES
        if user.grants.has(Role.EXPERIENCE_OFFICER):
            others = [source for source in sources if source != Source.EXPERIENCE_OFFICER]
            sources = [Source.EXPERIENCE_OFFICER, *others]
        self.fields["source"].choices = [(source.value, source.label) for source in sources]  # type: ignore[attr-defined]
        self.fields["item"].queryset = ServiceItem.objects.visible_to(user)  # type: ignore[attr-defined]
        halls = user.grants.halls(Role.HALL_ADMINISTRATOR, Role.GUIDE)
        if halls and not user.grants.has(Role.REFORM_OFFICE):
            self.fields["hall"].queryset = Hall.objects.filter(pk__in=halls)  # type: ignore[attr-defined]
        if not office:
            del self.fields["found_by_label"]

    def clean_found_on(self) -> Any:
        """Raises ValidationError for a day to come."""
        day = self.cleaned_data["found_on"]
        if day > clock.today():
            raise ValidationError(_("This day lies in the future. Choose today or earlier."), code="future")
        return day

    def clean(self) -> dict[str, Any]:
        """The window stands in the hall. Raises ValidationError."""
        given = super().clean()
        window, hall = given.get("window"), given.get("hall")
        if window is not None and hall is not None and window.hall_id != hall.pk:
            self.add_error("window", _("This window stands in another hall: %(hall)s") % {"hall": window.hall})
        return given

    def facts(self) -> dict[str, Any]:
        """With the finder: somebody else's find is registered on their behalf."""
        found = super().facts()
        if found.get("found_by_label"):
            found["found_by"] = None
        item = found.get("item")
        if item is not None and found.get("needing_department") is None:
            found["needing_department"] = item.department
        return found
