"""Gets the programs that the tests need and Python cannot bring, where that is allowed: as root on Debian."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from config.launch.running import log


class UnavailableError(Exception):
    """A part cannot be tested on this machine; the message says why."""


def require(program: str | None, what: str, *packages: str) -> None:
    """Make sure of a program (None: of the packages themselves), by apt if need be. Raises UnavailableError."""
    if program is not None and shutil.which(program):
        return
    if program is None and all(map(_installed, packages)):
        return
    if not _may_install():
        raise UnavailableError(f"{what} is not installed, and only root on Debian may install it here")
    if not _apt("install", "--no-install-recommends", *packages):
        raise UnavailableError(f"{what} is not installed, and apt could not get {' '.join(packages)}")


def _may_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and Path("/etc/debian_version").exists() and _updated()


@cache
def _updated() -> bool:
    return shutil.which("apt-get") is not None and _apt("update")


def _apt(*words: str) -> bool:
    command = ["apt-get", "-y", "-qq", "-o", "DPkg::Lock::Timeout=120", *words]
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    run = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    log(f"$ {' '.join(command)}\n{run.stdout}{run.stderr}")
    return run.returncode == 0


def _installed(package: str) -> bool:
    command = ["dpkg-query", "-W", "-f", "${Status}", package]
    if shutil.which(command[0]) is None:
        return False
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.stdout.strip() == "install ok installed"
