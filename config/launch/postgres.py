"""A throw-away PostgreSQL cluster for the tests: made in a temporary folder, reached by a socket, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from config.launch.debian import UnavailableError, require

USER = "postgres"
PORT = 54329  # names the socket file only; nothing listens on the network
SETTINGS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


@contextmanager
def cluster() -> Iterator[str]:
    """Yield the DATABASE_URL of a fresh, empty cluster. Raises UnavailableError when there can be none."""
    if _binaries() is None:
        require(None, "PostgreSQL", "postgresql")
    binaries = _binaries()
    if binaries is None:
        raise UnavailableError("PostgreSQL is not installed")
    # A short path: the name of a socket may have about 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="huanwei-pg-"))
    data = folder / "data"
    try:
        if _as_root():
            _give_away(folder)
        _run(
            folder,
            binaries / "initdb",
            "-A",
            "trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "-N",
            "-U",
            USER,
            "-D",
            data,
        )
        options = f"{SETTINGS} -c unix_socket_directories='{folder}' -p {PORT}"
        _run(folder, binaries / "pg_ctl", "-w", "-D", data, "-l", folder / "log", "-o", options, "start")
        yield f"postgres://{USER}@:{PORT}/postgres?host={folder}"
    finally:
        if (data / "postmaster.pid").exists():
            _run(folder, binaries / "pg_ctl", "-w", "-m", "immediate", "-D", data, "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path | None:
    """The folder with initdb and pg_ctl: on PATH, or where Debian keeps them beside PATH; the newest of several."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    kept = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(kept, key=lambda path: float(path.parent.name), default=None)


def _as_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _give_away(folder: Path) -> None:
    try:
        shutil.chown(folder, USER, USER)
    except LookupError as error:
        raise UnavailableError(f"PostgreSQL refuses root, and there is no user {USER} on this machine") from error


def _run(folder: Path, *command: str | Path) -> None:
    """Run one of PostgreSQL's programs; it refuses root, so root becomes its own user."""
    words = [str(word) for word in command]
    # The groups of root go too, not only its name.
    person: dict[str, Any] = {"user": USER, "group": USER, "extra_groups": []} if _as_root() else {}
    # Into a file, not a pipe: the server inherits it, and a pipe would never end.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        run = subprocess.run(words, cwd=folder, stdout=output, stderr=subprocess.STDOUT, check=False, **person)
        output.seek(0)
        said = output.read().strip().splitlines()
    if run.returncode:
        raise UnavailableError(f"PostgreSQL does not start: {said[-1] if said else 'no reason given'}")
