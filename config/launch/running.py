"""Runs the programs that set-up needs, keeps their words in `var/setup.log`, and turns a failure into one line."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.launch.places import ROOT, VAR, LaunchError

NO_ROOM = re.compile(r"No space left on device|ENOSPC|Disk quota exceeded", re.IGNORECASE)
BROKEN = re.compile(
    r"DO NOT MATCH THE HASHES|EINTEGRITY|IncompleteRead|BadZipFile|invalid wheel|TAR_BAD_ARCHIVE"
    r"|not a valid wheel|Unexpected end of",
    re.IGNORECASE,
)
UNREACHABLE = re.compile(
    r"NewConnectionError|NameResolutionError|Failed to resolve|name resolution|Connection refused|Max retries"
    r"|timed out|ProxyError|SSLError|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT"
    r"|ENETUNREACH|ECONNRESET|EHOSTUNREACH|Network is unreachable|\bE(?:401|403|50\d)\b|HTTP error 5\d\d",
    re.IGNORECASE,
)
UNTRUSTED = re.compile(r"certificate verify failed|SELF_SIGNED_CERT|UNABLE_TO_\w*CERT|UNABLE_TO_VERIFY", re.IGNORECASE)
MISSING = re.compile(r"No matching distribution found for (\S+)|\bE404\b|ETARGET", re.IGNORECASE)


def log_path() -> Path:
    """The file with every word of the last set-up."""
    return VAR / "setup.log"


def run_logged(command: Sequence[str], task: str, *, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> str:
    """Run one program of the set-up and return what it wrote. Raises LaunchError, with the cause in one line."""
    try:
        run = subprocess.run(
            list(command),
            cwd=cwd,
            env=dict(os.environ, **(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise LaunchError(f"{task} failed: {command[0]} cannot be started ({error.strerror}).") from error
    log(f"$ {' '.join(map(str, command))}\n{run.stdout}")
    if run.returncode:
        raise LaunchError(explain(task, run.stdout))
    return run.stdout


def log(text: str) -> None:
    """Add to the set-up log; a full disk must not hide the first complaint behind a second."""
    try:
        log_path().parent.mkdir(parents=True, exist_ok=True)
        with log_path().open("a", encoding="utf-8") as stream:
            stream.write(f"{text}\n")
    except OSError:
        return


def explain(task: str, output: str) -> str:
    """The cause of a failed set-up program in one line, taken from its output."""
    if NO_ROOM.search(output):
        return f"{task} failed: no space left on the disk. Free some and run the command again."
    if BROKEN.search(output):
        return f"{task} failed: a download is broken or not the pinned file; nothing of it was kept. Try again."
    if UNTRUSTED.search(output):
        return (
            f"{task} failed: the registry's certificate is not trusted here. Name the file of your office's "
            "certificates in PIP_CERT and NODE_EXTRA_CA_CERTS."
        )
    if UNREACHABLE.search(output):
        return (
            f"{task} failed: the package registry cannot be reached. Check the network, or name a mirror "
            "in PIP_INDEX_URL and NPM_CONFIG_REGISTRY."
        )
    if missing := MISSING.search(output):
        return f"{task} failed: the package registry does not hold {missing.group(1) or 'a pinned package'}."
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    blamed = [line for line in lines if re.search(r"error", line, re.IGNORECASE)] or lines or ["no output"]
    return f"{task} failed: {blamed[-1][:200]} (all of it: {log_path()})"


def require_room(megabytes: int, *folders: Path) -> None:
    """Raise LaunchError when one of the folders (or the temporary one) lies on a disk with less free space."""
    for folder in (*folders, Path(tempfile.gettempdir())):
        free = shutil.disk_usage(folder).free // 1_000_000
        if free < megabytes:
            raise LaunchError(f"No space: {folder} has {free} MB free, the set-up needs {megabytes} MB.")
