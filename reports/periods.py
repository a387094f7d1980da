"""The period a dashboard speaks of, as the address says it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.doors import Text


class Span(TextChoices):
    WEEK = "week", _("This week")
    MONTH = "month", _("This month")
    ALL = "all", _("Since the start")
    CUSTOM = "custom", _("Own dates")


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included; `first` is None since the start."""

    span: str
    first: date | None
    last: date

    @property
    def label(self) -> Text:
        return Span(self.span).label


class PeriodForm(forms.Form):
    """The period from the address; bad dates fall back to everything, with a message."""

    span = forms.ChoiceField(choices=Span.choices, required=False)
    first = forms.DateField(label=_("From"), required=False)
    last = forms.DateField(label=_("Until"), required=False)

    def period(self, today: date) -> Period:
        """The chosen period, up to `today`."""
        self.is_valid()
        given = self.cleaned_data
        span = given.get("span") or Span.ALL.value
        if span == Span.WEEK:
            return Period(span, today - timedelta(days=today.weekday()), today)
        if span == Span.MONTH:
            return Period(span, today.replace(day=1), today)
        first, last = given.get("first"), given.get("last")
        if span == Span.CUSTOM and (first or last) and (first or date.min) <= (last or today):
            return Period(span, first, last or today)
        return Period(Span.ALL.value, None, today)
