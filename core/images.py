"""The one door for pictures: whatever comes in by web, import, intake or interface passes `sanitise`.

Nothing of the uploaded file is kept: it is decoded by its content, drawn anew and encoded anew, so metadata (place,
device, thumbnails of a cropped original), trailing bytes and anything that merely looks like a picture are gone.
What is stored: photos as JPEG (quality 85); drawn pictures from a lossless file, such as screenshots, as PNG.
"""

import hashlib
import logging
import math
import re
import secrets
import struct
import unicodedata
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO

import pillow_heif
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, UnidentifiedImageError

from core import image_headers, image_pixels

logger = logging.getLogger(__name__)

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 64_000_000
MAX_SCANS = 100
MAX_BOXES = 100
MAX_CAPTION = 120
# Memory, not taste: libwebp keeps two canvases of four bytes a pixel, and a JPEG of several scans all its
# coefficients. With these bounds no upload needs more than 300 MB.
MAX_WEBP_PIXELS = 17_000_000
MAX_JPEG_BUFFER = 200 * 1024 * 1024

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "GIF")
LOSSLESS = frozenset({"PNG", "GIF"})
EXTENSIONS = {
    "JPEG": ("jpg", "jpeg", "jpe", "jfif"),
    "MPO": ("jpg", "jpeg", "jpe", "jfif", "mpo"),
    "PNG": ("png", "apng"),
    "WEBP": ("webp",),
    "HEIF": ("heic", "heif", "hif"),
    "GIF": ("gif",),
}
KIND_NAMES = {"MPO": "JPEG", "HEIF": "HEIC", "WEBP": "WebP"}
_EXTENSION = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,9})$")
# What a camera or a clipboard calls its files says nothing of what is on them.
_CAMERA_NAME = re.compile(r"(?:img|image|dsc|dscn|pxl|vid|photo|mmexport|wx camera|screenshot)?[\d\s()\-.]*", re.I)
# What a decoder is known to throw at a hostile file. Anything else is our bug and must be seen as one.
_DECODER_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    struct.error,
    zlib.error,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
    ArithmeticError,
    MemoryError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)

# Process-wide and once, since catch_warnings() is not safe under threads.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
pillow_heif.register_heif_opener(thumbnails=False)


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture that went through the door. `sha256` is the hex digest of `content`; `thumbnail` is a JPEG."""

    content: bytes
    content_type: str
    width: int
    height: int
    sha256: str
    thumbnail: bytes


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle to black out, from the upper left corner: fractions (0 to 1) of the stored picture, or its pixels."""

    left: float
    top: float
    width: float
    height: float
    pixels: bool = False


@dataclass(frozen=True, slots=True)
class StoredImage:
    """Where the two files of a picture lie in the default storage."""

    path: str
    thumbnail_path: str


def sanitise(upload: IO[bytes]) -> CleanImage:
    """Check, decode and encode anew an uploaded picture (JPEG, PNG, WebP, HEIC, first frame of a GIF).

    Upright by EXIF, at most 2560 px, transparency onto white. Raises ValidationError with a reason that tells the
    person what to do: empty, too_large, not_a_picture, wrong_extension, too_many_pixels,
    too_many_parts, too_many_scans, damaged.
    """
    content = _read(upload)
    image = _opened(content)
    _refuse_foreign_name(str(getattr(upload, "name", "") or ""), str(image.format))
    rendered = _rendered(image, content)
    sharp = image.format in LOSSLESS and image_pixels.looks_drawn(rendered)
    return _clean(rendered, keep_sharp=sharp)


def redact(content: bytes, boxes: Sequence[Box]) -> CleanImage:
    """The stored picture with solid black boxes burnt in; what was under a box is nowhere in the result.

    Boxes are rounded outwards and cut at the edge. Raises ValidationError when there is none, too many, or one that
    covers nothing of the picture.
    """
    if not boxes:
        raise ValidationError(_("Draw at least one box over what must not be seen."), code="no_boxes")
    if len(boxes) > MAX_BOXES:
        raise ValidationError(
            _("At most %(limit)d boxes fit on one picture."), code="too_many_boxes", params={"limit": MAX_BOXES}
        )
    image = _opened(content)
    rendered = _rendered(image, content)
    draw = ImageDraw.Draw(rendered)
    for box in boxes:
        draw.rectangle(_corners(box, rendered.size), fill=(0, 0, 0))
    return _clean(rendered, keep_sharp=image.format in LOSSLESS, fine=True)


