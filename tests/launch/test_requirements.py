import re
import tomllib
from pathlib import Path

import pytest

from config.launch.places import REQUIREMENTS, ROOT, TEST_REQUIREMENTS

PIN = re.compile(r"^([a-z0-9.-]+)==(\S+)", re.MULTILINE)


def names(lines: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9.-]", line)[0].lower() for line in lines}


def pins(text: str) -> dict[str, str]:
    return dict(PIN.findall(text))


@pytest.mark.parametrize("path", [REQUIREMENTS, TEST_REQUIREMENTS], ids=lambda path: path.name)
def test_every_line_is_pinned_with_hashes_and_names_no_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for block in re.split(r"\n(?=[a-z])", text.strip()):
        assert PIN.match(block), block
        assert "--hash=sha256:" in block
    assert "://" not in text
    assert "--index-url" not in text


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    shipped, tests = pins(REQUIREMENTS.read_text(encoding="utf-8")), pins(TEST_REQUIREMENTS.read_text(encoding="utf-8"))
    wanted = names(project["dependencies"])
    assert not wanted - shipped.keys()
    assert not (wanted | names(project["optional-dependencies"]["test"])) - tests.keys()
    assert shipped.items() <= tests.items()
