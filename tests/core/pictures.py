"""Makers of honest and hostile picture files for the tests of the image door."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

RED, GREEN, BLUE, YELLOW = (220, 20, 20), (20, 180, 20), (20, 20, 220), (230, 220, 20)
# How a camera held each way stores an upright scene: the inverse of what the reader has to do.
STORED_AS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def upload(content: bytes, name: str = "picture") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def quadrants(width: int = 80, height: int = 40) -> Image.Image:
    """Upright: red and green above, blue and yellow below."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    image.paste(YELLOW, (width // 2, height // 2, width, height))
    return image


def photo(width: int = 400, height: int = 300) -> Image.Image:
    noise = [Image.effect_noise((width, height), 60) for _channel in "RGB"]
    return Image.merge("RGB", noise)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    pillow_heif.register_heif_opener()
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def oriented(orientation: int, kind: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    scene = quadrants()
    stored = scene.transpose(STORED_AS[orientation]) if orientation in STORED_AS else scene
    return encoded(stored, kind, exif=exif.tobytes())


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *more: bytes, depth: int = 8, colour: int = 2, data: bytes = b"") -> bytes:
    """A PNG by hand: its header may promise anything."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def with_size(jpeg: bytes, width: int, height: int) -> bytes:
    """The JPEG with another size promised in its frame header."""
    at = max(jpeg.find(b"\xff\xc0"), jpeg.find(b"\xff\xc2"))
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def with_scans(scans: int) -> bytes:
    """A progressive JPEG whose last scan is repeated."""
    jpeg = encoded(photo(64, 64), "JPEG", progressive=True)
    last = jpeg.rfind(b"\xff\xda")
    present = jpeg.count(b"\xff\xda")
    return jpeg[:-2] + jpeg[last:-2] * (scans - present) + b"\xff\xd9"


def with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    return jpeg[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def looping_exif() -> bytes:
    """EXIF whose first directory names itself as the next and as its own sub-directory."""
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 8)


def gif(frames: int, size: int = 8) -> bytes:
    images = [Image.new("P", (size, size), number % 7) for number in range(frames)]
    for number, image in enumerate(images):
        image.putpalette([50, 60, 70] * 7)
        image.putpixel((number % size, number // size % size), (number + 1) % 7)
    colours = [value for index in range(7) for value in (index * 30, 255 - index * 30, 90)]
    for image in images:
        image.putpalette(colours)
    return encoded(images[0], "GIF", save_all=True, append_images=images[1:], optimize=False, duration=20)
