"""How pictures are stored and how they leave: random names, fixed types, nothing cached, nothing injected."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import Storage, default_storage
from django.http import FileResponse
from PIL import Image

from core.image_responses import picture_response, safe_name
from core.images import CleanImage, StoredImage, discard, sanitise, store
from tests.core import pictures


def clean_picture(kind: str = "PNG") -> CleanImage:
    return sanitise(pictures.upload(pictures.encoded(pictures.quadrants(), kind)))


@pytest.mark.parametrize(("kind", "ending"), [("PNG", "png"), ("JPEG", "jpg")])
def test_names_are_random_and_tell_nothing(kind: str, ending: str) -> None:
    one, other = store(clean_picture(kind)), store(clean_picture(kind))
    assert one.path != other.path
    assert re.fullmatch(rf"images/[0-9a-f]{{2}}/[0-9a-f]{{40}}\.{ending}", one.path)
    assert re.fullmatch(r"images/[0-9a-f]{2}/[0-9a-f]{40}-small\.jpg", one.thumbnail_path)


def test_what_is_stored_is_what_went_through_the_door() -> None:
    clean = clean_picture()
    stored = store(clean)
    assert default_storage.open(stored.path).read() == clean.content
    assert default_storage.open(stored.thumbnail_path).read() == clean.thumbnail


def test_discard_leaves_nothing_and_can_be_repeated() -> None:
    stored = store(clean_picture())
    discard(stored)
    discard(stored)
    assert not default_storage.exists(stored.path)
    assert not default_storage.exists(stored.thumbnail_path)


def test_a_full_disk_leaves_no_half_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    saved: list[str] = []
    really_save = Storage.save

    def save(storage: Storage, name: str, content: Any) -> str:
        if saved:
            raise OSError(28, "No space left on device")
        saved.append(really_save(storage, name, content))
        return saved[0]

    monkeypatch.setattr(Storage, "save", save)
    with pytest.raises(OSError, match="No space"):
        store(clean_picture())
    assert not default_storage.exists(saved[0])


def test_headers_of_a_picture() -> None:
    clean = clean_picture()
    response = picture_response(store(clean).path, clean.content_type, "收件页")
    assert isinstance(response, FileResponse)
    assert response.getvalue() == clean.content
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]
    disposition = response.headers["Content-Disposition"]
    assert disposition == "inline; filename*=utf-8''%E6%94%B6%E4%BB%B6%E9%A1%B5.png"


def test_a_missing_file_shows_a_stand_in() -> None:
    gone = StoredImage("images/00/gone.jpg", "images/00/gone-small.jpg")
    response = picture_response(gone.path, "image/jpeg", "x")
    assert (response.status_code, response.headers["Content-Type"]) == (404, "image/png")
    assert Image.open(BytesIO(response.content)).size == (320, 240)
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("content_type", ["image/svg+xml", "text/html", "", "image/gif"])
def test_no_other_type_is_ever_sent(content_type: str) -> None:
    with pytest.raises(ValueError, match="is not a type"):
        picture_response("images/00/x.jpg", content_type, "x")


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ('a"; filename="b.exe', "a__ filename=_b.exe"),
        ("a\r\nSet-Cookie: x=1", "aSet-Cookie_ x=1"),
        ("\u202egnp.exe", "gnp.exe"),
        ("...", "picture"),
        ("", "picture"),
        ("长" * 300, "长" * 100),
    ],
)
def test_a_hostile_name_becomes_harmless(given: str, safe: str) -> None:
    assert safe_name(given) == safe
    stored = store(clean_picture())
    disposition = picture_response(stored.path, "image/png", given).headers["Content-Disposition"]
    assert "\n" not in disposition
    assert "\r" not in disposition
