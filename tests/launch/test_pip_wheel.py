import hashlib
import socket
from pathlib import Path

import pytest

from config.launch import pip_wheel
from config.launch.places import LaunchError

CONTENT = b"a wheel"


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A mirror in a folder that holds the pinned wheel, with nothing else configured."""
    monkeypatch.setattr(pip_wheel, "_pip_files", lambda: iter(()))
    monkeypatch.setattr(pip_wheel, "PIP_SHA256", hashlib.sha256(CONTENT).hexdigest())
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    page = tmp_path / "simple" / "pip" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(f'<a href="../../files/{pip_wheel.PIP_WHEEL}#sha256=0">pip</a>', encoding="utf-8")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / pip_wheel.PIP_WHEEL).write_bytes(CONTENT)
    monkeypatch.setenv("PIP_INDEX_URL", (tmp_path / "simple").as_uri())
    return tmp_path


def test_the_wheel_comes_from_the_configured_index(mirror: Path) -> None:
    assert pip_wheel.fetch_pip(mirror).read_bytes() == CONTENT


def test_broken_download_is_refused(mirror: Path) -> None:
    (mirror / "files" / pip_wheel.PIP_WHEEL).write_bytes(CONTENT[:-1])
    with pytest.raises(LaunchError, match="broken or not the pinned file"):
        pip_wheel.fetch_pip(mirror)


def test_mirror_without_the_wheel(mirror: Path) -> None:
    (mirror / "simple" / "pip" / "index.html").write_text("<a href='pip-9.0-py3-none-any.whl'>", encoding="utf-8")
    with pytest.raises(LaunchError, match="does not hold"):
        pip_wheel.fetch_pip(mirror)


def test_no_registry(mirror: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/simple")
    with pytest.raises(LaunchError, match="cannot be reached"):
        pip_wheel.fetch_pip(mirror)


def test_environment_wins_over_the_files_and_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nindex-url = https://mirror.example/simple\n", encoding="utf-8")
    monkeypatch.setattr(pip_wheel, "_pip_files", lambda: iter([file]))
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    assert pip_wheel.indexes() == ["https://mirror.example/simple"]
    monkeypatch.setenv("PIP_INDEX_URL", "https://other.example/simple")
    assert pip_wheel.indexes() == ["https://other.example/simple"]
    file.unlink()
    monkeypatch.delenv("PIP_INDEX_URL")
    assert pip_wheel.indexes() == [pip_wheel.DEFAULT_INDEX]
