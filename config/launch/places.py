"""Where things lie, and the one way to say that something went wrong."""

import hashlib
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("HUANWEI_VAR_DIR") or ROOT / "var")
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements.txt"
TEST_REQUIREMENTS = ROOT / "requirements-test.txt"
WINDOWS = os.name == "nt"


class LaunchError(Exception):
    """Something the person at the keyboard must know or mend; the message is one line and says what to do."""


def venv_python() -> Path:
    """The interpreter inside `.venv`, whether or not it exists yet."""
    return VENV / "Scripts" / "python.exe" if WINDOWS else VENV / "bin" / "python"


def inside_venv() -> bool:
    """True when this process already runs on `.venv`."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def say(line: str) -> None:
    """Tell the person at the keyboard; flushed at once, because child processes write to the same screen."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def fingerprint(paths: Iterable[Path], *more: str) -> str:
    """One hash over the names and contents of files, and over `more`; a missing file counts as absent."""
    total = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file():
            total.update(f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}\0".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    for text in more:
        total.update(f"\0{text}".encode())
    return total.hexdigest()


def read_stamp(path: Path) -> dict[str, str]:
    """What an earlier run noted; empty when there was none or it cannot be read."""
    try:
        noted = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def write_stamp(path: Path, notes: dict[str, str]) -> None:
    """Note what was done, so that the next run can skip it; replaced in one step, so that it is never half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(json.dumps(notes), encoding="utf-8")
    draft.replace(path)
