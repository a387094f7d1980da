from pathlib import Path

import pytest

from config.launch import parts, testing
from config.launch.debian import UnavailableError
from config.launch.parts import Part, Result
from config.launch.places import LaunchError

REPORT = """<testsuites><testsuite tests="5" failures="1" errors="1" skipped="1"/></testsuites>"""


def failing() -> Result:
    return Result("failed", passed=3, failed=2)


def passing() -> Result:
    return Result("passed", passed=4)


def lacking() -> Result:
    raise UnavailableError("PostgreSQL is not installed")


def test_stops_at_the_first_part_that_fails() -> None:
    results = testing._every_part([Part("a", failing), Part("b", passing)], keep_going=False)
    assert results["b"] == Result("not tested", "a failed before")


def test_keeps_going_when_told() -> None:
    results = testing._every_part([Part("a", failing), Part("b", passing)], keep_going=True)
    assert results["b"].verdict == "passed"


def test_summary_has_a_line_a_part_and_the_sums(capsys: pytest.CaptureFixture[str]) -> None:
    results = {"style": Result("failed"), "sqlite": failing(), "browser": Result("not tested", "no Chromium")}
    assert testing._summary(results) == 1
    lines = capsys.readouterr().out.split("\n")
    assert lines[1:5] == [
        "style    failed",
        "sqlite   failed",
        "browser  not tested: no Chromium",
        "3 passed, 3 failed",
    ]


def test_what_cannot_be_tested_is_said_and_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert parts.run_part(Part("a", lacking)) == Result("not tested", "PostgreSQL is not installed")


def test_what_cannot_be_tested_fails_on_a_ci_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert parts.run_part(Part("a", lacking)).verdict == "failed"


def test_numbers_come_from_the_report(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(REPORT, encoding="utf-8")
    assert parts._numbers(tmp_path / "report.xml") == (2, 2)
    assert parts._numbers(tmp_path / "never-written.xml") == (0, 1)


def test_an_unknown_part_is_named() -> None:
    with pytest.raises(LaunchError, match="There is no part lint"):
        testing._chosen(["lint"])