def caption_from_name(name: str) -> str:
    """A caption from the name of an uploaded file, or nothing when the camera chose it. Never used as a path."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    base = _EXTENSION.sub("", base.strip().rstrip(". "))
    plain = "".join(" " if char == "_" or char.isspace() else char for char in base)
    # Category C: control characters, bidirectional overrides, surrogates, unassigned.
    plain = "".join(char for char in plain if not unicodedata.category(char).startswith("C"))
    caption = " ".join(plain.split())[:MAX_CAPTION].strip()
    return "" if _CAMERA_NAME.fullmatch(caption) else caption


# Pictures stored within `without_orphans` whose transaction has not been committed yet, each with its commit hook.
_uncommitted: ContextVar[dict[StoredImage, Callable[[], None]] | None] = ContextVar("uncommitted", default=None)


@contextmanager
def without_orphans() -> Iterator[None]:
    """Remove, when the block is left, the files of every picture whose transaction was rolled back.

    A hook that neither ran nor still waits belonged to a transaction or savepoint that is gone.
    """
    pending: dict[StoredImage, Callable[[], None]] = {}
    token = _uncommitted.set(pending)
    try:
        yield
    finally:
        _uncommitted.reset(token)
        waiting = {hook for _savepoints, hook, _robust in transaction.get_connection().run_on_commit}
        for stored in [stored for stored, hook in pending.items() if hook not in waiting]:
            discard(stored)


def _watch(stored: StoredImage) -> None:
    pending = _uncommitted.get()
    if pending is None:
        return

    def committed() -> None:
        pending.pop(stored, None)

    pending[stored] = committed
    transaction.on_commit(committed)


def store(clean: CleanImage) -> StoredImage:
    """Write a picture and its thumbnail under random names; both or neither.

    Within `without_orphans` (every request) the files go again when the transaction does not hold.
    """
    key = secrets.token_hex(20)
    folder = PurePosixPath("images", key[:2])
    extension = "png" if clean.content_type == "image/png" else "jpg"
    path = default_storage.save(str(folder / f"{key}.{extension}"), ContentFile(clean.content))
    try:
        thumbnail_path = default_storage.save(str(folder / f"{key}-small.jpg"), ContentFile(clean.thumbnail))
    except OSError:
        default_storage.delete(path)
        raise
    stored = StoredImage(path, thumbnail_path)
    _watch(stored)
    return stored


def discard(stored: StoredImage) -> None:
    """Remove both files of a picture whose row could not be written, or whose time is over."""
    for path in (stored.path, stored.thumbnail_path):
        if default_storage.exists(path):
            default_storage.delete(path)


def _read(upload: IO[bytes]) -> bytes:
    upload.seek(0)
    # One byte more than allowed is enough to know, whatever the sender said of the size.
    content = upload.read(MAX_BYTES + 1)
    if not content:
        raise ValidationError(_("The file is empty (0 bytes). Choose the picture again."), code="empty")
    if len(content) > MAX_BYTES:
        raise ValidationError(
            _("The picture is larger than %(limit)d MB. Send a smaller one, or a screenshot of it."),
            code="too_large",
            params={"limit": MAX_BYTES // (1024 * 1024)},
        )
    return content


def _opened(content: bytes) -> Image.Image:
    if image_headers.too_many_parts(content):
        raise _unusual("too_many_parts")
    try:
        return Image.open(BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(MAX_PIXELS) from error
    except UnidentifiedImageError as error:
        raise ValidationError(
            _("This is not a picture that can be read. Send a JPEG, PNG, WebP, HEIC or GIF file."), code="not_a_picture"
        ) from error
    except _DECODER_ERRORS as error:
        raise _damaged(error) from error


def _rendered(image: Image.Image, content: bytes) -> Image.Image:
    try:
        _refuse_costly(image, content)
        return image_pixels.render(image, content)
    except _DECODER_ERRORS as error:
        raise _damaged(error) from error


def _refuse_foreign_name(name: str, kind: str) -> None:
    found = _EXTENSION.search(unicodedata.normalize("NFKC", name).strip().rstrip(". "))
    if found is None or found[1].lower() in EXTENSIONS[kind]:
        return
    raise ValidationError(
        _("The name ends in .%(given)s but the file is a %(kind)s picture. Rename it to end in .%(wanted)s."),
        code="wrong_extension",
        params={"given": found[1].lower(), "kind": KIND_NAMES.get(kind, kind), "wanted": EXTENSIONS[kind][0]},
    )


def _refuse_costly(image: Image.Image, content: bytes) -> None:
    """Everything that bounds time and memory, before the first pixel is decoded."""
    limit = MAX_WEBP_PIXELS if image.format == "WEBP" else MAX_PIXELS
    if image_headers.total_pixels(image, content, limit) > limit:
        raise _too_many_pixels(limit)
    if image.format not in {"JPEG", "MPO"}:
        return
    if image_headers.jpeg_scans(content, MAX_SCANS + 1) > MAX_SCANS:
        raise _unusual("too_many_scans")
    if image_headers.jpeg_buffer_bytes(content) > MAX_JPEG_BUFFER:
        raise _too_many_pixels(limit // 2)


def _unusual(code: str) -> ValidationError:
    return ValidationError(
        _("This file is built in an unusual way. Open it, save it again, or send a screenshot of it."), code=code
    )


def _too_many_pixels(limit: int) -> ValidationError:
    return ValidationError(
        _("The picture has more than %(limit)d million pixels. Send a smaller one, or a screenshot of it."),
        code="too_many_pixels",
        params={"limit": limit // 1_000_000},
    )


def _damaged(error: BaseException) -> ValidationError:
    logger.info("A picture could not be decoded: %s", type(error).__name__)
    return ValidationError(
        _("The picture is damaged or incomplete. Open it on your device, save it again and send that."),
        code="damaged",
    )


def _clean(image: Image.Image, *, keep_sharp: bool, fine: bool = False) -> CleanImage:
    content, content_type = image_pixels.encode(image, keep_sharp=keep_sharp, fine=fine)
    return CleanImage(
        content=content,
        content_type=content_type,
        width=image.width,
        height=image.height,
        sha256=hashlib.sha256(content).hexdigest(),
        thumbnail=image_pixels.thumbnail(image),
    )


def _corners(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The pixels a box covers, both corners included as Pillow draws them."""
    across, down = (1, 1) if box.pixels else size
    edges = (box.left * across, box.top * down, (box.left + box.width) * across, (box.top + box.height) * down)
    if not all(map(math.isfinite, edges)) or box.width <= 0 or box.height <= 0:
        raise _bad_box()
    left, top = max(0, math.floor(edges[0])), max(0, math.floor(edges[1]))
    right, bottom = min(size[0], math.ceil(edges[2])), min(size[1], math.ceil(edges[3]))
    if left >= right or top >= bottom:
        raise _bad_box()
    return left, top, right - 1, bottom - 1


def _bad_box() -> ValidationError:
    return ValidationError(_("A box lies outside the picture. Draw it again."), code="bad_box")
