"""Schedule files that are wrong: each fault is named with its place, all at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from sessions import rotation
from tests.sessions.rotation.instances import file_of, half_days

File = dict[str, Any]
Fault = Callable[[File], Any]


def made() -> File:
    return file_of(half_days(2), ["D1", "D2", "D3"])


FAULTS: list[tuple[Fault, str]] = [
    (lambda f: f.pop("desks"), "desks: This is missing."),
    (lambda f: f.update(slots={}), "slots: Expected a list, found {}."),
    (lambda f: f.update(slots=[]), "slots: There is no half-day."),
    (lambda f: f["slots"].append(f["slots"][0]), "slots[4]: 2026-05-29 AM stands already at slots[0]."),
    (lambda f: f["slots"][1].update(half="noon"), 'slots[1].half: "noon" is neither AM nor PM.'),
    (lambda f: f["slots"][1].update(date="29.5.2026"), 'slots[1].date: "29.5.2026" is no date; write YYYY-MM-DD.'),
    (lambda f: f["slots"][1].update(date="2026-02-30"), 'slots[1].date: "2026-02-30" is no date; write YYYY-MM-DD.'),
    (
        lambda f: f["slots"][1].update(date="2026-07-01"),
        "slots[1]: 2026-07-01 lies outside of the period 2026-05-29 to ",
    ),
    (lambda f: f["period"].update(start="2027-01-01"), "period: 2027-01-01 is after 2026-05-30."),
    (lambda f: f["departments"].append({"code": "D1"}), "departments[3]: D1 stands already at departments[0]."),
    (
        lambda f: f["departments"][0].update(hosts=False),
        "departments: D1 is marked as hosting nobody, yet it has a desk.",
    ),
    (lambda f: f["desks"].append(f["desks"][0]), "desks[3]: WD1 stands already at desks[0]."),
    (lambda f: f["desks"][1].update(department="D9"), "desks[1].department: There is no department D9."),
    (lambda f: f["desks"][1].pop("department"), "desks[1].department: This is missing."),
    (
        lambda f: f["desks"][1].update(open="always"),
        'desks[1].open: Expected "all" or a list of half-days, found "always".',
    ),
    (lambda f: f["desks"][1].update(open=[["2027-01-01", "AM"]]), "desks[1].open[0]: 2027-01-01 lies outside of "),
    (lambda f: f["directors"].append(f["directors"][0]), "directors[3]: L0 stands already at directors[0]."),
    (lambda f: f["directors"][0].update(department="D9"), "directors[0].department: There is no department D9."),
    (lambda f: f["directors"][0].update(department=7), "directors[0].department: Expected a text, found 7."),
    (lambda f: f["directors"][0].update(rank="boss"), 'directors[0].rank: "boss" is none of principal, deputy.'),
    (lambda f: f["directors"][0].update(id=" "), "directors[0].id: This is empty."),
    (lambda f: f["directors"][0].update(id="a\ud800"), 'directors[0].id: "a\\ud800" holds characters that cannot'),
    (
        lambda f: f["directors"][0].update(unavailable=["x"]),
        'directors[0].unavailable[0]: Expected [date, half], found "x".',
    ),
    (lambda f: f["directors"].append(None), "directors[3]: Expected an object, found null."),
    (lambda f: f["quotas"][0].update(min=-1), "quotas[0].min: -1 is less than 0."),
    (lambda f: f["quotas"][0].update(min=2), "quotas[0]: min 2 is more than max 1."),
    (lambda f: f["quotas"][0].update(max="two"), 'quotas[0].max: Expected a whole number, found "two".'),
    (lambda f: f["quotas"][0].update(min=True), "quotas[0].min: Expected a whole number, found true."),
    (lambda f: f["quotas"][0].update(per="year"), 'quotas[0].per: "year" is none of event, quarter, month.'),
    (lambda f: f["quotas"][0].update(per="month", months=["2026-13"]), 'quotas[0].months[0]: "2026-13" is no month; '),
    (
        lambda f: f["quotas"][0].update(per="month", months=["2026-09"]),
        'quotas[0].months[0]: "2026-09" lies outside of ',
    ),
    (lambda f: f["quotas"].append(f["quotas"][0]), "quotas[1]: principal, event stands already at quotas[0]."),
    (lambda f: f["host_quotas"].update(D9={"min": 0, "max": 1}), "host_quotas.D9: There is no department D9."),
    (lambda f: f["host_quotas"].pop("default"), "host_quotas.default: This is missing."),
    (lambda f: f["rules"].update(max_half_days_per_day=0), "rules.max_half_days_per_day: 0 is less than 1."),
    (
        lambda f: f["rules"].update(own_department_forbidden="yes"),
        "rules.own_department_forbidden: Expected true or false, ",
    ),
]


@pytest.mark.parametrize(("spoil", "said"), FAULTS)
def test_a_fault_is_named_with_its_place(spoil: Fault, said: str) -> None:
    file = made()
    spoil(file)
    with translation.override("en"), pytest.raises(rotation.WrongFile) as caught:
        rotation.read(file)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(said)


def test_all_faults_are_named_at_once() -> None:
    file = made()
    file["directors"][0]["rank"] = "boss"
    file["desks"][0]["department"] = "D9"
    file["quotas"][0]["min"] = -1
    with pytest.raises(rotation.WrongFile) as caught:
        rotation.read(file)
    assert len(caught.value.problems) == 3


def test_months_are_taken_as_people_write_them() -> None:
    file = made()
    file["quotas"] = [{"rank": "principal", "per": "month", "min": 0, "max": 1, "months": ["2026-05"]}]
    assert [quota.label for quota in rotation.read(file).quotas] == ["2026-05"]
    file["quotas"][0]["months"] = [5, "5"]
    assert [quota.label for quota in rotation.read(file).quotas] == ["2026-05"]


def test_leave_on_a_day_that_is_no_half_day_of_the_plan_does_no_harm() -> None:
    file = made()
    file["slots"] = file["slots"][:1]
    file["directors"][0]["unavailable"] = [["2026-05-30", "AM"]]
    assert rotation.read(file).directors[0].free == {0}
