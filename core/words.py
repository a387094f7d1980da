"""Dates, lights and other facts put into the words of the page's language (LOOK.md section 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.forms import BoundField, Select
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core import shapes

FOLD_FROM = 7
"""So many counted days stand one by one; more are folded into runs."""


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")


def _day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _weekday(day: date) -> str:
    return "周" + "一二三四五六日"[day.weekday()]


def half_word(half: str) -> str:
    """Morning or afternoon for AM or PM."""
    return {"AM": _("morning"), "PM": _("afternoon")}.get(str(half or ""), "")


def weekday_word(weekday: int) -> str:
    """A weekday (0 is Monday) as short as it goes: 周三, in English Wed."""
    return f"周{'一二三四五六日'[weekday]}" if _chinese() else str(WEEKDAYS_ABBR[weekday])


def weekly_word(weekday: int, half: str = "") -> str:
    """A day of every week (0 is Monday), or a half of it: 周三下午, in English Wednesday afternoons."""
    if _chinese():
        return weekday_word(weekday) + half_word(half)
    return f"{WEEKDAYS[weekday]} {half_word(half)}s" if half else f"{WEEKDAYS[weekday]}s"


def long_date(value: date | datetime | None, half: str = "") -> str:
    """2026-05-18（周一）上午, in English Mon 18 May 2026, morning. Nothing for None."""
    return _dated(value, half, chinese="%Y-%m-%d", english="D j M Y")


def short_date(value: date | datetime | None, half: str = "") -> str:
    """05-18（周一）, in English Mon 18 May; for tables within one year."""
    return _dated(value, half, chinese="%m-%d", english="D j M")


def _dated(value: date | datetime | None, half: str, *, chinese: str, english: str) -> str:
    if not value:
        return ""
    day, word = _day(value), half_word(half)
    if _chinese():
        return f"{day:{chinese}}（{_weekday(day)}）{word}"
    return date_format(day, english) + (f", {word}" if word else "")


def stamp(value: datetime | None) -> str:
    """A moment with its time of day: 2026-07-13（周一）10:20."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    gap = "" if _chinese() else " "
    return f"{long_date(local)}{gap}{local:%H:%M}"


