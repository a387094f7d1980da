"""Reasons, clashes and changes in the words of the language at hand."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Rank
from sessions.rotation import explaining, gathering
from sessions.rotation.diagnosing import HOSTS, PEOPLE, Clash, Diagnosis, Repair, possible, receivable
from sessions.rotation.instance import Instance, Quota
from sessions.rotation.master import (
    ABSENCE,
    DAY,
    DESKS,
    HOST_MAXIMUM,
    HOST_MINIMUM,
    MAXIMUM,
    MINIMUM,
    OWN,
    SAME_HOST,
)
from sessions.rotation.phrases import (
    director_words,
    half_days,
    listed,
    period_words,
    place_words,
    quota_words,
    slot_words,
    visits,
)
from sessions.rotation.solving import Plan

FEW = 6


def reason_text(code: str, values: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """One reason of a placement; `names` gives departments their words."""
    given = dict(values)
    for key in ("home", "host"):
        if key in given:
            given[key] = names.get(given[key], given[key])
    if code == explaining.SEAM and given.get("documents"):
        text = ngettext(
            "%(home)s and %(host)s share %(documents)s document",
            "%(home)s and %(host)s share %(documents)s documents",
            given["documents"],
        )
        return text % given
    if code == explaining.CHANCES:
        text = ngettext(
            "%(free)s half-day was possible this week", "%(free)s half-days were possible this week", given["free"]
        )
        return text % given
    if code == explaining.QUOTA:
        label = given["label"] = period_words(given.get("label", ""))
        text = _("number %(number)s of %(of)s owed in %(label)s") if label else _("number %(number)s of %(of)s owed")
        return text % given
    texts = {
        explaining.FIRST: _("first time %(home)s sits at %(host)s"),
        explaining.AGAIN: _("at %(host)s again: visit no. %(times)s"),
        explaining.PAIR_AGAIN: _("%(home)s has been to %(host)s before"),
        explaining.SHARED_DESK: _("a comprehensive window, which belongs to no department"),
        explaining.SEAM: _("%(home)s and %(host)s chafe (strength %(strength)s)"),
        explaining.ONLY_CHANCE: _("the only possible half-day of the week"),
        explaining.BALANCE: _("visit %(number)s of %(of)s to %(host)s"),
    }
    return texts[code] % given


def clash_lines(instance: Instance, clash: Clash) -> list[str]:
    """The rules of one cause, alike ones together."""
    together = gathering.clash_lines(instance, clash)
    if together:
        return together
    lines = [*_demands(instance, clash), *_limits(instance, clash)]
    slots = sorted({rule.slot for rule in clash if rule.kind == DESKS and rule.slot is not None})
    owed = sum(rule.quota.minimum for rule in clash if rule.kind == MINIMUM and rule.quota)
    seats = sum(desks[slot] for desks in instance.capacity.values() for slot in slots)
    if len(slots) > 1 and owed > seats:
        text = _("In all %(owed)s are owed; there are only %(seats)s free seats.")
        lines.append(text % {"owed": half_days(owed), "seats": seats})
    for slot in slots[:FEW]:
        lines.append(_desks(instance, slot))
    if len(slots) > FEW:
        lines.append(_("The same holds for %(count)s more half-days.") % {"count": len(slots) - FEW})
    if any(rule.kind == OWN for rule in clash):
        homes = listed(sorted({place_words(instance, rule.place) for rule in clash if rule.kind == OWN}))
        lines.append(_("Nobody sits at the own department's desk: %(homes)s.") % {"homes": homes})
    if any(rule.kind == SAME_HOST for rule in clash):
        text = _("At most %(most)s of one person to the same host.")
        lines.append(text % {"most": visits(instance.max_same_host or 0)})
    return lines


def _demands(instance: Instance, clash: Clash) -> Iterable[str]:
    """Who must sit how often and when each could; which host must be visited how often."""
    for rule in clash:
        if rule.kind == HOST_MINIMUM:
            text = _("%(host)s must receive at least %(least)s and can receive %(most)s.")
            values = {"host": place_words(instance, rule.place), "most": receivable(instance, rule.place)}
            yield text % (values | {"least": visits(instance.host_quota(rule.place).minimum)})
    together: dict[tuple[Quota, frozenset[int]], list[str]] = {}
    for rule in clash:
        if rule.kind == MINIMUM and rule.quota:
            usable = instance.reach[rule.director] & rule.quota.slots
            together.setdefault((rule.quota, usable), []).append(rule.director)
    if len(together) > FEW:
        together = _crowded(together)
    for (quota, usable), people in together.items():
        # Why somebody can never come differs from person to person.
        for group in [people] if usable else [[one] for one in people]:
            yield _must_sit(instance, quota, usable, group)


def _crowded(
    together: dict[tuple[Quota, frozenset[int]], list[str]],
) -> dict[tuple[Quota, frozenset[int]], list[str]]:
    """Many people by quota alone."""
    found: dict[tuple[Quota, frozenset[int]], list[str]] = {}
    for (quota, usable), people in together.items():
        found.setdefault((quota, quota.slots if usable else usable), []).extend(people)
    return found


def _must_sit(instance: Instance, quota: Quota, usable: frozenset[int], people: Sequence[str]) -> str:
    values: dict[str, Any] = {
        "who": listed(director_words(instance, one.id) for one in instance.directors if one.id in people),
        "least": half_days(quota.minimum),
        "when": quota_words(quota),
        "rank": Rank(quota.rank).label,
    }
    if len(people) == 1:
        text = _("%(who)s must sit at least %(least)s %(when)s (quota of rank %(rank)s).")
    else:
        text = _("Each of these %(count)s must sit at least %(least)s %(when)s (quota of rank %(rank)s): %(who)s.")
        values["count"] = len(people)
    if len(people) > FEW and len(usable) > FEW:
        return text % values
    return f"{text % values} {_chances(instance, quota, usable, people[0])}".strip()


def _chances(instance: Instance, quota: Quota, usable: frozenset[int], director: str) -> str:
    if not usable:
        free = len(instance.director_of[director].free & quota.slots)
        if not free:
            return _("Away the whole time.")
        return _("Free in %(count)s, but no desk is open then that may be used.") % {"count": half_days(free)}
    number = possible(instance, instance.director_of[director], quota)
    if len(usable) > FEW:
        said = _("Possible: %(count)s.") % {"count": half_days(number)}
        if len(usable) > number:
            day = half_days(instance.max_half_days_per_day)
            said = _("Possible: %(count)s (at most %(day)s a day).") % {"count": half_days(number), "day": day}
        return said
    slots = listed(slot_words(instance, slot) for slot in sorted(usable))
    return _("Possible only: %(slots)s.") % {"slots": slots}


def _limits(instance: Instance, clash: Clash) -> Iterable[str]:
    """What may not be exceeded."""
    hosts: dict[int, list[str]] = {}
    people: dict[Quota, list[str]] = {}
    for rule in clash:
        if rule.kind == HOST_MAXIMUM:
            most = instance.host_quota(rule.place).maximum or 0
            hosts.setdefault(most, []).append(place_words(instance, rule.place))
        elif rule.kind == MAXIMUM and rule.quota:
            people.setdefault(rule.quota, []).append(director_words(instance, rule.director))
    for most, names in hosts.items():
        text = _("At most %(most)s each: %(hosts)s.")
        yield text % {"most": visits(most), "hosts": listed(names)}
    for quota, names in people.items():
        text = _("At most %(most)s %(when)s: %(who)s.")
        yield text % {"most": half_days(quota.maximum or 0), "when": quota_words(quota), "who": listed(names)}
    days = sorted({director_words(instance, rule.director) for rule in clash if rule.kind == DAY})
    if days:
        text = _("At most %(most)s a day: %(who)s.")
        yield text % {"most": half_days(instance.max_half_days_per_day), "who": listed(days)}


def _desks(instance: Instance, slot: int) -> str:
    """Which desks are open in a half-day."""
    taken = {(one.desk, one.slot) for one in instance.given}
    desks = [
        desk.id if instance.codes_known else desk.name
        for desk in instance.desks
        if slot in desk.open and (desk.id, slot) not in taken
    ]
    if not desks:
        return _("%(when)s: no desk is open.") % {"when": slot_words(instance, slot)}
    shown = listed(desks[:FEW]) + ("…" if len(desks) > FEW else "")
    text = ngettext(
        "%(when)s: only %(count)s desk is open (%(desks)s).",
        "%(when)s: only %(count)s desks are open (%(desks)s).",
        len(desks),
    )
    return text % {"when": slot_words(instance, slot), "count": len(desks), "desks": shown}


def repair_heading(instance: Instance, repair: Repair) -> str:
    """How many changes of which sort; no number where a whole rank's target is said as one change."""
    sort = next((word for known, word in _sorts() if repair.kinds <= known), _("of several sorts"))
    if len(gathering.changes(instance, repair)) < len(repair.changes):
        text = _("With these changes a plan exists (%(sort)s):")
    elif repair.smallest:
        text = _("Smallest changes after which a plan exists (%(sort)s): %(size)s in all.")
    else:
        text = _("Changes after which a plan exists (%(sort)s): %(size)s in all; fewer may be enough.")
    return text % {"sort": sort, "size": repair.size}


