"""A file is there whole or not at all."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from core.storage import WholeFileStorage


class FullDisk(ContentFile[bytes]):
    """Half of it can be written, then the disk is full."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"half"
        raise OSError(28, "No space left on device")


def test_what_was_written_is_whole(tmp_path: Path) -> None:
    storage = WholeFileStorage(location=tmp_path, file_permissions_mode=0o640)
    name = storage.save("images/a/b.png", ContentFile(b"whole"))
    assert [path.name for path in tmp_path.rglob("*.*")] == ["b.png"]
    assert storage.open(name).read() == b"whole"
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o640


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        WholeFileStorage(location=tmp_path).save("images/a/b.png", FullDisk(b"whole"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_new_names_are_on_the_disk_before_they_are_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First the bytes; then, once the file has its name, each folder that may have got a new entry."""
    synced: list[tuple[str, bool]] = []
    name = "images/a/b.png"
    at = "/proc/self/fd/{}"

    def note(entry: int) -> None:
        synced.append((Path(at.format(entry)).resolve().name, (tmp_path / name).exists()))

    monkeypatch.setattr(os, "fsync", note)
    WholeFileStorage(location=tmp_path).save(name, ContentFile(b"whole"))
    assert synced == [("b.png.part", False), ("a", True), ("images", True), (tmp_path.name, True)]
