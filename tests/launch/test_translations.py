import json
from pathlib import Path

import polib
import pytest

from config.launch import translations


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with three strings; the first has no Chinese yet."""
    found = polib.POFile()
    found.append(polib.POEntry(msgid="Close out"))
    found.append(polib.POEntry(msgid="%(count)s day", msgid_plural="%(count)s days", msgstr_plural={0: ""}))
    found.append(polib.POEntry(msgid="Open", msgctxt="state"))
    monkeypatch.setattr(translations, "extract", lambda root: found)
    write(tmp_path, "issues", {"%(count)s day": "%(count)s 天", "state\u0004Open": "未结"})
    return tmp_path


def write(root: Path, area: str, entries: dict[str, str]) -> None:
    path = root / translations.LOCALE / "src" / f"{area}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(entries), encoding="utf-8")


def test_lacking_chinese_is_named_and_fails_the_check(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert translations.main([], root) == 0
    assert 'No Chinese for: "Close out"' in capsys.readouterr().out
    assert translations.main(["--check"], root) == 1


def test_complete_chinese_passes_and_is_compiled_without_gettext(root: Path) -> None:
    write(root, "more", {"Close out": "销号"})
    assert translations.main(["--check"], root) == 1  # the catalogue is out of date
    assert translations.main([], root) == 0
    assert translations.main(["--check"], root) == 0
    compiled = polib.mofile(str((root / translations.CATALOGUE).with_suffix(".mo")))
    assert {entry.msgid: entry.msgstr or entry.msgstr_plural[0] for entry in compiled} == {
        "Close out": "销号",
        "%(count)s day": "%(count)s 天",
        "Open": "未结",
    }


def test_two_texts_for_one_string_clash(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, "more", {"Close out": "销号"})
    write(root, "other", {"Close out": "关闭"})
    translations.main([], root)
    assert translations.main(["--check"], root) == 1
    assert "Two different Chinese texts for" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["天", "%(number)s 天"])
def test_lost_or_unknown_placeholders_are_found(root: Path, text: str) -> None:
    write(root, "issues", {"%(count)s day": text})
    findings = translations.Findings()
    translations.build(root, findings)
    assert len(findings.broken) == 1


def test_unreadable_map_is_one_line(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / translations.LOCALE / "src" / "bad.json").write_text("{", encoding="utf-8")
    assert translations.main([], root) == 2
    assert "bad.json is not valid JSON" in capsys.readouterr().err
