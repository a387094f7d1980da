"""What is typed at the window: tickets, the case, its steps, its end."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import ServiceItem
from core.forms import TextField, VersionForm
from core.idempotency import OnceForm
from sessions.choices import CaseSource, Consent
from sessions.drawing import split_tickets
from sessions.models import Draw

COUNTER_MAXIMUM = 99
MINUTES_MAXIMUM = 600
NOTE_MAXIMUM = 1000


class DrawForm(OnceForm):
    """The tickets that wait for items of the handling list, as free text."""

    tickets = TextField(
        label=_("Tickets waiting"),
        help_text=_("The numbers waiting for items on the list, separated by spaces or line ends."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_tickets(self) -> list[str]:
        return split_tickets(self.cleaned_data["tickets"])


class AnswerForm(forms.Form):
    """The drawn person's answer, and how many had been drawn when the page was opened."""

    consent = forms.ChoiceField(choices=[(Consent.YES.value, Consent.YES.label), (Consent.NO.value, Consent.NO.label)])
    asked = forms.IntegerField(min_value=1)


class CaseForm(OnceForm):
    """Which item is walked, and with whom: a citizen who agreed, or simulated material."""

    source = forms.ChoiceField(label=_("Whose matter"), choices=CaseSource.choices, widget=forms.RadioSelect)
    item = forms.ModelChoiceField(
        label=_("Service item"), queryset=ServiceItem.objects.none(), widget=forms.RadioSelect
    )
    surname = TextField(
        label=_("Surname"),
        required=False,
        max_length=20,
        help_text=_("Only the first character is kept, such as 王*."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, items: QuerySet[ServiceItem], draw: Draw | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        if draw is None:
            # Without a draw the page offers the draw instead; the citizen's fields would lead nowhere.
            self.fields["source"].initial = None
            del self.fields["surname"]


class StepForm(VersionForm):
    """Counters and note of the running step."""

    documents_asked = forms.IntegerField(label=_("Documents asked for"), min_value=0, max_value=COUNTER_MAXIMUM)
    signatures = forms.IntegerField(label=_("Signatures given"), min_value=0, max_value=COUNTER_MAXIMUM)
    note = TextField(
        label=_("Note on the step"), required=False, max_length=NOTE_MAXIMUM, widget=forms.Textarea(attrs={"rows": 2})
    )


class CloseCaseForm(VersionForm):
    """What the applicant went through, asked when every step has its result."""

    waiting_minutes = forms.IntegerField(
        label=_("Minutes waited"), required=False, min_value=0, max_value=MINUTES_MAXIMUM
    )
    trips = forms.IntegerField(label=_("Trips to the hall"), required=False, min_value=0, max_value=COUNTER_MAXIMUM)
    working_days = forms.DecimalField(
        label=_("Working days until the result"),
        required=False,
        min_value=0,
        max_value=999,
        max_digits=4,
        decimal_places=1,
        help_text=_("Left empty, the sum of the guide's steps is taken."),
    )
    note = TextField(
        label=_("Note on the whole case"),
        required=False,
        max_length=NOTE_MAXIMUM,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReturnForm(forms.Form):
    """Why the reform office gives a feedback form back."""

    reason = TextField(label=_("What should be changed"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
