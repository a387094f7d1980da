"""Names of lanes are never cut to pieces: up to three lines, Latin letters count half."""

import pytest

from catalog.chain import Lane


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("住建局", ["住建局"]),
        ("A17 自然资源和规划局窗口", ["A17", "自然资源和规划局窗口"]),
        ("Natural Resources and Planning Bureau", ["Natural Resources", "and Planning Bureau"]),
        ("", []),
    ],
)
def test_a_lanes_name_is_wrapped(name: str, lines: list[str]) -> None:
    lane = Lane(name, "", 40)
    assert [line for line, _y in lane.line_places] == lines
    assert lane.note_place >= lane.middle
