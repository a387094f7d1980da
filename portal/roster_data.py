"""A hall's week for other programs: JSON of a fixed shape (docs/roster-data.md) and CSV for table programs."""

import csv
import io
import json
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.inert import inert
from core.words import half_word
from portal.rosters import Shown
from sessions.rosters import Line

VERSION = 1
"""Rises when a key changes its meaning or goes; new keys do not change it."""


def as_json(shown: Shown) -> bytes:
    """The whole week, keys in English, names in the language of the request."""
    release = shown.release
    data: dict[str, Any] = {
        "version": VERSION,
        "hall": {"code": shown.hall.code, "name": shown.hall.name},
        "week": shown.week.key,
        "first_day": shown.week.monday.isoformat(),
        "last_day": shown.week.sunday.isoformat(),
        "release": release
        and {"number": release.number, "published_at": timezone.localtime(release.published_at).isoformat()},
        "sittings": [_sitting(line, shown) for _day, lines in shown.days for line in lines],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _sitting(line: Line, shown: Shown) -> dict[str, Any]:
    first, last = shown.hall.hours(line.half)
    return {
        "date": line.day.isoformat(),
        "half": line.half,
        "starts": f"{first:%H:%M}",
        "ends": f"{last:%H:%M}",
        "window": line.window,
        "window_name": line.window_name,
        "floor": str(line.data.get("floor", "")),
        "zone": str(line.data.get("zone", "")),
        "host": line.host,
        "who": line.who,
        "instead_of": line.former,
        "state": line.state,
    }


def as_csv(shown: Shown) -> bytes:
    """One row a sitting, with a byte order mark for Excel and WPS; no cell is ever taken for a formula."""
    heads = [_("Date"), _("Half-day"), _("Begins"), _("Ends"), _("Window"), _("Window name"), _("Location")]
    heads += [_("Host"), _("Director"), _("instead of"), _("State")]
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(heads)
    for _day, lines in shown.days:
        rows.writerows([inert(cell) for cell in _row(line, shown)] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def _row(line: Line, shown: Shown) -> list[str]:
    first, last = shown.hall.hours(line.half)
    when = [line.day.isoformat(), half_word(line.half), f"{first:%H:%M}", f"{last:%H:%M}"]
    return [*when, line.window, line.window_name, line.place, line.host, line.who, line.former, state_word(line.state)]


def state_word(state: str) -> str:
    """The public word of a state."""
    return {
        "planned": pgettext("session", "Planned"),
        "sitting": pgettext("session", "Sitting now"),
        "finished": pgettext("session", "Finished"),
        "missed": pgettext("session", "Missed"),
        "cancelled": pgettext("session", "Cancelled"),
    }[state]
