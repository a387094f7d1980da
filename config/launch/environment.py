"""Makes `.venv` and installs the pinned requirements into it, on machines with and without pip."""

import contextlib
import importlib.util
import platform
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from config.launch.pip_wheel import fetch_pip
from config.launch.places import (
    REQUIREMENTS,
    ROOT,
    TEST_REQUIREMENTS,
    VENV,
    LaunchError,
    fingerprint,
    read_stamp,
    say,
    venv_python,
    write_stamp,
)
from config.launch.running import log_path, require_room, run_logged

STAMP = VENV / "huanwei-stamp.json"
INSTALL_MEGABYTES = 700  # measured: 480 MB with Node and the test tools, and pip unpacks beside it
QUIET = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PYTHONUTF8": "1"}


def wanted(*, tests: bool) -> dict[str, str]:
    """What the stamp says when nothing is left to do."""
    python = f"{platform.python_version()} {platform.machine()}"
    notes = {"python": python, "requirements": fingerprint([REQUIREMENTS])}
    if tests:
        notes["test"] = fingerprint([TEST_REQUIREMENTS])
    return notes


def is_ready(*, tests: bool) -> bool:
    """True when `.venv` holds exactly the pinned requirements. A linked `.venv` is somebody's own and used as it is."""
    if not venv_python().exists():
        return False
    return VENV.is_symlink() or wanted(tests=tests).items() <= read_stamp(STAMP).items()


def prepare(*, tests: bool) -> None:
    """Bring `.venv` up to date; nothing is done when it is. Raises LaunchError."""
    if is_ready(tests=tests):
        return
    require_room(INSTALL_MEGABYTES, ROOT)
    log_path().unlink(missing_ok=True)
    noted = read_stamp(STAMP)
    if noted.get("python") != wanted(tests=False)["python"] or not _works():
        say("Preparing .venv ...")
        _create()
    say("Installing the pinned packages (a minute or two the first time) ...")
    STAMP.unlink(missing_ok=True)
    _install(TEST_REQUIREMENTS if tests else REQUIREMENTS)
    write_stamp(STAMP, wanted(tests=tests))


def _works() -> bool:
    """Whether the interpreter in `.venv` runs and has pip; a moved folder or a removed Python leaves a dead one."""
    try:
        run = subprocess.run([venv_python(), "-m", "pip", "--version"], capture_output=True, check=False)
    except OSError:
        return False
    return run.returncode == 0


def _create() -> None:
    try:
        venv.create(VENV, clear=True, with_pip=False, symlinks=sys.platform != "win32")
    except (OSError, subprocess.CalledProcessError) as error:
        raise LaunchError(f"{VENV} cannot be made: {getattr(error, 'strerror', None) or error}.") from error
    if importlib.util.find_spec("ensurepip") is not None:
        # Some distributions ship it without its wheels; then the wheel comes from the index as if it were missing.
        with contextlib.suppress(LaunchError):
            run_logged([str(venv_python()), "-m", "ensurepip", "--default-pip"], "Setting up pip", env=QUIET)
            return
    with tempfile.TemporaryDirectory() as folder:
        wheel = fetch_pip(Path(folder))
        command = [str(venv_python()), f"{wheel}/pip", "install", "--no-index", "--no-deps", str(wheel)]
        run_logged(command, "Setting up pip", env=QUIET)


def _install(requirements: Path) -> None:
    # The pins are the whole closure. Without --no-deps an older pip takes `coverage[toml]` for another package than
    # the pinned `coverage`, picks its newest release, and refuses it for want of a hash.
    command = [str(venv_python()), "-m", "pip", "install", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command += ["--retries", "2", "--progress-bar", "off", "-r", str(requirements)]
    run_logged(command, "Installing the packages", env=QUIET)
