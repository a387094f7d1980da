"""What is kept of a rotation's result: figures, and causes and ways out in every language."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import translation

from sessions import rotation
from sessions.rotation import gathering, wording
from sessions.rotation.diagnosing import Diagnosis, Repair
from sessions.rotation.seating import chafing


def of(instance: rotation.Instance, diagnosis: Diagnosis) -> dict[str, Any]:
    """Causes and ways out; texts are by language, `kind`, `director` and `place` say where a change is made."""
    clashes = gathering.clashes(instance, diagnosis.clashes)
    return {
        "causes": [in_all(partial(wording.clash_lines, instance, clash)) for clash in clashes],
        "repairs": [
            {
                "heading": in_all(partial(wording.repair_heading, instance, repair)),
                "changes": _changes(instance, repair),
            }
            for repair in diagnosis.repairs
        ],
    }


def _changes(instance: rotation.Instance, repair: Repair) -> list[dict[str, Any]]:
    texts = in_all(lambda: [text for text, _rule, _amount in gathering.changes(instance, repair)])
    rules = [rule for _text, rule, _amount in gathering.changes(instance, repair)]
    return [
        {"text": {code: said[n] for code, said in texts.items()}, "kind": rule.kind}
        | {"director": rule.director, "place": rule.place}
        for n, rule in enumerate(rules)
    ]


def in_all(say: Callable[[], Any]) -> dict[str, Any]:
    """The same said in every language."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = say()
    return found


def figures(instance: rotation.Instance, plan: rotation.Plan, standing: int) -> dict[str, Any]:
    """The plan in numbers. The first `standing` of what is given are sessions; what follows was locked and is proposed
    again. Balance, visits and the fullest half-day count the sessions too.
    """
    proposed = [*instance.given[standing:], *plan.placements]
    pairs = {
        (instance.director_of[one.director].department, instance.host_of(one))
        for one in proposed
        if instance.host_of(one) != rotation.OPEN_TO_ALL
    }
    chafes = {pair: chafing(instance, pair) for pair in pairs if pair[0] != pair[1]}
    crowd = Counter(one.slot for one in (*instance.given, *plan.placements))
    return {
        "placements": len(proposed),
        "given": standing,
        "balance": plan.balance,
        "bound": plan.bound,
        "visits": {place: count for place, count in plan.visits.items() if place != rotation.OPEN_TO_ALL},
        "shared": plan.visits.get(rotation.OPEN_TO_ALL, 0),
        "new_pairs": len(pairs - instance.met),
        "pairs": len(pairs),
        "seams": sum(strength > 0 for strength in chafes.values()),
        "strength": sum(chafes.values()),
        "busiest": max(crowd.values(), default=0),
        "short": [[rule.director, rule.quota.label if rule.quota else "", amount] for rule, amount in plan.short],
        "owed": sum(
            max(0, quota.minimum - instance.done.get((one.id, quota.label), 0))
            for one in instance.directors
            for quota in instance.quotas_of(one)
        ),
    }
