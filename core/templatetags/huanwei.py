"""The components of LOOK.md as template tags and filters. They are built in: no `{% load %}` is needed.

Small: `{% icon "bell" %}` `{% mark %}` `{% asset "dist/app.css" %}`
States: `{% issue_state issue.status %}` `{% session_state s.status %}` `{% step_state step.result %}`
    `{% redaction shot.redaction 2 %}`
Light: `{% light l %}` `{% light l short=True %}` for anything with `colour`, `days` (negative, or red: overdue)
    and `frozen`; `{{ l.colour }}` is green, yellow, red, paused or none
Labels: `{% tag "text" %}` `{% tag kind="simulated" %}` `{% notice_flag "RED" 3 %}` `{% strength 5 %}`
Seam: `{% seam need holders %}` `{% seam need holders url=u %}`
    `{% seam need holders large=True document="…" need_note="…" hold_note="…" %}`
Pictures: `{% thumb shot count=3 %}`; `shot` has `caption` and `thumbnail_url` ("" when the viewer may not see it),
    or is None
Forms: `{% field form.title %}` `{% field form.kind row=True %}` `{% form_errors form %}`
Lists: `{% pager page_obj %}` `{% sort_header "due" label %}` `{% chips chips clear_url %}`
    `{% empty title text url label %}`
Time: `{% clock_line clock %}` `{{ day|hdate:"AM" }}` `{{ day|short_date }}` `{{ moment|stamp }}`
Progress: `{% progress_blocks steps %}` `{% state_path nodes %}` `{% timeline entries %}`
Figures: `{% figure_tile name=… value=… unit=… numerator=… denominator=… numerator_url=… denominator_url=… formula=… %}`

The frame of every page is `page` (`core.context`): no view may put another `page` into its context.
The classes for page anatomy (work rows, cards, facts, checks, step cards, board) are shown on `/components/`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.core.paginator import Page
from django.db.models.manager import BaseManager
from django.forms import BaseForm, BoundField
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import shapes, words

register = template.Library()
register.simple_tag(shapes.asset, name="asset")
register.simple_tag(shapes.icon, name="icon")
register.simple_tag(shapes.mark, name="mark")
register.filter("hdate", words.long_date)
register.filter("short_date", words.short_date)
register.filter("stamp", words.stamp)
register.filter("duration", words.duration)


def _badge(look: shapes.Look, fallback: str) -> SafeString:
    css, icon_name, label = look
    return format_html('<span class="badge-state {}">{}{}</span>', css, shapes.icon(icon_name), label or fallback)


@register.simple_tag
def issue_state(status: Any) -> SafeString:
    """The badge of an issue's state: tinted rectangle, icon and word."""
    return _badge(shapes.ISSUE_STATES.get(str(status).upper(), shapes.UNKNOWN), str(status))


@register.simple_tag
def session_state(status: Any) -> SafeString:
    """The badge of a window session's state."""
    return _badge(shapes.SESSION_STATES.get(str(status).upper(), shapes.UNKNOWN), str(status))


@register.simple_tag
def step_state(result: Any) -> SafeString:
    """The badge of a step in a run: `""` or WAITING, RUNNING, OK, BLOCKED."""
    return _badge(shapes.STEP_STATES.get(str(result or "WAITING").upper(), shapes.UNKNOWN), str(result))


@register.simple_tag
def redaction(state: Any, boxes: int = 0) -> SafeString:
    """What was done about personal data on a picture: UNCHECKED, CLEAN or REDACTED with the number of boxes."""
    css, icon_name, label = shapes.REDACTIONS.get(str(state).upper(), shapes.REDACTIONS["UNCHECKED"])
    text: str = str(label)
    if str(state).upper() == "REDACTED" and boxes:
        text = ngettext("%(n)s place covered", "%(n)s places covered", boxes) % {"n": boxes}
    return format_html('<span class="redaction {}">{}{}</span>', css, shapes.icon(icon_name), text)


@register.inclusion_tag("components/light.html")
def light(value: Any, short: bool = False) -> dict[str, Any]:
    """A clock's light as shape, word and working days; None draws "no limit"."""
    return {"lights": words.lights(value, short=short)}


@register.simple_tag
def tag(text: Any = "", kind: str = "") -> SafeString:
    """A sand label; kinds are hold, need, line and simulated (which brings its own words)."""
    if kind == "simulated":
        text = text or _("Simulated material")
    return format_html('<span class="tag {}">{}</span>', f"tag-{kind}" if kind else "", text)


@register.simple_tag
def notice_flag(colour: Any, number: Any, short: bool = False) -> SafeString:
    """The solid flag of a supervision notice: BLUE, ORANGE or RED, and its number."""
    css, long_word, short_word = shapes.NOTICES.get(str(colour).upper(), shapes.NOTICES["BLUE"])
    text = (short_word if short else long_word) % {"number": f"{number:0>2}"}
    return format_html('<span class="notice-flag {}">{}{}</span>', css, shapes.icon("flag-fill"), text)


