"""The solver against an independent checker and against all plans there are."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from sessions import rotation
from sessions.rotation import solving
from tests.sessions.rotation import checker, exhaustive
from tests.sessions.rotation.instances import file_of, files, half_days

SETTINGS = settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
FEWER = settings(SETTINGS, max_examples=60)


def rows_of(instance: rotation.Instance, plan: rotation.Plan) -> list[checker.Row]:
    slots = [(str(slot.date), slot.half) for slot in instance.slots]
    return [(one.director, one.desk, *slots[one.slot]) for one in plan.placements]


def solved(file: dict[str, Any], seed: int = 0) -> tuple[rotation.Plan, list[checker.Row]] | None:
    instance = rotation.read(file)
    try:
        plan = rotation.solve(instance, rotation.Work(seed=seed))
    except rotation.NoPlan:
        return None
    return plan, rows_of(instance, plan)


@SETTINGS
@given(files(people=3, days=2, open_end=False))
def test_a_plan_is_right_and_its_balance_the_smallest_of_all(file: dict[str, Any]) -> None:
    found, smallest = solved(file), exhaustive.smallest_balance(file)
    assert (found is None) == (smallest is None)
    if found:
        plan, rows = found
        assert checker.faults(file, rows) == []
        assert (checker.balance(file, rows), plan.balance, plan.bound) == (smallest, smallest, smallest)


@FEWER
@given(files())
def test_another_seed_gives_a_plan_as_good_and_the_same_seed_the_same(file: dict[str, Any]) -> None:
    found, again, other = solved(file), solved(file), solved(file, seed=7)
    if found is None:
        assert again is other is None
        return
    assert again
    assert other
    assert found[1] == again[1]
    assert checker.faults(file, found[1]) == checker.faults(file, other[1]) == []
    assert found[0].balance == other[0].balance == checker.balance(file, other[1]) == other[0].bound


def test_desks_of_nobody_are_the_last_resort_where_that_is_wished() -> None:
    file = file_of(half_days(2), ["D1", "D2", "D3"])
    file["departments"].append({"code": "D4"})
    file["desks"] += [{"id": "WD4", "department": "D4", "open": "all"}, {"id": "W0", "department": None, "open": "all"}]
    instance = rotation.read(file)
    fair, wished = rotation.solve(instance), rotation.solve(instance, wish=rotation.Wish(shared_last=True))
    assert (fair.balance, fair.visits[""]) == (0, 3)
    assert (wished.balance, wished.bound, wished.visits[""]) == (1, 1, 0)


@pytest.mark.parametrize("large", [0, 10**9])
def test_where_sums_of_visits_fit_but_half_days_do_not_all_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    slots = half_days(2)
    file = file_of(slots, ["D1", "D2", "D3"])
    file["quotas"][0].update(min=2, max=2)
    file["rules"] = {"own_department_forbidden": True, "max_half_days_per_day": 2, "max_same_host": 1}
    for desk, numbers in zip(file["desks"], ([0, 1, 2, 3], [0, 2, 3], [0, 1, 2]), strict=True):
        desk["open"] = [[*slots[number]] for number in numbers]
    monkeypatch.setattr(solving, "LARGE_CUBE", large)
    found = solved(file)
    assert found is not None
    assert checker.faults(file, found[1]) == []
    assert found[0].balance == exhaustive.smallest_balance(file) == 0


def test_without_time_for_wishes_the_plan_is_right_and_its_balance_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation.Work, "until", lambda _work, _share: 1e-6)
    file = file_of(half_days(5), [f"D{n}" for n in range(8)] * 2)
    found = solved(file)
    assert found
    assert checker.faults(file, found[1]) == []
    assert (found[0].balance, found[0].proved) == (0, True)
