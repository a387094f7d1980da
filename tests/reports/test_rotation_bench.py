"""The measured rotation: the sizes of the budgets, and lines that say what was proved."""

import pytest

from reports import rotation_bench


def test_a_line_says_balance_proof_and_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation_bench, "SIZES", (("8 directors x 5 days", 8, 8, 1),))
    line = next(rotation_bench.lines())
    assert (line["rotation"], line["placements"], line["balance"], line["proved"]) == (
        "8 directors x 5 days",
        8,
        0,
        True,
    )


def test_the_sizes_are_those_of_the_budget() -> None:
    assert [size[1:] for size in rotation_bench.SIZES] == [(18, 18, 1), (120, 26, 13)]
