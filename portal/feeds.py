"""A hall's roster as a calendar: it follows the releases, with cancellations as soon as they are made."""

from datetime import datetime, timedelta

from django.db.models import Max, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from catalog.models import Hall
from core import clock
from portal.rosters import with_state
from sessions.calendars import Absolute, Entry, cancelled_title, span, uid_of
from sessions.models import Roster, SessionEvent
from sessions.rosters import Line, lines_of
from sessions.weeks import Week

WEEKS_BACK, WEEKS_AHEAD = 4, 12
STEPS = {"missed": 1, "cancelled": 2}
"""What may become of a line after its release, in order; each step raises the sequence within the release."""


def releases_of(hall: Hall) -> list[Roster]:
    """The releases in force from four weeks back to twelve ahead (one query)."""
    first = Week.of(clock.today()).monday
    weeks = [Week(first + timedelta(weeks=n)) for n in range(-WEEKS_BACK, WEEKS_AHEAD + 1)]
    within = Q()
    for week in weeks:
        within |= Q(iso_year=week.year, iso_week=week.number)
    rows = Roster.objects.filter(within, hall=hall)
    same = Roster.objects.filter(hall=hall, iso_year=OuterRef("iso_year"), iso_week=OuterRef("iso_week"))
    return list(rows.filter(number=Subquery(same.order_by("-number").values("number")[:1])))


def entries_of(hall: Hall, absolute: Absolute) -> list[Entry]:
    """The lines of these releases as events (three queries)."""
    releases = releases_of(hall)
    of_line = {line.session_id: release for release in releases for line in lines_of(release)}
    lines = with_state(line for release in releases for line in lines_of(release))
    acts = SessionEvent.objects.filter(window_session__in=of_line).exclude(to_state="").order_by()
    acted = dict(acts.values("window_session").annotate(last=Max("at")).values_list("window_session", "last"))
    return [_entry(hall, line, of_line[line.session_id], acted.get(line.session_id), absolute) for line in lines]


def _entry(hall: Hall, line: Line, release: Roster, acted: datetime | None, absolute: Absolute) -> Entry:
    starts, ends = span(hall, line.day, line.half)
    title = _("%(who)s sits at window %(window)s") % {"who": line.who, "window": line.window}
    return Entry(
        uid=uid_of(line.session_id, hall.code),
        sequence=release.number * (len(STEPS) + 1) + STEPS.get(line.state, 0),
        changed=max(filter(None, (release.published_at, acted))),
        starts=starts,
        ends=ends,
        summary=cancelled_title(title) if line.cancelled else title,
        location=" ".join(filter(None, (hall.name, line.place, line.window, hall.address))),
        description=_description(line, release),
        url=absolute(hall.code),
        status="CANCELLED" if line.cancelled else "CONFIRMED",
        busy=False,
    )


def _description(line: Line, release: Roster) -> str:
    parts = [line.window_name]
    if line.former and not line.cancelled:
        parts.append(_("instead of %(who)s") % {"who": line.former})
    if line.missed:
        parts.append(_("Did not come."))
    return "\n".join([*parts, _("Release %(n)s") % {"n": release.number}])