@register.inclusion_tag("components/strength.html")
def strength(number: int) -> dict[str, Any]:
    """Seam strength: bars, word and number; weak up to 2, strong from 5."""
    level = 1 if number <= 2 else 2 if number <= 4 else 3
    return {"number": number, "level": level, "word": (_("weak"), _("medium"), _("strong"))[level - 1]}


@register.inclusion_tag("components/seam.html")
def seam(need: Any, holders: Any = None, **options: Any) -> dict[str, Any]:
    """A pair of departments, need side first. Options: `url`, `large`, `document`, `need_note`, `hold_note`."""
    names = [words.department(holder) for holder in _as_list(holders)]
    hold = names[0] if names else ""
    if len(names) > 1:
        hold = _("%(name)s and others, %(n)s in all") % {"name": names[0], "n": len(names)}
    return {"need": words.department(need), "hold": hold, "all_holders": names, **options}


def _as_list(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    if isinstance(value, BaseManager):
        value = value.all()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return list(value)
    return [value]


@register.inclusion_tag("components/thumb.html")
def thumb(screenshot: Any = None, count: int = 0) -> dict[str, Any]:
    """A row's picture: shown, hidden (unchecked) or absent."""
    return {"shot": screenshot, "count": count, "url": getattr(screenshot, "thumbnail_url", "")}


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField, label: str = "", help_text: str = "", row: bool = False, plain: bool = False
) -> dict[str, Any]:
    """One form field: label above, optional marked, help (none if `plain`), count and errors by aria-describedby."""
    return words.field_parts(bound, label, help_text, plain=plain) | {"row": row}


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """The summary on top of a refused form; it takes the focus and links to the fields."""
    links = [(form[name], errors) for name, errors in form.errors.items() if name in form.fields]
    return {"form": form, "links": links, "general": form.non_field_errors() if form.is_bound else []}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", action_url: str = "", action_label: str = "") -> dict[str, Any]:
    """What is not there, what will bring it, one way onward."""
    return {"title": title, "text": text, "action_url": action_url, "action_label": action_label}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: RequestContext, page_obj: Page[Any]) -> dict[str, Any]:
    """Pages of a list; the other parameters of the address stay."""
    window = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=2, on_ends=1)
    return {"request": context.get("request"), "page_obj": page_obj, "numbers": list(window)}


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: RequestContext, key: str, label: str, css: str = "") -> dict[str, Any]:
    """A column head that sorts by `?sort=key`, again by `?sort=-key`; the arrow says which way it is sorted now."""
    request = context["request"]
    now = request.GET.get("sort", "")
    return {
        "request": request,
        "label": label,
        "css": css,
        "up": now == key,
        "down": now == f"-{key}",
        "next": f"-{key}" if now == key else key,
    }


@register.inclusion_tag("components/chips.html")
def chips(items: Sequence[Any], clear_url: str = "") -> dict[str, Any]:
    """Chosen conditions, each with `label`, `value` and `remove_url`; one link clears them all."""
    return {"items": items, "clear_url": clear_url}


@register.inclusion_tag("components/clock_line.html")
def clock_line(clock: Any) -> dict[str, Any]:
    """A limit with its sum: `name`, `light`, `dates`; if known `extension_dates`, `due_on`, `skipped`, `note`."""
    due: date | None = getattr(clock, "due_on", None)
    sign = getattr(clock, "light", None)
    last = None if getattr(sign, "frozen", False) else due
    return {
        "clock": clock,
        "days": words.runs(list(getattr(clock, "dates", None) or []), last),
        "extension": words.runs(list(getattr(clock, "extension_dates", None) or []), last),
        "due_css": f"due-{getattr(sign, 'colour', 'none')}",
    }


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """Newest first. Entries: `actor`, `text`, `moment`, `icon`, `quote`, `meta`, `important`, `tone`."""
    return {"groups": words.fold(list(entries))}


@register.inclusion_tag("components/progress_blocks.html")
def progress_blocks(steps: Iterable[Any]) -> dict[str, Any]:
    """One block a step, by its `state`: done, blocked, now or waiting (a plain word works as well)."""
    states = [str(s if isinstance(s, str) else getattr(s, "state", "waiting")) for s in steps]
    position = next((i for i, s in enumerate(states, 1) if s == "now"), 0)
    done = sum(s in {"done", "blocked"} for s in states)
    return {"states": states, "total": len(states), "position": position, "done": done}


@register.inclusion_tag("components/state_path.html")
def state_path(nodes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The way of an issue across the page. Nodes: `label`, `icon`, `state` (done, now, next), `text`, `light`."""
    return {"nodes": list(nodes)}


@register.inclusion_tag("components/figure_tile.html")
def figure_tile(**parts: Any) -> dict[str, Any]:
    """A number that can be questioned: name, value, unit, numerator ÷ denominator as links, formula, note."""
    return parts
