from pathlib import Path

import pytest

from config.launch import assets
from config.launch.places import LaunchError, read_stamp


class Node:
    """Stands in for Node and npm; `calls` holds what they were asked."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.fault = ""

    def run(self, command: list[str], task: str, **rest: object) -> str:
        self.calls.append(command[-1])
        if self.fault and command[-1] == self.fault:
            raise LaunchError(f"{task} failed")
        return ""


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Node:
    """A project in a folder whose assets were never built."""
    fake = Node()
    for name, place in (("ROOT", "."), ("ASSETS", "assets"), ("DIST", "static/dist")):
        monkeypatch.setattr(assets, name, tmp_path / place)
    monkeypatch.setattr(assets, "MODULES", tmp_path / "assets" / "node_modules")
    monkeypatch.setattr(assets, "BUILD_STAMP", tmp_path / "static" / "dist" / ".stamp.json")
    monkeypatch.setattr(assets, "MODULES_STAMP", tmp_path / "assets" / "node_modules" / ".stamp.json")
    monkeypatch.setattr(assets, "run_logged", fake.run)
    monkeypatch.setattr(assets, "_node", lambda: (tmp_path / "node", tmp_path / "npm"))
    for file in ("assets/build.mjs", "assets/package.json", "assets/package-lock.json", "templates/a.html"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("1", encoding="utf-8")
    return fake


def test_first_time_installs_and_builds_second_time_nothing(node: Node) -> None:
    assets.prepare()
    assert node.calls == ["ci", "build.mjs"]
    assets.prepare()
    assert node.calls == ["ci", "build.mjs"]


def test_a_changed_template_builds_without_installing(node: Node, tmp_path: Path) -> None:
    assets.prepare()
    (tmp_path / "templates" / "a.html").write_text("2", encoding="utf-8")
    assets.prepare()
    assert node.calls == ["ci", "build.mjs", "build.mjs"]


def test_a_changed_lock_installs_again(node: Node, tmp_path: Path) -> None:
    assets.prepare()
    (tmp_path / "assets" / "package-lock.json").write_text("2", encoding="utf-8")
    assets.prepare()
    assert node.calls == ["ci", "build.mjs"] * 2


def test_removed_results_are_built_again(node: Node) -> None:
    assets.prepare()
    assets.BUILD_STAMP.unlink()
    assets.prepare()
    assert node.calls == ["ci", "build.mjs", "build.mjs"]


def test_a_failed_build_is_tried_again(node: Node) -> None:
    node.fault = "build.mjs"
    with pytest.raises(LaunchError):
        assets.prepare()
    assert read_stamp(assets.BUILD_STAMP) == {}
    node.fault = ""
    assets.prepare()
    assert node.calls == ["ci", "build.mjs", "build.mjs"]
