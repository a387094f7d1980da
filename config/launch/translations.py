"""Chinese of the user interface: `python -m config.launch.translations [--check]`.

The Chinese lives in flat maps, one per area: `locale/zh_Hans/src/*.json`, {"English": "中文"}, a context in front of
the English and parted by U+0004, a plural under its singular. This module takes the English from code and templates
(Django's makemessages, which needs gettext), puts both together in `django.po`, and compiles `django.mo` without it.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
LOCALE = Path("locale") / "zh_Hans"
CATALOGUE = LOCALE / "LC_MESSAGES" / "django.po"
FOLDERS = ("accounts", "catalog", "config", "core", "issues", "portal", "reports", "sessions", "templates")
SUFFIXES = {".py", ".html", ".txt"}
CONTEXT_MARK = "\u0004"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
METADATA = {
    "Project-Id-Version": "huanwei",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


class TranslationsError(Exception):
    """A map cannot be read, or gettext's tools are missing; the message is for the person at the keyboard."""


@dataclass
class Findings:
    """What is wrong with the Chinese; every list holds lines ready to print."""

    lacking: list[str] = field(default_factory=list)
    clashing: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    @property
    def faults(self) -> bool:
        """True when the Chinese cannot be released; unused entries do no harm."""
        return bool(self.lacking or self.clashing or self.broken)


def read_maps(root: Path, findings: Findings) -> dict[str, str]:
    """All maps as one; the same English with two different Chinese texts is a clash and the later file wins."""
    merged: dict[str, str] = {}
    for path in sorted((root / LOCALE / "src").glob("*.json")):
        try:
            entries = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise TranslationsError(f"{path.relative_to(root)} is not valid JSON: {error}") from error
        for english, chinese in entries.items():
            if merged.get(english, chinese) != chinese:
                findings.clashing.append(f"{_shown(english)}: {merged[english]} / {chinese} ({path.name})")
            merged[english] = chinese
    return merged


def extract(root: Path) -> polib.POFile:
    """Every English string of code and templates, taken from a copy so that the working tree stays untouched."""
    if shutil.which("xgettext") is None or shutil.which("msgmerge") is None:
        raise TranslationsError("gettext is not installed (on Debian: apt-get install gettext).")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for source in _sources(root):
            target = copy / source.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        (copy / "locale").mkdir()
        command = [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "-l",
            "zh_Hans",
            "--no-location",
            "--no-obsolete",
        ]
        run = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
        result = copy / CATALOGUE
        if run.returncode or not result.exists():
            reason = (run.stderr.strip() or "no strings were found").splitlines()[-1]
            raise TranslationsError(f"makemessages failed: {reason}")
        return polib.pofile(str(result))


def _sources(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                yield path


def build(root: Path, findings: Findings) -> polib.POFile:
    """The English found in the sources with the Chinese of the maps, sorted, without dates or line numbers."""
    chinese = read_maps(root, findings)
    catalogue = polib.POFile(wrapwidth=120)
    catalogue.metadata = dict(METADATA)
    for entry in sorted(extract(root), key=lambda entry: (entry.msgid, entry.msgctxt or "")):
        key = f"{entry.msgctxt}{CONTEXT_MARK}{entry.msgid}" if entry.msgctxt else entry.msgid
        text = chinese.pop(key, "")
        if not text:
            findings.lacking.append(_shown(key))
        elif wrong := _placeholder_fault(entry, text):
            findings.broken.append(f"{_shown(key)}: {wrong}")
        flags = [flag for flag in entry.flags if flag != "fuzzy"]
        catalogue.append(_entry(entry, text, flags))
    findings.unused = [_shown(key) for key in chinese]
    return catalogue


def _entry(found: polib.POEntry, text: str, flags: list[str]) -> polib.POEntry:
    if found.msgid_plural:
        return polib.POEntry(
            msgid=found.msgid,
            msgid_plural=found.msgid_plural,
            msgctxt=found.msgctxt,
            msgstr_plural={0: text},
            flags=flags,
        )
    return polib.POEntry(msgid=found.msgid, msgctxt=found.msgctxt, msgstr=text, flags=flags)


def _placeholder_fault(entry: polib.POEntry, text: str) -> str:
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    given = set(PLACEHOLDER.findall(text))
    allowed = wanted | set(PLACEHOLDER.findall(entry.msgid))
    if given - allowed:
        return f"the Chinese has the unknown placeholder {', '.join(sorted(given - allowed))}"
    if wanted - given:
        return f"the Chinese lacks the placeholder {', '.join(sorted(wanted - given))}"
    if entry.msgid.startswith("\n") != text.startswith("\n") or entry.msgid.endswith("\n") != text.endswith("\n"):
        return "English and Chinese must both start and end with a line break, or neither"
    return ""


def _shown(key: str) -> str:
    return json.dumps(key.replace(CONTEXT_MARK, "|"), ensure_ascii=False)


def compile_catalogue(root: Path = ROOT) -> bool:
    """Compile the committed catalogue to `django.mo` when it is newer; True when something was written."""
    source = root / CATALOGUE
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    polib.pofile(str(source)).save_as_mofile(str(target))
    return True


def _report(findings: Findings) -> None:
    titles = (
        ("No Chinese for", findings.lacking),
        ("Two different Chinese texts for", findings.clashing),
        ("Broken Chinese for", findings.broken),
        ("In a map, but no longer in the sources", findings.unused),
    )
    for title, lines in titles:
        for line in lines:
            sys.stdout.write(f"{title}: {line}\n")
    counts = f"{len(findings.lacking)} lacking, {len(findings.clashing)} clashing, {len(findings.broken)} broken"
    sys.stdout.write(f"Translations: {counts}, {len(findings.unused)} unused.\n")


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Rebuild the catalogue, or with `--check` only compare. Exit 1 when Chinese lacks, clashes, is broken or stale."""
    parser = argparse.ArgumentParser(prog="python -m config.launch.translations", description="Chinese of the pages")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when something is missing")
    options = parser.parse_args(arguments)
    findings = Findings()
    try:
        fresh = str(build(root, findings)) + "\n"
    except TranslationsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    path = root / CATALOGUE
    stale = not path.exists() or path.read_text(encoding="utf-8") != fresh
    _report(findings)
    if options.check:
        if stale:
            sys.stdout.write(f"{CATALOGUE} is out of date: run `python -m config.launch.translations`.\n")
        return 1 if stale or findings.faults else 0
    path.parent.mkdir(parents=True, exist_ok=True)
    if stale:
        path.write_text(fresh, encoding="utf-8")
    compile_catalogue(root)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
