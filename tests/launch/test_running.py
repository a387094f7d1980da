import shutil
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from config.launch import running
from config.launch.places import LaunchError

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def log_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "VAR", tmp_path)


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        ("OSError: [Errno 28] No space left on device", "no space left"),
        ("npm error code ENOSPC", "no space left"),
        (
            "Retrying after connection broken by NewConnectionError\nERROR: No matching distribution found for a",
            "cannot be reached",
        ),
        ("npm error code ECONNREFUSED", "cannot be reached"),
        ("npm error code SELF_SIGNED_CERT_IN_CHAIN", "certificate is not trusted"),
        ("Max retries exceeded (Caused by SSLError(certificate verify failed))", "certificate is not trusted"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "broken"),
        ("npm error code EINTEGRITY", "broken"),
        ("zipfile.BadZipFile: File is not a zip file", "broken"),
        ("ERROR: No matching distribution found for a==1", "does not hold a==1"),
        ("error: strange thing\nbye", "error: strange thing"),
        ("", "no output"),
    ],
)
def test_every_known_cause_is_one_line(output: str, cause: str) -> None:
    line = running.explain("Installing", output)
    assert line.startswith("Installing failed: ")
    assert cause in line
    assert "\n" not in line


def test_output_is_kept_in_the_log() -> None:
    said = running.run_logged([sys.executable, "-c", "print('all is well')"], "Trying")
    assert said == "all is well\n"
    assert "all is well" in running.log_path().read_text(encoding="utf-8")


def test_failed_program_and_missing_program() -> None:
    with pytest.raises(LaunchError, match="boom"):
        running.run_logged([sys.executable, "-c", "raise SystemExit('error: boom')"], "Trying")
    with pytest.raises(LaunchError, match="cannot be started"):
        running.run_logged(["no-such-program-here"], "Trying")


def test_full_disk_is_refused_before_the_download(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**9, 10**9, 12_000_000))
    with pytest.raises(LaunchError, match="12 MB free, the set-up needs 700 MB"):
        running.require_room(700, tmp_path)
