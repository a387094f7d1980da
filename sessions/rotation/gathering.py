"""What concerns many people alike is said once: the same demand on a whole rank, and the same way out."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from accounts.choices import Rank
from sessions.rotation.diagnosing import Clash, Repair, possible
from sessions.rotation.instance import Instance
from sessions.rotation.master import MINIMUM, Rule
from sessions.rotation.phrases import change_text, director_words, half_days, listed, quota_words

MANY = 3
"""From so many people on they are said together."""


def clashes(instance: Instance, found: Iterable[Clash]) -> list[Clash]:
    """The causes, those in which one person each cannot come as often as the rank must gathered by rank."""
    rows = list(found)
    groups: dict[tuple[str, int, int], list[Rule]] = {}
    for clash in rows:
        key = _alone(instance, clash)
        if key:
            groups.setdefault(key, []).append(clash[0])
    many = {key: rules for key, rules in groups.items() if len({rule.director for rule in rules}) >= MANY}
    return [tuple(rules) for rules in many.values()] + [c for c in rows if _alone(instance, c) not in many]


def _alone(instance: Instance, clash: Clash) -> tuple[str, int, int] | None:
    """Rank, how often it must and how often this person can come; None for another sort of cause."""
    quota = clash[0].quota
    if len(clash) > 1 or clash[0].kind != MINIMUM or quota is None:
        return None
    can = possible(instance, instance.director_of[clash[0].director], quota)
    return (quota.rank, quota.minimum, can) if 0 < can < quota.minimum else None


def clash_lines(instance: Instance, clash: Clash) -> list[str]:
    """The sentences of a gathered cause; empty for any other."""
    quota, key = clash[0].quota, _alone(instance, clash[:1])
    if len(clash) < MANY or quota is None or key is None or any(rule.kind != MINIMUM for rule in clash):
        return []
    values = {
        "count": len({rule.director for rule in clash}),
        "rank": Rank(quota.rank).label,
        "least": half_days(quota.minimum),
        "most": half_days(key[2]),
        "when": _periods(clash),
    }
    lines = [_("%(count)s of rank %(rank)s: at least %(least)s each are asked %(when)s, only %(most)s are possible.")]
    if len(instance.reach[clash[0].director] & quota.slots) > key[2]:
        lines.append(_("Nobody sits more often than %(day)s a day."))
    lines.append(listed(dict.fromkeys(director_words(instance, rule.director) for rule in clash)))
    return [line % (values | {"day": half_days(instance.max_half_days_per_day)}) for line in lines]


def _periods(rules: Iterable[Rule]) -> str:
    return listed(dict.fromkeys(quota_words(rule.quota) for rule in rules if rule.quota))


def changes(instance: Instance, repair: Repair) -> list[tuple[str, Rule, int]]:
    """Each change as its sentence; where a whole rank has to sit less often, its target as one change."""
    groups: dict[tuple[str, int], list[tuple[Rule, int]]] = {}
    for rule, amount in repair.changes:
        if rule.kind == MINIMUM and rule.quota:
            groups.setdefault((rule.quota.rank, rule.quota.minimum), []).append((rule, amount))
    many = {key: rows for key, rows in groups.items() if len({rule.director for rule, _n in rows}) >= MANY}
    found = [(_lower(rows, *key), rows[0][0], max(n for _rule, n in rows)) for key, rows in many.items()]
    for rule, amount in repair.changes:
        if rule.kind != MINIMUM or not rule.quota or (rule.quota.rank, rule.quota.minimum) not in many:
            found.append((change_text(instance, rule, amount), rule, amount))
    return found


def _lower(rows: Sequence[tuple[Rule, int]], rank: str, minimum: int) -> str:
    text = _("Rank %(rank)s: lower the target from %(now)s to %(then)s (%(count)s people, %(when)s)")
    return text % {
        "rank": Rank(rank).label,
        "now": minimum,
        "then": max(0, minimum - max(amount for _rule, amount in rows)),
        "count": len({rule.director for rule, _amount in rows}),
        "when": _periods(rule for rule, _amount in rows),
    }
