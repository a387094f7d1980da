"""The form of a look-back sample."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.idempotency import OnceForm
from issues.act_forms import day
from issues.services.sampling import LARGEST

USUAL_PERIOD = timedelta(days=90)
LONGEST_PERIOD = timedelta(days=366)


class DrawSampleForm(OnceForm):
    """Of what, how many, until when. The seed is no field: nobody chooses it."""

    closed_from = day(_("Closed from"))
    closed_to = day(_("Closed until"))
    size = forms.IntegerField(label=_("How many issues"), required=False, min_value=1, max_value=LARGEST)
    share = forms.IntegerField(label=_("Or which share (per cent)"), required=False, min_value=1, max_value=100)
    due_on = day(_("Look back until"), help_text=_("A working day; the look-backs stand under Today from then on."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closed_from"].initial = clock.today() - USUAL_PERIOD
        self.fields["closed_to"].initial = clock.today()
        self.fields["share"].help_text = _("Rounded up, %(limit)s issues at most.") % {"limit": LARGEST}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("closed_from"), data.get("closed_to")
        if first and last and not first <= last <= first + LONGEST_PERIOD:
            self.add_error("closed_to", _("The last day comes after the first, within a year."))
        if not {"size", "share"} & self.errors.keys() and (data.get("size") is None) == (data.get("share") is None):
            self.add_error("size", _("Say either how many or which share."))
        return data
