"""From decoded pixels to the picture that is stored: upright, opaque, small, and encoded anew."""

import struct
from collections.abc import Callable
from io import BytesIO

import pillow_heif
from PIL import Image, ImageChops

MAX_SIDE = 2560
THUMBNAIL_SIDE = 480
JPEG_QUALITY = 85
# For a second generation: little is lost anew, and the rim of a black box hardly shimmers.
FINE_QUALITY = 93
# Rows handled at a time: the copies made on the way to RGB must not double the memory of a big picture.
STRIP_ROWS = 256
WHITE = (255, 255, 255)
ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# EXIF is free-form bytes from any camera or attacker; each of these has been seen from a broken one.
_EXIF_ERRORS = (OSError, ValueError, SyntaxError, struct.error, LookupError, TypeError, ArithmeticError, EOFError)

Strips = Callable[[int, int], Image.Image]


def render(image: Image.Image, content: bytes) -> Image.Image:
    """Decode an opened picture to RGB: first frame, upright, transparency onto white, at most MAX_SIDE pixels."""
    if image.format == "HEIF":
        # libheif has applied the container's rotation already; HEIF says that EXIF's is to be ignored.
        return _shrunk(*_heif_strips(content))
    if image.format in {"JPEG", "MPO"}:
        # libjpeg halves while decoding: a quarter of the time and memory for the big ones.
        image.draft(None, _fitted(image.size, MAX_SIDE))
    image.load()
    small = _shrunk(image.size, lambda top, bottom: image.crop((0, top, image.width, bottom)))
    turn = _UPRIGHT.get(_orientation(image))
    return small if turn is None else small.transpose(turn)


def encode(image: Image.Image, *, keep_sharp: bool, fine: bool = False) -> tuple[bytes, str]:
    """The stored bytes and their content type.

    `keep_sharp` is for drawn pictures: PNG keeps small letters readable. `fine` is for a JPEG made from our own.
    """
    out = BytesIO()
    if keep_sharp:
        image.save(out, "PNG", compress_level=6)
        return out.getvalue(), "image/png"
    if fine:
        image.save(out, "JPEG", quality=FINE_QUALITY, subsampling=0, optimize=True)
    else:
        image.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return out.getvalue(), "image/jpeg"


def thumbnail(image: Image.Image) -> bytes:
    """A JPEG of at most THUMBNAIL_SIDE pixels."""
    small = image.resize(_fitted(image.size, THUMBNAIL_SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return encode(small, keep_sharp=False)[0]


def looks_drawn(image: Image.Image) -> bool:
    """Whether this is a screenshot rather than a photo: most pixels have exactly the colour of their left neighbour."""
    across = image.width - 1
    if across < 1:
        return True
    left, right = image.crop((0, 0, across, image.height)), image.crop((1, 0, across + 1, image.height))
    equal = ImageChops.difference(left, right).convert("L").histogram()[0]
    return equal * 2 > across * image.height


def _fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(ORIENTATION, 1)
    except _EXIF_ERRORS:
        return 1
    return value if isinstance(value, int) else 1


def _heif_strips(content: bytes) -> tuple[tuple[int, int], Strips]:
    """Size of the main picture and a cutter of strips, straight from the decoder's buffer: Pillow would copy it all."""
    container = pillow_heif.open_heif(BytesIO(content), convert_hdr_to_8bit=True)
    part = container[container.primary_index]
    data, stride, mode = memoryview(part.data), part.stride, part.mode
    width, height = part.size  # only now: decoding may correct it

    def strip(top: int, bottom: int) -> Image.Image:
        rows = data[top * stride : bottom * stride]
        return Image.frombytes(mode, (width, bottom - top), bytes(rows), "raw", mode, stride)

    return (width, height), strip


def _shrunk(size: tuple[int, int], strips: Strips) -> Image.Image:
    """Paste the strips one by one, averaged by a whole factor, then resize the rest of the way with a fine filter."""
    width, height = size
    factor = max(1, max(size) // MAX_SIDE)
    canvas = Image.new("RGB", (-(-width // factor), -(-height // factor)), WHITE)
    step = STRIP_ROWS * factor
    for top in range(0, height, step):
        strip = _opaque(strips(top, min(top + step, height)))
        canvas.paste(strip if factor == 1 else strip.reduce(factor), (0, top // factor))
    fitted = _fitted(size, MAX_SIDE)
    return canvas if canvas.size == fitted else canvas.resize(fitted, Image.Resampling.LANCZOS)


def _opaque(strip: Image.Image) -> Image.Image:
    if strip.mode.startswith("I"):
        # 16 bits a pixel: Pillow's own conversion clips at 255 and would make everything white.
        return strip.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if not strip.has_transparency_data:
        return strip.convert("RGB")
    coloured = strip.convert("RGBA")
    flat = Image.new("RGB", coloured.size, WHITE)
    flat.paste(coloured, mask=coloured.getchannel("A"))
    return flat
