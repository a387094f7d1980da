"""A backup is a folder: the database as one file, the pictures, and a list of everything with its SHA-256.

The database is copied by its own means, so that the copy is of one moment while people go on working. Pictures are
copied after it: one that is added meanwhile is too many, never too few.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.utils.timezone import localtime
from psycopg.conninfo import make_conninfo

from core import clock

MANIFEST = "manifest.json"
MEDIA = "media"
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
BLOCK = 1 << 20
WHERE = {"host", "port", "user", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey"}
"""What the programs are told of a connection; the other parameters depend on the library's version."""


class BackupError(Exception):
    """The backup cannot be made or put back; the text says why."""


def write(target: Path) -> Path:
    """Make a backup in a new folder below `target` and give its path. It has its name only once it is whole."""
    name = f"huanwei-{localtime(clock.now()):%Y%m%d-%H%M%S}"
    folder, unfinished = target / name, target / f"{name}.unfinished"
    if folder.exists():
        raise BackupError(f"There is a backup of this second already: {folder}")
    unfinished.mkdir(mode=0o700, parents=True)
    try:
        _dump(unfinished / DATABASE[connection.vendor])
        media = Path(settings.MEDIA_ROOT)
        if media.is_dir():
            shutil.copytree(media, unfinished / MEDIA)
        _write_manifest(unfinished)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    unfinished.rename(folder)
    return folder


def _dump(file: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
    else:
        _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")
    file.chmod(0o600)


def _postgres(program: str, *words: str) -> None:
    """Run a program of PostgreSQL on our database; the password goes by the environment, never by the command line."""
    if shutil.which(program) is None:
        raise BackupError(f"{program} is not installed; it comes with the client programs of PostgreSQL.")
    connection.ensure_connection()
    info = connection.connection.info
    where = {name: value for name, value in info.get_parameters().items() if name in WHERE}
    command = [program, f"--dbname={make_conninfo(**where)}", *words]
    env = os.environ | ({"PGPASSWORD": info.password} if info.password else {})
    connections.close_all()
    # A fixed program on the operator's own settings.
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}")


def _write_manifest(folder: Path) -> None:
    sums = {path.relative_to(folder).as_posix(): sha256(path) for path in _files(folder)}
    facts = {"made_at": clock.now().isoformat(), "engine": connection.vendor, "sha256": sums}
    (folder / MANIFEST).write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != MANIFEST)


def sha256(path: Path) -> str:
    """The hash of a file, read in blocks."""
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def verify(folder: Path) -> Mapping[str, Any]:
    """The list of a backup, after every file was compared with it. Raises BackupError for the first that differs."""
    manifest = _manifest(folder)
    if manifest["engine"] != connection.vendor:
        raise BackupError(f"The backup is of {manifest['engine']}, this site runs on {connection.vendor}.")
    sums = manifest["sha256"]
    for name in (DATABASE[connection.vendor], *sums):
        path = folder / name
        if name not in sums or not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            raise BackupError(f"The backup lacks {name}.")
        if sha256(path) != sums[name]:
            raise BackupError(f"The backup is damaged: {name} differs from its checksum.")
    return manifest


def _manifest(folder: Path) -> dict[str, Any]:
    """The list as `write` makes it: whoever can put a file on the disk of backups may have written another one."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BackupError(f"{folder} is not a backup: it has no readable {MANIFEST}.") from error
    facts = manifest if isinstance(manifest, dict) else {}
    sums = facts.get("sha256")
    texts = [facts.get("engine"), facts.get("made_at"), *(sums.values() if isinstance(sums, dict) else [])]
    if not isinstance(sums, dict) or not all(isinstance(text, str) for text in texts):
        raise BackupError(f"{folder} is not a backup: its {MANIFEST} lacks engine, made_at or sha256.")
    for name in sums:
        if not _is_ours(name):
            raise BackupError(f"The backup is refused: its {MANIFEST} names {name!r}, which no backup holds.")
    return facts


def _is_ours(name: str) -> bool:
    """Whether a backup may hold a file of that name: the database, or a picture below `media/` and nowhere else."""
    first, *rest = name.split("/")
    if not rest:
        return name in DATABASE.values()
    return first == MEDIA and not any(part in {"", ".", ".."} or set(part) & {"\\", "\0"} for part in rest)


def is_empty() -> bool:
    """Whether this site's database holds no account: only there a backup is put back."""
    if "accounts_user" not in connection.introspection.table_names():
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM accounts_user")
        return bool(cursor.fetchone()[0] == 0)


def put_back(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Put database and pictures of a verified backup in their places."""
    file = folder / DATABASE[connection.vendor]
    if connection.vendor == "sqlite":
        place = Path(connection.settings_dict["NAME"])
        connections.close_all()
        replace_sqlite(file, place)
    else:
        _postgres("pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--exit-on-error", str(file))
    for name in manifest["sha256"]:
        if name.startswith(f"{MEDIA}/"):
            target = Path(settings.MEDIA_ROOT) / Path(name).relative_to(MEDIA)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / name, target)
            target.chmod(settings.FILE_UPLOAD_PERMISSIONS)


def replace_sqlite(file: Path, place: Path) -> None:
    """Put a database file at `place`, whole or not at all; what an earlier one left beside it goes."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    waiting = place.with_name(f"{place.name}.restored")
    shutil.copyfile(file, waiting)
    waiting.chmod(0o600)
    for rest in ("-wal", "-shm"):
        place.with_name(place.name + rest).unlink(missing_ok=True)
    waiting.replace(place)
