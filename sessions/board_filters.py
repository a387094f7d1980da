"""What the week board leaves out: by hall, zone, department of the window or of the visitor, and state."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from catalog.models import Window
from sessions.planning import Plan

ALL = "all"
ONLY = [
    ("", _("All windows")),
    ("taken", _("With a sitting")),
    ("free", _("With a free half-day")),
    ("findings", _("With something to check")),
]
Pairs = list[tuple[str, Any]]


def _named(rows: Iterable[tuple[int, str]], everything: Any) -> Pairs:
    return [("", everything), *((str(pk), name) for pk, name in dict(rows).items())]


class BoardFilter(forms.Form):
    """Choices come from the plan that is loaded; what means nothing is left out."""

    hall = forms.ChoiceField(label=_("Hall"), required=False)
    zone = forms.ChoiceField(label=_("Zone"), required=False)
    host = forms.ChoiceField(label=_("Department of the window"), required=False)
    home = forms.ChoiceField(label=_("Department of the visitor"), required=False)
    only = forms.ChoiceField(label=_("Windows"), choices=ONLY, required=False)

    def __init__(self, data: Mapping[str, Any], *, plan: Plan) -> None:
        # Without a word the first hall is shown, all of them only when asked for.
        first = str(plan.halls[0].pk) if plan.halls else ""
        given = {name: data.get(name, "") for name in ("zone", "host", "home", "only")}
        halls = [str(hall.pk) for hall in plan.halls]
        wanted = data.get("hall", "")
        super().__init__(given | {"hall": wanted if wanted in {*halls, ALL} else first})
        self._offer(plan)

    def _offer(self, plan: Plan) -> None:
        hall = self.data["hall"]
        windows = [window for window in plan.windows if hall in {ALL, str(window.hall_id)}]
        hosts: list[Department] = [window.department for window in windows if window.department]
        homes = {person.department_id: person.department for person in plan.people.values()}
        choices = {
            "hall": [(ALL, _("All halls")), *((str(one.pk), one.name) for one in plan.halls)],
            "zone": _named(((window.zone_id, window.zone.name) for window in windows), _("All zones")),
            "host": _named(((one.pk, one.label) for one in hosts), _("All departments")),
            "home": _named(homes.items(), _("All departments")),
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def value(self, name: str) -> str:
        """What is chosen; nothing for what means nothing."""
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))

    def number(self, name: str) -> int | None:
        """The key of the chosen hall, zone or department; None for all of them."""
        value = self.value(name)
        return int(value) if value and value != ALL else None

    @property
    def chosen(self) -> bool:
        """Whether more than the hall is chosen."""
        return any(self.value(name) for name in ("zone", "host", "home", "only"))

    def windows(self, plan: Plan) -> list[Window]:
        """The windows of the plan that hall, zone and host leave."""
        wanted = {"hall_id": self.number("hall"), "zone_id": self.number("zone"), "department_id": self.number("host")}
        asked = {name: value for name, value in wanted.items() if value is not None}
        return [one for one in plan.windows if all(getattr(one, name) == value for name, value in asked.items())]
