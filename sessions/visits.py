"""A visit of several half-days: which half-days belong to one that begins in a cell."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from catalog.choices import Half
from catalog.models import Window
from sessions import rules
from sessions.choices import RuleName, Severity
from sessions.weeks import Week

ONE_DAY = timedelta(days=1)


def half_days(window: Window, day: date, half: str, facts: rules.Facts) -> list[tuple[date, str]]:
    """The half-days of a visit that begins here: the next open ones at this window within the week.

    As many as the programme wants of a visit; fewer when the week ends before. The first is given even when it is
    closed, so that the rules say why. `facts` must reach to the end of the week.
    """
    later = [slot for slot in _rest_of_week(day, half) if not rules.closed_word(window, *slot, facts)[0]]
    wanted = facts.programme.half_days_per_visit
    return [(day, half), *later][:wanted]


def judge(p: rules.Placement, facts: rules.Facts) -> list[rules.Finding]:
    """Every finding on a visit that would begin with this placement, what blocks first."""
    wanted = facts.programme.half_days_per_visit
    if wanted < 2:
        return rules.judge(p, facts)
    slots = half_days(p.window, p.date, p.half, facts)
    found: dict[str, rules.Finding] = {}
    for day, half in slots:
        for finding in rules.judge(replace(p, date=day, half=half), facts):
            found.setdefault(finding.rule, finding)
    if len(slots) < wanted:
        found[RuleName.VISIT] = rules.Finding(RuleName.VISIT, Severity.BLOCK, too_short(p.window, wanted, len(slots)))
    return sorted(found.values(), key=lambda finding: not finding.blocks)


def too_short(window: Window, wanted: int, count: int) -> str:
    """Why a visit cannot begin so late in the week."""
    text = _("A visit takes %(wanted)s half-days; from here only %(open)s are open at %(window)s in this week.")
    return text % {"wanted": wanted, "open": count, "window": window.number}


def _rest_of_week(day: date, half: str) -> Iterator[tuple[date, str]]:
    sunday = Week.of(day).sunday
    if half == Half.AM:
        yield day, Half.PM.value
    while day < sunday:
        day += ONE_DAY
        yield day, Half.AM.value
        yield day, Half.PM.value
