"""The image door with hostile files: refused with a plain reason, quickly, and never with another exception."""

import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from PIL import Image

from core import image_headers, images
from core.images import sanitise
from tests.core import pictures

JPEG = pictures.encoded(pictures.quadrants(), "JPEG")
PNG = pictures.encoded(pictures.quadrants(), "PNG")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>"


def code_of(content: bytes, name: str = "picture") -> str | None:
    with pytest.raises(ValidationError) as caught:
        sanitise(pictures.upload(content, name))
    assert "%(" not in caught.value.messages[0]
    return caught.value.code


def outcome(content: bytes) -> str:
    """The size of what came out, or the code of the refusal; any other exception fails the test."""
    try:
        clean = sanitise(pictures.upload(content))
    except ValidationError as refused:
        return str(refused.code)
    return f"{clean.width} x {clean.height}"


@pytest.mark.parametrize(
    "content", [SVG, HTML, PDF, b"PK\x03\x04" + b"x" * 99, b"MZ" + bytes(99), b"x", bytes(1000)], ids=range(7)
)
@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.heic", "a"])
def test_what_is_no_picture_is_refused_whatever_its_name(content: bytes, name: str) -> None:
    assert code_of(content, name) == "not_a_picture"


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM", "TGA", "PDF", "EPS", "AVIF"])
def test_other_picture_kinds_are_refused(kind: str) -> None:
    assert code_of(pictures.encoded(pictures.quadrants(), kind)) in {"not_a_picture", "damaged"}


def test_an_empty_file_is_refused() -> None:
    assert code_of(b"", "a.jpg") == "empty"


def test_21_megabytes_are_refused_and_20_are_not() -> None:
    tail = images.MAX_BYTES - len(JPEG)
    assert code_of(JPEG + bytes(tail + 1)) == "too_large"
    assert sanitise(pictures.upload(JPEG + bytes(tail))).width == 80


@pytest.mark.parametrize("ending", ["pdf", "svg", "html", "xlsx", "exe", "php", "js", "gif", "png", "ＰＤＦ", "pdf. "])
def test_a_name_of_another_kind_is_refused(ending: str) -> None:
    assert code_of(JPEG, f"photo.{ending}") == "wrong_extension"


def test_the_refusal_of_a_name_says_what_the_file_really_is() -> None:
    with pytest.raises(ValidationError) as caught:
        sanitise(pictures.upload(JPEG, "photo.png"))
    assert ".png" in caught.value.messages[0]
    assert "JPEG" in caught.value.messages[0]


@pytest.mark.parametrize("cut", [20, 200, 0.5, 0.9])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "GIF"])
def test_a_truncated_file_is_refused(kind: str, cut: float) -> None:
    content = pictures.encoded(pictures.photo(), kind)
    kept = int(cut) if cut > 1 else int(len(content) * cut)
    assert code_of(content[:kept]) in {"damaged", "not_a_picture"}


@pytest.mark.parametrize(
    "content",
    [
        pictures.png(8001, 8000),
        pictures.png(65535, 65535),
        pictures.png(2**31 - 1, 2**31 - 1),
        pictures.with_size(JPEG, 65500, 65500),
        pictures.with_size(JPEG, 8001, 8000),
        pictures.png(2000, 2000, pictures.chunk(b"acTL", struct.pack(">II", 17, 0))),
        pictures.png(1, 1, pictures.chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))),
        pictures.gif(501),
    ],
    ids=["65MP", "65535", "2^31", "jpeg 65500", "jpeg 65MP", "17 frames", "2^31 frames", "gif 501 frames"],
)
def test_too_many_pixels_are_refused_before_decoding(content: bytes) -> None:
    started = time.perf_counter()
    assert code_of(content) == "too_many_pixels"
    assert time.perf_counter() - started < 2


def test_a_gif_that_promises_a_huge_screen_is_refused() -> None:
    gif = pictures.gif(1)
    assert code_of(gif[:6] + struct.pack("<HH", 65535, 65535) + gif[10:]) == "too_many_pixels"


def test_gif_frames_are_counted_up_to_the_limit() -> None:
    assert image_headers.gif_frames(pictures.gif(30), stop=501) == 30
    assert image_headers.gif_frames(pictures.gif(30), stop=7) == 7
    assert image_headers.gif_frames(b"GIF89a", stop=7) == 0
    assert sanitise(pictures.upload(pictures.gif(30), "a.gif")).width == 8


def test_a_webp_beyond_the_memory_of_its_decoder_is_refused() -> None:
    content = pictures.encoded(Image.new("RGB", (4500, 4000)), "WEBP", method=0, quality=1)
    assert code_of(content) == "too_many_pixels"


