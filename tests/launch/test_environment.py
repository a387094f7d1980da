import platform
from pathlib import Path

import pytest

from config.launch import environment
from config.launch.places import fingerprint, read_stamp, write_stamp


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with requirements and a `.venv` that says it is up to date."""
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "venv_python", lambda: python)
    for name, file in (("REQUIREMENTS", "requirements.txt"), ("TEST_REQUIREMENTS", "requirements-test.txt")):
        (tmp_path / file).write_text("a==1\n", encoding="utf-8")
        monkeypatch.setattr(environment, name, tmp_path / file)
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv" / "stamp.json")
    write_stamp(environment.STAMP, environment.wanted(tests=False))
    return tmp_path


def test_same_requirements_need_nothing() -> None:
    assert environment.is_ready(tests=False)


def test_changed_requirements_are_installed_again(project: Path) -> None:
    (project / "requirements.txt").write_text("a==2\n", encoding="utf-8")
    assert not environment.is_ready(tests=False)


def test_the_test_tools_are_wanted_only_for_tests() -> None:
    assert not environment.is_ready(tests=True)
    write_stamp(environment.STAMP, environment.wanted(tests=True))
    assert environment.is_ready(tests=True)
    assert environment.is_ready(tests=False)


def test_interrupted_or_garbled_set_up_is_not_ready() -> None:
    environment.STAMP.write_text('{"python": ', encoding="utf-8")
    assert not environment.is_ready(tests=False)
    environment.STAMP.unlink()
    assert not environment.is_ready(tests=False)


def test_another_python_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "python_version", lambda: "3.99.0")
    assert not environment.is_ready(tests=False)


def test_a_linked_venv_is_used_as_it_is(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = project / "linked"
    link.symlink_to(project / ".venv")
    monkeypatch.setattr(environment, "VENV", link)
    (project / "requirements.txt").write_text("a==2\n", encoding="utf-8")
    assert environment.is_ready(tests=True)


def test_fingerprint_sees_names_and_contents_and_absence(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("x", encoding="utf-8")
    before = fingerprint([one, two])
    assert fingerprint([two, one]) == before
    two.write_text("", encoding="utf-8")
    assert fingerprint([one, two]) != before


def test_stamp_survives_the_round_trip(tmp_path: Path) -> None:
    write_stamp(tmp_path / "deep" / "stamp", {"a": "b"})
    assert read_stamp(tmp_path / "deep" / "stamp") == {"a": "b"}
