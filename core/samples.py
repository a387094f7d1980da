"""Sample data for the sheet of components: nobody's real work, only shapes to look at."""

from datetime import UTC, date, datetime
from types import SimpleNamespace as Sample
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core import shapes

SWATCHES = ("ink", "teal-900", "teal-600", "teal-100", "copper-600", "copper-100", "paper", "sand", "control")


class SampleForm(forms.Form):
    """One field of each kind."""

    measure = forms.CharField(
        label=gettext_lazy("Measure"),
        help_text=gettext_lazy("At least one; it is printed on the close-out sheet"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    until = forms.DateField(label=gettext_lazy("Extended to"), widget=forms.DateInput(attrs={"type": "date"}))
    lead = forms.ChoiceField(
        label=gettext_lazy("Lead department"), choices=[("", "—"), ("1", "住建局"), ("2", "交通局")]
    )
    note = forms.CharField(label=gettext_lazy("Remark"), required=False)
    solved = forms.ChoiceField(
        label=gettext_lazy("Is it done?"),
        choices=[
            ("yes", pgettext_lazy("solved", "yes")),
            ("partly", pgettext_lazy("solved", "partly")),
            ("no", pgettext_lazy("solved", "no")),
        ],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label=gettext_lazy("I have read the scope notice"), required=False)
    pictures = forms.FileField(
        label=gettext_lazy("Pictures"),
        required=False,
        widget=forms.FileInput(attrs={"data-images": "", "accept": "image/*"}),
    )


def _light(colour: str, days: int | None = None, frozen: bool = False) -> Sample:
    return Sample(colour=colour, days=days, frozen=frozen)


def _clocks() -> list[Sample]:
    month = [date(2026, 5, day) for day in (25, 26, 27, 28, 29)]
    june = [date(2026, 6, day) for day in (1, 2, 3, 4, 5, 8, 9, 10, 11, 12)]
    july = [date(2026, 7, day) for day in (10, 13, 14, 15, 16)]
    more = [date(2026, 6, day) for day in (15, 16, 17)]
    return [
        Sample(name=_("Acknowledge"), light=_light("green", 0, frozen=True), dates=[date(2026, 5, 22)], due_on=None),
        Sample(name=_("Rectify"), light=_light("red", 15, frozen=True), dates=month + june, extension_dates=more),
        Sample(name=_("Verify"), light=_light("yellow", 1), dates=july, due_on=date(2026, 7, 16)),
    ]


def _entries() -> list[Sample]:
    moment = datetime(2026, 7, 13, 2, 20, tzinfo=UTC)
    minor = {"actor": "系统", "text": "提醒", "quote": "", "meta": "", "icon": "clock", "tone": "", "moment": moment}
    return [
        Sample(
            actor="水利局局长", text="复走核验，结论：通过", quote="六辆车系统全部核出。", meta="", **_plain(moment)
        ),
        Sample(
            actor="综合行政执法局", text="提交整改，结果：已解决", quote="", meta="佐证 2 份", **_plain(moment, "send")
        ),
        Sample(important=False, **minor),
        Sample(important=False, **minor),
        Sample(actor="交通局局长", text="走流程时登记，附截图 3 张", quote="", meta="", **_plain(moment, "plus-lg")),
    ]


def _plain(moment: datetime, icon: str = "check-lg") -> dict[str, Any]:
    return {"moment": moment, "icon": icon, "tone": "", "important": True}


def _path() -> list[dict[str, Any]]:
    return [
        {"label": _("Registered"), "state": "done", "text": "05-20 交通局局长"},
        {"label": _("To acknowledge"), "state": "done", "text": "05-21 改革办交办", "light": _light("green", 0)},
        {"label": _("Rectifying"), "state": "done", "text": "05-22 签收", "light": _light("red", 15)},
        {"label": _("To verify"), "state": "now", "icon": "eye", "text": "07-09 提交", "light": _light("yellow", 1)},
        {"label": _("Closed out"), "state": "next", "icon": "patch-check", "text": ""},
    ]


def context() -> dict[str, Any]:
    """Everything that the sheet draws."""
    bound = SampleForm({"measure": "材料清单第 7、8 项改为", "until": "2026-13-26", "lead": "2"})
    return {
        "swatches": SWATCHES,
        "issue_states": list(shapes.ISSUE_STATES),
        "session_states": list(shapes.SESSION_STATES),
        "step_states": list(shapes.STEP_STATES),
        "lights": [_light("green", 6), _light("yellow", 1), _light("yellow", 0), _light("red", 3), _light("paused"),
                   _light("paused", -4), _light("none"), _light("green", 2, frozen=True)],
        "long": ["综合行政执法局", "自然资源和规划局", "住建局"],
        "clocks": _clocks(),
        "entries": _entries(),
        "nodes": _path(),
        "steps": ["done", "blocked", "now", "waiting", "waiting", "waiting", "waiting"],
        "form": SampleForm(),
        "bound": bound,
        "chips": [Sample(label=_("Light"), value=_("Overdue"), remove_url="?")],
        "page_obj": Paginator(range(95), 12).get_page(3),
        "day": date(2026, 5, 18),
    }  # fmt: skip
