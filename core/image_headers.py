"""What can be known of an uploaded picture before any of its pixels is decoded.

Decoding is where a small file can cost gigabytes or minutes, so everything that bounds it is read from headers here.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import islice

import pillow_heif
from PIL import Image

# A phone's picture holds a handful (preview, gain map); more is a film or an attack.
MAX_FRAMES = 500
# More parts than any camera or program writes; reading them one by one would take a minute of Python.
MAX_JPEG_SEGMENTS = 5_000
MAX_JPEG_GAP = 4_096
MAX_PNG_CHUNKS = 100_000
MAX_GIF_PARTS = 400_000
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_BARE = {0x01, _SOI}
_FRAME, _EXTENSION = 0x2C, 0x21
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def too_many_parts(content: bytes) -> bool:
    """Whether the file is cut into so many pieces that merely opening it would take a minute."""
    if content.startswith(b"\xff\xd8"):
        return _jpeg_is_tedious(content)
    if content.startswith(b"\x89PNG"):
        return sum(1 for _at in islice(_png_chunks(content), MAX_PNG_CHUNKS + 1)) > MAX_PNG_CHUNKS
    if content.startswith(b"GIF8"):
        return sum(1 for _part in islice(_gif_parts(content), MAX_GIF_PARTS + 1)) > MAX_GIF_PARTS
    return False


def _jpeg_is_tedious(content: bytes) -> bool:
    at = 0
    for number, (start, marker, body) in enumerate(_jpeg_segments(content)):
        if number >= MAX_JPEG_SEGMENTS or start - at > MAX_JPEG_GAP:
            return True
        if marker == _SOS:
            # Behind the first scan the decoder is libjpeg, which does not mind; only the count matters there.
            return sum(1 for _part in islice(_jpeg_segments(content), MAX_JPEG_SEGMENTS + 1)) > MAX_JPEG_SEGMENTS
        at = start + 4 + len(body)
    return len(content) - at > MAX_JPEG_GAP


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Place, marker and body of each segment up to the end of the (first) image; entropy-coded data is passed over."""
    at = 0
    while found := _MARKER.search(content, at):
        marker, at = found[0][-1], found.end()
        if marker == _EOI:
            return
        if marker in _BARE:
            yield found.start(), marker, b""
            continue
        length = max(int.from_bytes(content[at : at + 2], "big"), 2)
        yield found.start(), marker, content[at + 2 : at + length]
        at += length


def _png_chunks(content: bytes) -> Iterator[int]:
    at = 8
    while at < len(content):
        yield at
        at += 12 + int.from_bytes(content[at : at + 4], "big")


def jpeg_scans(content: bytes, stop: int) -> int:
    """How many scans the JPEG has, counted up to `stop`.

    Each scan of a progressive JPEG costs a pass over the whole picture: a 377 KB file of many takes a minute of
    processor time to decode (libjpeg-turbo LJT-01-003), and the library itself has no limit.
    """
    scans = 0
    for _at, marker, _body in _jpeg_segments(content):
        scans += marker == _SOS
        if scans >= stop:
            break
    return scans


def jpeg_buffer_bytes(content: bytes) -> int:
    """Memory the decoder will need to keep all coefficients of a JPEG of several scans; 0 for one of a single scan."""
    size = 0
    for _at, marker, body in _jpeg_segments(content):
        if marker in _FRAME_HEADERS and len(body) >= 6:
            size = max(size, _coefficient_bytes(body))
    return size if jpeg_scans(content, 2) > 1 else 0


def _coefficient_bytes(frame_header: bytes) -> int:
    height = int.from_bytes(frame_header[1:3], "big")
    width = int.from_bytes(frame_header[3:5], "big")
    sampling = [(byte >> 4, byte & 15) for byte in frame_header[7::3][: frame_header[5]]]
    widest = max((across for across, _down in sampling), default=1) or 1
    tallest = max((down for _across, down in sampling), default=1) or 1
    parts = sum(across * down for across, down in sampling)
    return 2 * width * height * parts // (widest * tallest)


def gif_frames(content: bytes, stop: int) -> int:
    """How many frames the GIF has, counted up to `stop`; a broken end counts what is there."""
    return sum(1 for _part in islice(filter(None, _gif_parts(content)), stop))


def _gif_parts(content: bytes) -> Iterator[bool]:
    """Each part in turn: True for a frame, False for an extension or one of the sub-blocks either consists of."""
    if len(content) < 13:
        return
    at = 13 + _colour_table(content[10])
    while at < len(content) - 10 and content[at] in {_FRAME, _EXTENSION}:
        is_frame = content[at] == _FRAME
        yield is_frame
        at += 11 + _colour_table(content[at + 9]) if is_frame else 2
        while at < len(content) and content[at]:
            yield False
            at += content[at] + 1
        at += 1


def _colour_table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def total_pixels(image: Image.Image, content: bytes, limit: int) -> int:
    """Pixels of all frames together, or something above `limit` as soon as that is certain. Nothing is decoded."""
    width, height = image.size
    if image.format == "MPO":
        return _mpo_pixels(image)
    if image.format == "HEIF":
        return sum(part.size[0] * part.size[1] for part in pillow_heif.open_heif(BytesIO(content)))
    gif = image.format == "GIF"
    frames = gif_frames(content, stop=MAX_FRAMES + 1) if gif else getattr(image, "n_frames", 1)
    if frames > MAX_FRAMES:
        return limit + 1
    return int(width * height * max(frames, 1))


def _mpo_pixels(image: Image.Image) -> int:
    """A phone's main picture and its smaller companions, each by its own header; an unreadable companion is none."""
    pixels = image.width * image.height
    for number in range(1, min(getattr(image, "n_frames", 1), MAX_FRAMES)):
        try:
            image.seek(number)
        except (OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError):
            continue
        pixels += image.width * image.height
    image.seek(0)
    return pixels
