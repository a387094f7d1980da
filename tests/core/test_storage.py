"""A file is there whole or not at all."""

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
