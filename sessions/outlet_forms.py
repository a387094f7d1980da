"""Forms of the ways a roster goes out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import User
from catalog.models import Hall
from core.forms import TextField

WAYS = [
    ("hand", _("By hand: somebody looks at the week and publishes it")),
    ("schedule", _("By itself on its release day, when nothing speaks against it")),
]
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class ReleaseRuleForm(forms.Form):
    """By hand or by schedule, and at what time."""

    way = forms.ChoiceField(label=_("How the roster goes out"), choices=WAYS, widget=forms.RadioSelect)
    at = forms.TimeField(label=_("At what time"), widget=TIME)

    def for_service(self) -> dict[str, Any]:
        """What `set_release_rule` takes."""
        return {"by_schedule": self.cleaned_data["way"] == "schedule", "at": self.cleaned_data["at"]}


class ScreenForm(forms.Form):
    """One more screen in a hall of mine."""

    hall = forms.ModelChoiceField(label=_("Hall"), queryset=Hall.objects.none(), empty_label=None)
    name = TextField(label=_("Where it hangs"), max_length=60)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Hall.objects.filter(pk__in=actor.grants.halls(Role.HALL_ADMINISTRATOR))
        self.fields["hall"].queryset = mine  # type: ignore[attr-defined]