def test_100_scans_pass_and_101_do_not() -> None:
    assert image_headers.jpeg_scans(pictures.with_scans(100), stop=999) == 100
    assert sanitise(pictures.upload(pictures.with_scans(100))).width == 64
    assert code_of(pictures.with_scans(101)) == "too_many_scans"


def test_a_jpeg_of_thousands_of_scans_is_answered_at_once() -> None:
    content = pictures.with_size(pictures.with_scans(3000), 6000, 6000)
    started = time.perf_counter()
    assert code_of(content) == "too_many_scans"
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "content",
    [
        JPEG[:2] + b"\xff" * 10_000_000,
        JPEG[:2] + b"\xff\xd0" * 5_000_000 + JPEG[2:],
        JPEG[:2] + b"\xff\xfe\0\2" * 4_000_000 + JPEG[2:],
        JPEG[:2] + b"\xff\xd8" * 5_000_000 + JPEG[2:],
        JPEG[:-2] + b"\xff\xfe\0\2" * 4_000_000 + JPEG[-2:],
        pictures.png(2, 1, pictures.chunk(b"abCd", b"") * 1_000_000),
        pictures.gif(1)[:37] + b"\x21\xfe" + b"\1a" * 5_000_000 + b"\0" + pictures.gif(1)[37:],
    ],
    ids=["fill bytes", "restarts", "comments", "starts", "late comments", "chunks", "sub-blocks"],
)
def test_a_file_of_a_million_parts_is_answered_at_once(content: bytes) -> None:
    started = time.process_time()
    assert code_of(content) == "too_many_parts"
    assert time.process_time() - started < 1


def test_a_scan_in_an_embedded_thumbnail_does_not_count() -> None:
    jpeg = pictures.with_segment(JPEG, 0xE1, b"Exif\0\0" + b"\xff\xda\0\2" * 200)
    assert image_headers.jpeg_scans(jpeg, stop=999) == 1


def test_a_progressive_jpeg_whose_coefficients_need_too_much_memory_is_refused() -> None:
    plain = pictures.encoded(pictures.photo(64, 64), "JPEG", progressive=True, subsampling=0)
    assert image_headers.jpeg_buffer_bytes(plain) == 64 * 64 * 3 * 2
    assert image_headers.jpeg_buffer_bytes(JPEG) == 0
    assert code_of(pictures.with_size(plain, 7900, 7900)) == "too_many_pixels"


@pytest.mark.parametrize(
    "tail",
    [HTML, PDF, SVG, b"PK\x03\x04" + bytes(50), b"<?php system($_GET[0]); ?>"],
    ids=["html", "pdf", "svg", "zip", "php"],
)
@pytest.mark.parametrize("head", [JPEG, PNG], ids=["jpeg", "png"])
def test_a_polyglot_is_harmless(head: bytes, tail: bytes) -> None:
    clean = sanitise(pictures.upload(head + tail))
    assert tail not in clean.content
    assert clean.width == 80


@pytest.mark.parametrize("name", [b"zTXt", b"iTXt", b"iCCP"])
def test_a_compressed_text_bomb_is_refused_or_harmless(name: bytes) -> None:
    bomb = zlib.compress(bytes(30_000_000), 9)
    body = b"a\0" + (b"\1\0\0\0" if name == b"iTXt" else b"\0") + bomb
    content = pictures.png(2, 1, pictures.chunk(name, body), data=b"\0" + bytes(6))
    assert outcome(content) in {"damaged", "not_a_picture", "2 x 1"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "GIF"])
def test_random_damage_never_raises_anything_else(kind: str) -> None:
    whole = pictures.encoded(pictures.quadrants(), kind)
    for at in range(0, len(whole), max(1, len(whole) // 150)):
        broken = whole[:at] + bytes((whole[at] ^ 0xFF,)) + whole[at + 1 :]
        assert outcome(broken)


# Best of three, in a process of its own: the peak is the process's, and the machine of the tests is shared.
MEASURE = """
import resource, sys, time, django
django.setup()
from core.images import sanitise
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
def seconds():
    started = time.process_time()
    with open(sys.argv[1], "rb") as file: sanitise(file)
    return time.process_time() - started
before = peak()
print(min(seconds() for _ in range(3)), peak() - before)
"""


def test_a_12_megapixel_photo_takes_a_second_and_300_megabytes_at_most(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(pictures.encoded(pictures.photo(1000, 750).resize((4000, 3000)), "JPEG", quality=85))
    command = [sys.executable, "-c", MEASURE, str(path)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    seconds, megabytes = map(float, done.stdout.split()[-2:])
    assert seconds <= 1
    assert megabytes <= 300