def _sorts() -> list[tuple[frozenset[str], str]]:
    return [
        (PEOPLE, _("quotas of people")),
        (HOSTS, _("quotas of hosts")),
        (frozenset({ABSENCE}), _("half-days in which people come")),
        (frozenset({DESKS}), _("open desks")),
    ]


def diagnosis_lines(instance: Instance, diagnosis: Diagnosis) -> list[str]:
    """All causes and ways out, one sentence a line."""
    lines = []
    for number, clash in enumerate(gathering.clashes(instance, diagnosis.clashes), 1):
        lines.append(_("Reason %(number)s: this cannot hold together.") % {"number": number})
        lines += [f"  - {line}" for line in clash_lines(instance, clash)]
    for repair in diagnosis.repairs:
        lines.append(repair_heading(instance, repair))
        lines += [f"  - {text}" for text, _rule, _amount in gathering.changes(instance, repair)]
    return lines


def balance_line(instance: Instance, plan: Plan) -> str:
    """The balance and what is proved of it."""
    values: dict[str, Any] = {"balance": plan.balance, "bound": plan.bound, "hosts": len(instance.hosts)}
    if plan.proved:
        return _("balance %(balance)s over %(hosts)s hosts, proved to be the smallest possible") % values
    return _("balance %(balance)s over %(hosts)s hosts; %(bound)s has not been ruled out") % values
