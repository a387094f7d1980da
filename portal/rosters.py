"""What the public sees of the rosters: the latest release of a hall's week, with the state of now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Max
from django.http import Http404

from catalog.models import Hall
from sessions.models import Roster, SessionEvent, WindowSession
from sessions.rosters import Line, by_day, lines_of
from sessions.weeks import Week


def halls_with_rosters() -> list[Hall]:
    """Halls that have published at least once, the one with the newest release first among equals by code."""
    return list(Hall.objects.filter(rosters__isnull=False).distinct().order_by("code"))


def latest(hall: Hall, week: Week) -> Roster | None:
    """The release in force."""
    found = Roster.objects.filter(hall=hall, iso_year=week.year, iso_week=week.number)
    return found.order_by("-number").first()


def with_state(lines: Iterable[Line]) -> list[Line]:
    """The lines with the state that their sessions have now (one query)."""
    rows = list(lines)
    states = dict(WindowSession.objects.filter(pk__in=[line.session_id for line in rows]).values_list("pk", "status"))
    return [replace(line, status=states.get(line.session_id, "")) for line in rows]


@dataclass(frozen=True)
class Shown:
    """A hall's week as the public sees it: the release in force with the state of now."""

    hall: Hall
    week: Week
    release: Roster | None
    lines: list[Line]

    @property
    def days(self) -> list[tuple[date, list[Line]]]:
        return by_day(self.lines)

    def changed_at(self) -> datetime | None:
        """When anything of this was last different: the release, or an act on one of its sessions (one query)."""
        if self.release is None:
            return None
        acts = SessionEvent.objects.filter(window_session__in=[line.session_id for line in self.lines])
        last: datetime | None = acts.exclude(to_state="").aggregate(last=Max("at"))["last"]
        return max(filter(None, (self.release.published_at, last)))


def shown(hall: Hall, week: Week) -> Shown:
    """The week of a hall as last published (two queries)."""
    release = latest(hall, week)
    return Shown(hall, week, release, with_state(lines_of(release)) if release else [])


def chosen(halls: list[Hall], code: str | None) -> Hall | None:
    """The hall of the address, the first one without."""
    return next((hall for hall in halls if hall.code == code), halls[0] if halls else None)


def named(code: str | None) -> Hall:
    """The hall of an address that must name one which publishes, or none at all. Raises Http404."""
    halls = halls_with_rosters()
    found = chosen(halls, code)
    if found is None or code not in {None, found.code}:
        raise Http404
    return found
