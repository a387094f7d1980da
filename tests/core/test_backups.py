"""A backup is whole or is not there, a damaged one is not put back, and only an empty site takes one."""

import json
import shutil
import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core import backups
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)
has_dump = connection.vendor == "sqlite" or shutil.which("pg_dump") is not None
needs_dump = pytest.mark.skipif(not has_dump, reason="pg_dump is not installed")


@pytest.fixture
def site(settings: Any, tmp_path: Path) -> Path:
    """Pictures in a folder of their own; the folder for backups."""
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "media" / "issues").mkdir(parents=True)
    (tmp_path / "media" / "issues" / "x.jpg").write_bytes(b"picture")
    return tmp_path / "kept"


@needs_dump
def test_a_backup_holds_database_and_pictures_with_checksums(site: Path) -> None:
    make_user(username="kept")
    out = StringIO()
    call_command("backup", str(site), stdout=out)
    folder = Path(out.getvalue().strip())
    manifest = backups.verify(folder)
    assert set(manifest["sha256"]) == {backups.DATABASE[connection.vendor], "media/issues/x.jpg"}
    assert [path.name for path in site.iterdir()] == [folder.name]
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(folder / "database.sqlite3")) as copy:
            assert copy.execute("SELECT username FROM accounts_user").fetchall() == [("kept",)]


@needs_dump
def test_what_breaks_off_leaves_nothing(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", full)
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", str(site))
    assert list(site.iterdir()) == []


@needs_dump
@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda folder: (folder / "media/issues/x.jpg").write_bytes(b"other"), "differs from its checksum"),
        (lambda folder: (folder / "media/issues/x.jpg").unlink(), "lacks media/issues/x.jpg"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "is not a backup"),
    ],
)
def test_a_damaged_backup_is_not_put_back(site: Path, harm: Any, said: str) -> None:
    folder = backups.write(site)
    harm(folder)
    with pytest.raises(CommandError, match=said):
        call_command("restore", str(folder))


@pytest.mark.parametrize(
    "name",
    [
        "../passwd",
        "media/../../passwd",
        "/etc/passwd",
        "media/a/../../../passwd",
        "media//x",
        "media/..\\x",
        "media",
        "x",
    ],
)
def test_a_list_that_points_elsewhere_is_refused_before_anything_is_written(site: Path, name: str) -> None:
    folder = _listing(site.parent / "backup", {"sha256": {name: "0"}})
    (site.parent / "passwd").write_text("x")
    before = sorted(site.parent.rglob("*"))
    with pytest.raises(CommandError, match="which no backup holds"):
        call_command("restore", str(folder))
    assert sorted(site.parent.rglob("*")) == before


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ([], "lacks engine"),
        ({"sha256": None}, "lacks engine"),
        ({"sha256": []}, "lacks engine"),
        ({"engine": None}, "lacks engine"),
        ({"made_at": 7}, "lacks engine"),
        ({"sha256": {"media/x.jpg": 7}}, "lacks engine"),
        ({"engine": "oracle"}, "of oracle"),
        ({"sha256": {}}, "lacks database"),
    ],
)
def test_a_foreign_list_is_refused_in_words(site: Path, facts: Any, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("restore", str(_listing(site.parent / "backup", facts)))


def _listing(folder: Path, facts: Any) -> Path:
    """A backup with that list and nothing else; what `facts` leaves out is as it should be."""
    whole = {"engine": connection.vendor, "made_at": "", "sha256": {}}
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps(whole | facts if isinstance(facts, dict) else facts))
    return folder


@needs_dump
def test_a_site_with_accounts_takes_none(site: Path) -> None:
    folder = backups.write(site)
    make_user()
    with pytest.raises(CommandError, match="holds accounts"):
        call_command("restore", str(folder))


def test_a_database_file_is_replaced_whole(tmp_path: Path) -> None:
    place = tmp_path / "var" / "huanwei.sqlite3"
    (tmp_path / "new").write_bytes(b"new")
    place.parent.mkdir()
    for name in ("huanwei.sqlite3", "huanwei.sqlite3-wal", "huanwei.sqlite3-shm"):
        (place.parent / name).write_bytes(b"old")
    backups.replace_sqlite(tmp_path / "new", place)
    assert [(path.name, path.read_bytes()) for path in place.parent.iterdir()] == [("huanwei.sqlite3", b"new")]
