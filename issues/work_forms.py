"""What each act asks for: rectification, supervision, verification, look-back."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from core.forms import TextField
from core.images import Box
from issues.act_forms import ActForm, LimitForm, day, departments, long_text, one_of, yes_no
from issues.choices import Answer, EvidenceKind, NoticeColour, Outcome, SuspendCause, VerificationKind
from issues.conditions import last_rectification
from issues.evidence_forms import BOXES_LENGTH, PicturesField, ask_again, boxes_of_each
from issues.models import FollowUp, SupervisionNotice, Task
from issues.services.re_walk import free_walkers, free_windows, neutral_walkers
from sessions.choices import Purpose
from sessions.models import HandledCase, StepRun

MAX_MEASURES = 20


class TaskChoice(forms.ModelChoiceField[Task]):
    def label_from_instance(self, obj: Task) -> str:
        return f"{obj.department}: {obj.title}"


class CaseChoice(forms.ModelChoiceField[HandledCase]):
    """Walks by date, window and walker; simulated ones say so."""

    def label_from_instance(self, obj: HandledCase) -> str:
        sitting = obj.window_session
        simulated = f" · {_('Simulated material')}" if obj.simulated else ""
        return f"{sitting.date} {sitting.get_half_display()} · {sitting.window} · {sitting.director}{simulated}"


class NoticeChoice(forms.ModelChoiceField[SupervisionNotice]):
    def label_from_instance(self, obj: SupervisionNotice) -> str:
        return gettext("%(colour)s No. %(number)d: %(text)s") % {
            "colour": obj.get_colour_display(),
            "number": obj.number,
            "text": obj.text,
        }


class LookBackChoice(forms.ModelChoiceField[FollowUp]):
    def label_from_instance(self, obj: FollowUp) -> str:
        return f"{obj.get_kind_display()} · {obj.due_on}"


def only_choice(field: forms.Field, rows: QuerySet[Any]) -> None:
    """Offer these rows; where there is but one, it is chosen already."""
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - said for the type checker
    found = [(row.pk, field.label_from_instance(row)) for row in rows]
    field.queryset = rows
    field.choices = found if len(found) == 1 else [("", _("Choose")), *found]
    field.initial = found[0][0] if len(found) == 1 else None


class SubmitRectificationForm(ActForm):
    """Measures line by line, what was achieved, and evidence."""

    needed_when: ClassVar[dict[str, Any]] = {
        "legal_basis": _("needed where law does not allow it"),
        "evidence_note": _("needed without a picture taken afterwards"),
    }

    measures = long_text(_("Measures"), help_text=_("One measure a line."), rows=5)
    outcome = one_of(_("What was achieved"), Outcome.choices)
    legal_basis = TextField(
        label=_("Rule that forbids more"),
        required=False,
        max_length=300,
        help_text=_("Name the law and the article."),
    )
    evidence_note = long_text(
        _("Evidence in words"),
        required=False,
        rows=3,
        help_text=_("Which document says so, and where it lies."),
    )
    pictures = PicturesField(label=_("Pictures taken afterwards"), required=False)
    no_personal_data = forms.BooleanField(
        label=_("I have looked: no name, number or face of a citizen can be seen"), required=False
    )
    boxes = forms.CharField(required=False, widget=forms.HiddenInput, max_length=BOXES_LENGTH)
    note = long_text(_("Note for the verifier"), required=False, rows=3)

    def prepare(self) -> None:
        self.fields["pictures"].widget.attrs["data-boxes-field"] = "boxes"

    @property
    def after_count(self) -> int:
        """Pictures of this round taken afterwards."""
        return self.issue.screenshots.filter(kind=EvidenceKind.AFTER, round=self.issue.round).count()

    def clean_measures(self) -> list[str]:
        lines = [line.strip() for line in str(self.cleaned_data["measures"]).splitlines() if line.strip()]
        if len(lines) > MAX_MEASURES:
            raise ValidationError(_("At most %(limit)s measures.") % {"limit": MAX_MEASURES})
        return lines

    def clean_boxes(self) -> list[list[Box]]:
        """The boxes to be burnt into each picture."""
        return boxes_of_each(self.cleaned_data["boxes"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.errors:
            ask_again(self, len(given.get("pictures") or []))
        return given


class SuspendForm(ActForm):
    cause = one_of(_("Cause"), SuspendCause.choices)
    review_on = day(_("Review date"), help_text=_("A working day on which the cause is looked at again."))
    note = long_text(_("Remark"), required=False, rows=3)


class RequestExtensionForm(ActForm):
    days = forms.IntegerField(label=_("Working days asked for"), min_value=1, max_value=60)
    reason = long_text(_("Reason"))


class DecideExtensionForm(ActForm):
    granted = yes_no(_("Decision"), _("Grant"), _("Refuse"))
    note = long_text(_("Reason"))


class AddTaskForm(ActForm):
    department = departments(_("Supporting department"))
    title = TextField(label=_("What is to be done"), max_length=200)
    due_on = day(_("Due"))


class FinishTaskForm(ActForm):
    task = TaskChoice(queryset=Task.objects.none(), label=_("Task"))
    result = long_text(_("What was done"))

    def prepare(self) -> None:
        mine = self.user.grants.departments(Role.LIAISON)
        rows = Task.objects.filter(issue=self.issue, department_id__in=mine, done_at=None, round=self.issue.round)
        only_choice(self.fields["task"], rows.select_related("department"))


class SuperviseForm(ActForm):
    colour = one_of(_("Colour"), NoticeColour.choices)
    text = long_text(_("What is demanded"))
    due_on = day(_("Answer due"))


class AnswerSupervisionForm(ActForm):
    notice = NoticeChoice(queryset=SupervisionNotice.objects.none(), label=_("Notice"))
    reply = long_text(_("Answer"))

    def prepare(self) -> None:
        only_choice(self.fields["notice"], self.issue.supervision_notices.filter(replied_at=None))


class CoordinateForm(ActForm):
    participants = TextField(label=_("Who met"), max_length=300)
    agreed = long_text(_("What was agreed"))


class PlanReWalkForm(ActForm):
    """Who walks it again today, and at which window: by default that of the scene."""

    def prepare(self) -> None:
        nothing = _("Please choose")
        self.fields["walker"] = forms.ModelChoiceField(
            queryset=free_walkers(self.issue),
            label=_("Who walks"),
            empty_label=nothing,
            help_text=_("Neutral people who sit nowhere in this half-day."),
        )
        window = forms.ModelChoiceField(
            queryset=free_windows(self.issue),
            label=_("Window"),
            initial=self.issue.window_id,
            help_text=_(
                "Windows at which nobody sits in this half-day. If the scene's is missing, it is free in the next one."
            ),
        )
        # With an initial value the field would drop it, and a browser take the first window for a taken one.
        window.empty_label = nothing
        self.fields["window"] = window


class VerifyForm(ActForm):
    """The way of verification decides which of the other fields count."""

    needed_when: ClassVar[dict[str, Any]] = {
        "case": _("needed for a re-walk"),
        "answer": _("needed for a return visit"),
        "passed": _("needed for a re-walk or a document check"),
    }

    kind = one_of(_("Way of verification"), VerificationKind.choices)
    case = CaseChoice(
        queryset=HandledCase.objects.none(),
        label=_("Re-walk"),
        required=False,
        help_text=_("Only ended verification walks of the same item after the rectification are listed."),
    )
    answer = one_of(_("Return visit: is it done?"), Answer.choices, required=False)
    passed = forms.TypedChoiceField(
        label=_("Finding"),
        choices=[("yes", _("Passed")), ("no", _("Not passed"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    note = long_text(_("What was seen"))

    def prepare(self) -> None:
        only_choice(self.fields["case"], self.walks())

    def walks(self) -> QuerySet[HandledCase]:
        """Ended verification walks of the item since it was handed in."""
        handed_in = last_rectification(self.issue)
        rows = HandledCase.objects.filter(
            item_id=self.issue.item_id,
            purpose=Purpose.VERIFICATION,
            ended_at__isnull=False,
            window_session__director__in=neutral_walkers(self.issue),
        ).exclude(window_session__home_department_id=self.issue.lead_department_id)
        rows = rows.exclude(Exists(StepRun.objects.filter(case=OuterRef("pk"), result="")))
        if handed_in is not None:
            rows = rows.filter(started_at__gte=handed_in.submitted_at)
        return rows.select_related("window_session__window", "window_session__director").order_by("-pk")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind, passed = data.get("kind"), data.pop("passed", None)
        if kind in {VerificationKind.RE_WALK, VerificationKind.DOCUMENT_CHECK} and passed is None:
            self.add_error("passed", _("Say whether it passed."))
        if kind == VerificationKind.RE_WALK and not data.get("case"):
            self.add_error("case", _("Choose the re-walk. If there is none, plan one at the window first."))
        if kind == VerificationKind.RETURN_VISIT and not data.get("answer"):
            self.add_error("answer", _("Note the answer: yes, partly or no."))
        return data | {"passed": bool(passed)}


class ReturnForReworkForm(LimitForm):
    note = long_text(_("What is to be done again"))
    field_order = ("note", "rectify_days", "due_on")


class ReopenForm(LimitForm):
    """From CLOSED a limit for the new round; otherwise only the reason."""

    note = long_text(_("What does not hold"))
    field_order = ("note", "rectify_days", "due_on")

    def prepare(self) -> None:
        super().prepare()
        if self.issue.closed_at is None:
            del self.fields["rectify_days"], self.fields["due_on"]


class LookBackForm(ActForm):
    follow_up = LookBackChoice(queryset=FollowUp.objects.none(), label=_("Occasion"))
    holds = yes_no(_("Does it still hold?"), _("Still holds"), _("No longer holds"))
    note = long_text(_("What was seen"))

    def prepare(self) -> None:
        only_choice(self.fields["follow_up"], self.issue.follow_ups.filter(done_at=None, round=self.issue.round))


class FollowUpForm(ActForm):
    answer = one_of(_("Is it done?"), Answer.choices, required=False)
    note = long_text(_("What was said"))