def duration(value: timedelta | None) -> str:
    """How long something took: to the second below an hour, so that parts add up; to the minute above."""
    seconds = max(0, round(value.total_seconds())) if value is not None else 0
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return _("%(rest)d s") % {"rest": rest}
    if minutes < 60:
        return _("%(minutes)d min %(rest)02d s") % {"minutes": minutes, "rest": rest}
    return _("%(hours)d h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}


def department(value: Any) -> str:
    """A department by its short name in the reader's language; a plain word stays."""
    return str(getattr(value, "label", "") or getattr(value, "short_name", "") or value or "")


def _days(number: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", number) % {"n": number}


def _one_light(colour: str, days: int | None, short: bool) -> tuple[str, str]:
    """The word and the days of a light; working days, negative or red meaning overdue."""
    if colour == "red":
        return (_("%(days)s overdue") % {"days": _days(abs(days))} if days else _("Overdue")), ""
    if colour == "paused":
        return _("Clock paused"), ""
    if colour not in {"green", "yellow"}:
        return _("No limit"), ""
    if days == 0:
        return _("Due today"), ""
    left = _("%(days)s left") % {"days": _days(days)} if days is not None else ""
    if short and left:
        return left, ""
    return (_("On time") if colour == "green" else _("Due soon")), left


def lights(value: Any, *, short: bool = False) -> list[dict[str, str]]:
    """What to draw for a light: one sign, and beside a paused one the red that it does not hide."""
    colour = str(getattr(value, "colour", "none") or "none")
    days: int | None = getattr(value, "days", None)
    colours = [colour, "red"] if colour == "paused" and days is not None and days < 0 else [colour]
    signs = [_sign(each, days, short) for each in colours]
    if getattr(value, "frozen", False):
        _freeze(signs[-1])
    return signs


def _freeze(sign: dict[str, str]) -> None:
    """A stopped clock: met says so and no more; missed keeps its days."""
    if sign["colour"] in {"green", "yellow"}:
        sign |= {"colour": "green", "icon": shapes.LIGHT_ICONS["green"], "word": _("Met in time"), "left": ""}
    else:
        sign["word"] = _("%(light)s, frozen") % {"light": sign["word"]}


def _sign(colour: str, days: int | None, short: bool) -> dict[str, str]:
    word, left = _one_light(colour, days, short)
    return {"colour": colour, "icon": shapes.LIGHT_ICONS.get(colour, "dash-circle-dotted"), "word": word, "left": left}


@dataclass(frozen=True)
class Run:
    """Counted days in a row, as one chip."""

    text: str
    due: bool


def runs(days: Sequence[date], due: date | None) -> list[Run]:
    """Counted days as chips: one by one, or from more than seven on as runs. The due day always stands alone."""
    alone = [day for day in days if day == due]
    rest = [day for day in days if day != due]
    if len(days) <= FOLD_FROM:
        return [Run(f"{day:%m-%d}", day == due) for day in days]
    chips = []
    for _key, group in groupby(enumerate(rest), key=lambda pair: pair[1] - timedelta(days=pair[0])):
        members = [day for _index, day in group]
        chips.append(Run(_run_text(members[0], members[-1]), due=False))
    return chips + [Run(f"{day:%m-%d}", due=True) for day in alone]


def _run_text(first: date, last: date) -> str:
    if first == last:
        return f"{first:%m-%d}"
    end = f"{last:%d}" if first.month == last.month else f"{last:%m-%d}"
    return _("%(first)s to %(last)s") % {"first": f"{first:%m-%d}", "last": end}


def fold(entries: Sequence[Any]) -> list[dict[str, Any]]:
    """Timeline entries in groups: important ones as they are, neighbours that are not behind one line to open."""
    return [
        {"open": important, "entries": list(group)}
        for important, group in groupby(entries, key=lambda entry: bool(_get(entry, "important", True)))
    ]


def _get(entry: Any, name: str, default: Any) -> Any:
    return entry.get(name, default) if isinstance(entry, dict) else getattr(entry, name, default)


KINDS = {
    "CheckboxInput": "check",
    "RadioSelect": "choices",
    "CheckboxSelectMultiple": "choices",
    "Textarea": "text",
    "ClearableFileInput": "file",
    "FileInput": "file",
    "PasswordInput": "password",
}


def field_parts(bound: BoundField, label: str = "", help_text: str = "", *, plain: bool = False) -> dict[str, Any]:
    """How a field is drawn: the widget with its classes and described-by, its kind, label, help and longest length.

    A form's `needed_when` (field name → words) says of a field when it is needed, where it is neither always nor never.
    """
    widget = bound.field.widget
    kind = next((KINDS[base.__name__] for base in type(widget).__mro__ if base.__name__ in KINDS), "input")
    label = str(label or bound.label)
    help_words = "" if plain else help_text or bound.help_text
    length = widget.attrs.get("maxlength") or getattr(bound.field, "max_length", None)
    counted = bool(length) and kind == "text"
    described = [f"{bound.auto_id}_help"] if help_words or counted else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    attrs: dict[str, Any] = {}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if kind not in {"check", "choices"}:
        css = "form-select" if isinstance(widget, Select) else "form-control"
        attrs["class"] = f"{css} {widget.attrs.get('class', '')}".strip()
    if counted:
        attrs["data-count"] = f"{bound.auto_id}_count"
    if widget.attrs.get("placeholder") == label:
        attrs["placeholder"] = ""
    return {
        "bound": bound,
        "kind": kind,
        "label": label,
        "help_words": help_words,
        "needed_when": getattr(bound.form, "needed_when", {}).get(bound.name, ""),
        "length": length if counted else None,
        "typed": len(str(bound.value() or "")),
        "control": bound.as_widget(attrs=attrs),
    }
