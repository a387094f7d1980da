"""Why there is no plan: who, which host, which half-day, which quota, and what would help."""

from typing import Any

import pytest
from django.utils import translation
from hypothesis import given

from sessions import rotation
from sessions.rotation import wording
from sessions.rotation.diagnosing import Diagnosis
from tests.sessions.rotation.instances import file_of, files, half_days
from tests.sessions.rotation.test_solving import FEWER

WEEK = half_days(3)
HOMES = ["D1", "D2", "D3", "D4"]


def diagnosed(file: dict[str, Any]) -> list[str]:
    instance = rotation.read(file)
    with translation.override("en"):
        with pytest.raises(rotation.NoPlan):
            rotation.solve(instance)
        return wording.diagnosis_lines(instance, rotation.diagnose(instance, rotation.Work()))


def test_somebody_always_away() -> None:
    file = file_of(WEEK, HOMES)
    file["directors"][1]["unavailable"] = [[*slot] for slot in WEEK]
    lines = diagnosed(file)
    assert lines[1].startswith("  - L1 must sit at least 1 half-day in the whole period (quota of rank Principal).")
    assert lines[1].endswith("Away the whole time.")
    assert lines[3] == "  - L1: ask for 1 half-day less in the whole period"


def test_somebody_free_when_nothing_is_open() -> None:
    file = file_of(WEEK, HOMES)
    file["directors"][1]["unavailable"] = [[*slot] for slot in WEEK[1:]]
    for desk in file["desks"]:
        desk["open"] = [[*slot] for slot in WEEK[1:]]
    assert diagnosed(file)[1].endswith("Free in 1 half-day, but no desk is open then that may be used.")


def test_three_people_and_one_desk_in_the_only_half_day() -> None:
    file = file_of(WEEK, HOMES)
    for director, desk in zip(file["directors"][:3], file["desks"][:3], strict=True):
        director["unavailable"] = desk["open"] = [[*slot] for slot in WEEK[1:]]
    text = "\n".join(diagnosed(file))
    assert "L0, L1, L2. Possible only: Fri 29 May 2026, morning." in text
    assert "Fri 29 May 2026, morning: only 1 desk is open (WD4)." in text
    assert "(open desks): 2 in all." in text


def test_hosts_that_may_not_receive_enough() -> None:
    file = file_of(WEEK, HOMES, host_quotas={"default": {"min": 0, "max": 1}, "D4": {"min": 0, "max": 0}})
    lines = diagnosed(file)
    assert "  - At most 1 visit each: D1, D2, D3." in lines
    assert "  - At most 0 visits each: D4." in lines


def test_hosts_that_must_receive_too_much() -> None:
    file = file_of(WEEK, HOMES, host_quotas={"default": {"min": 2, "max": 3}})
    text = "\n".join(diagnosed(file))
    assert "D3 must receive at least 2 visits" in text
    assert "At most 1 half-day in the whole period: L0, L1, L2, L3." in text
    assert "(quotas of hosts): 4 in all." in text


def test_the_same_host_only_once() -> None:
    file = file_of(WEEK, ["D1", "D2"])
    file["quotas"][0].update(min=2, max=2)
    file["rules"]["max_same_host"] = 1
    assert "  - At most 1 visit of one person to the same host." in diagnosed(file)


def test_a_target_that_a_whole_rank_cannot_reach_is_one_reason_and_one_change() -> None:
    file = file_of(WEEK, HOMES, quotas=[{"rank": "principal", "per": "event", "min": 5, "max": None}])
    lines = diagnosed(file)
    assert lines[:3] == [
        "Reason 1: this cannot hold together.",
        "  - 4 of rank Principal: at least 5 half-days each are asked in the whole period, "
        "only 3 half-days are possible.",
        "  - Nobody sits more often than 1 half-day a day.",
    ]
    assert "Reason 2" not in "".join(lines)
    assert lines[lines.index("With these changes a plan exists (quotas of people):") + 1] == (
        "  - Rank Principal: lower the target from 5 to 3 (4 people, in the whole period)"
    )


@FEWER
@given(files(people=4, days=2))
def test_every_impossible_file_gets_causes_and_a_way_out(file: dict[str, Any]) -> None:
    instance = rotation.read(file)
    try:
        rotation.solve(instance)
    except rotation.NoPlan:
        found: Diagnosis = rotation.diagnose(instance, rotation.Work())
        assert found.clashes
        assert all(found.clashes)
        assert all(wording.clash_lines(instance, clash) for clash in found.clashes)
        assert found.repairs
        assert found.repairs[0].size == min(repair.size for repair in found.repairs) > 0
