"""Leave of directors as pages tell it, and what of the plan it breaks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Posting
from core import clock
from core.words import half_word, long_date
from core.workdays import Calendar
from sessions import planning, rules
from sessions.choices import RuleName
from sessions.models import Availability, WindowSession
from sessions.posts import Person
from sessions.workflow import BEFORE_START


def weekdays() -> list[tuple[int, str]]:
    """Number and name of each day of the week, Monday first."""
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return list(enumerate(names))


@dataclass(frozen=True, slots=True)
class Broken:
    """A coming session that a leave stands against."""

    row: Any
    finding: rules.Finding


@dataclass
class OnLeave:
    """A director with the leave to come and what it breaks."""

    person: Person
    absences: list[Availability] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)


def when(absence: Availability) -> str:
    """The time in words: from, until, which half of each day, or which weekday."""
    first, last = long_date(absence.starts_on), long_date(absence.ends_on)
    if absence.weekday is not None:
        day = dict(weekdays())[absence.weekday]
        text = _("Every %(weekday)s %(half)s from %(first)s to %(last)s")
        return text % {"weekday": day, "half": half_word(absence.half) or _("all day"), "first": first, "last": last}
    if absence.starts_on == absence.ends_on:
        return long_date(absence.starts_on, absence.half)
    if absence.half:
        text = _("%(first)s to %(last)s, each %(half)s")
        return text % {"first": first, "last": last, "half": half_word(absence.half)}
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def broken_by(absences: Iterable[Availability]) -> list[Broken]:
    """The coming sessions of these people that their leave stands against, in order of time (one query)."""
    times: dict[int, list[rules.Absence]] = {}
    for one in absences:
        times.setdefault(one.user_id, []).append(
            rules.Absence(one.starts_on, one.ends_on, one.half, one.weekday, one.reason)
        )
    if not times:
        return []
    rows = WindowSession.objects.filter(director_id__in=times, status__in=BEFORE_START, date__gte=clock.today())
    found = []
    for row in rows.with_people().order_by("date", "half", "window__number"):
        person = person_of_row(row)
        facts = rules.Facts(row.programme, clock.today(), Calendar({}), frozenset(), absences=times)
        found += [Broken(row, one) for one in rules.ask(RuleName.AVAILABILITY, rules.standing(row, person), facts)]
    return found


def person_of_row(row: Any) -> Person:
    """The director of a session as the rules see one."""
    home = row.home_department
    return Person(
        row.director_id, row.director.display_name, row.rank, home.pk if home else 0, home.label if home else ""
    )


def people_on_leave(postings: Sequence[Posting]) -> list[OnLeave]:
    """These directors with their leave to come and what it breaks, in two queries."""
    rows = {posting.user_id: OnLeave(planning.person_of(posting)) for posting in postings}
    absences = list(Availability.objects.filter(user_id__in=rows).coming(clock.today()))
    for absence in absences:
        rows[absence.user_id].absences.append(absence)
    for one in broken_by(absences):
        rows[one.row.director_id].broken.append(one)
    return list(rows.values())
