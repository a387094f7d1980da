"""The image door with honest files: upright, small, opaque, and nothing of the original but its pixels."""

import hashlib
from io import BytesIO

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from PIL import Image

from core.images import Box, CleanImage, caption_from_name, redact, sanitise
from tests.core import pictures
from tests.core.pictures import BLUE, GREEN, RED, YELLOW

METADATA = (b"Exif", b"GPS", b"http://ns.adobe.com", b"ICC_PROFILE", b"iCCP", b"tEXt", b"eXIf", b"secret", b"XML")


def opened(clean: CleanImage) -> Image.Image:
    return Image.open(BytesIO(clean.content)).convert("RGB")


def near(one: object, other: tuple[int, int, int], tolerance: int = 24) -> bool:
    assert isinstance(one, tuple)
    return all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))


def is_upright(clean: CleanImage) -> bool:
    image = opened(clean)
    width, height = image.size
    corners = [(4, 4), (width - 5, 4), (4, height - 5), (width - 5, height - 5)]
    pixels = [image.getpixel(corner) for corner in corners]
    return all(map(near, pixels, (RED, GREEN, BLUE, YELLOW)))


@pytest.mark.parametrize(
    ("kind", "name", "content_type"),
    [
        ("JPEG", "a.jpg", "image/jpeg"),
        ("JPEG", "a.JPEG", "image/jpeg"),
        ("PNG", "a.png", "image/png"),
        ("WEBP", "a.webp", "image/jpeg"),
        ("HEIF", "a.heic", "image/jpeg"),
        ("GIF", "a.gif", "image/png"),
        ("PNG", "clipboard", "image/png"),
        ("PNG", "说明 2026.05", "image/png"),
    ],
)
def test_each_accepted_kind_is_encoded_anew(kind: str, name: str, content_type: str) -> None:
    clean = sanitise(pictures.upload(pictures.encoded(pictures.quadrants(), kind), name))
    assert (clean.content_type, clean.width, clean.height) == (content_type, 80, 40)
    assert clean.sha256 == hashlib.sha256(clean.content).hexdigest()
    assert is_upright(clean)
    assert Image.open(BytesIO(clean.thumbnail)).format == "JPEG"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_orientation_is_applied(kind: str, orientation: int) -> None:
    assert is_upright(sanitise(pictures.upload(pictures.oriented(orientation, kind))))


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_unknown_orientation_is_ignored(orientation: int) -> None:
    assert is_upright(sanitise(pictures.upload(pictures.oriented(orientation))))


@pytest.mark.parametrize(
    "exif",
    [pictures.looping_exif(), b"Exif\0\0", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0II*\0" + b"\xff" * 40],
    ids=["loop", "empty", "offset", "entries"],
)
def test_broken_exif_does_not_keep_a_picture_out(exif: bytes) -> None:
    jpeg = pictures.encoded(pictures.quadrants(), "JPEG")
    assert is_upright(sanitise(pictures.upload(pictures.with_segment(jpeg, 0xE1, exif), "a.jpg")))


def test_place_and_device_of_the_demo_photo_are_gone_and_it_stands_upright() -> None:
    content = (settings.DEMO_DIR / "images" / "shot_12_desk_photo.jpg").read_bytes()
    before = Image.open(BytesIO(content))
    assert before.getexif().get_ifd(0x8825)
    clean = sanitise(pictures.upload(content, "shot_12_desk_photo.jpg"))
    assert (clean.width, clean.height) == before.size[::-1]
    for stored in (clean.content, clean.thumbnail):
        assert not [mark for mark in METADATA if mark in stored]
        assert not dict(Image.open(BytesIO(stored)).getexif())


def test_every_demo_picture_passes() -> None:
    for path in sorted((settings.DEMO_DIR / "images").glob("*.[jp][pn]g")):
        clean = sanitise(pictures.upload(path.read_bytes(), path.name))
        assert max(clean.width, clean.height) <= 2560
        assert clean.content_type == ("image/png" if path.suffix == ".png" else "image/jpeg")


@pytest.mark.parametrize(
    "segment",
    [
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>secret</x>"),
        (0xED, b"Photoshop 3.0\0secret"),
        (0xFE, b"secret"),
        (0xE2, b"ICC_PROFILE\0\1\1secret"),
        (0xEB, b"secret"),
    ],
)
def test_jpeg_metadata_is_dropped(segment: tuple[int, bytes]) -> None:
    jpeg = pictures.with_segment(pictures.encoded(pictures.quadrants(), "JPEG"), *segment)
    clean = sanitise(pictures.upload(jpeg + b"<script>secret</script>"))
    assert not [mark for mark in METADATA if mark in clean.content + clean.thumbnail]


def test_png_text_is_dropped() -> None:
    text = pictures.chunk(b"tEXt", b"Comment\0secret")
    clean = sanitise(pictures.upload(pictures.png(2, 1, text, data=b"\0" + bytes(6))))
    assert b"secret" not in clean.content


def test_a_big_picture_is_reduced_and_keeps_its_shape() -> None:
    clean = sanitise(pictures.upload(pictures.encoded(pictures.quadrants(6000, 3000), "PNG")))
    assert (clean.width, clean.height) == (2560, 1280)
    assert is_upright(clean)


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (9001, 3), (2560, 2561)])
def test_odd_shapes_come_out_at_most_2560(size: tuple[int, int]) -> None:
    clean = sanitise(pictures.upload(pictures.encoded(Image.new("RGB", size, RED), "PNG")))
    assert max(clean.width, clean.height) == min(max(size), 2560)
    assert min(clean.width, clean.height) >= 1


def test_a_photo_in_a_png_becomes_a_jpeg() -> None:
    clean = sanitise(pictures.upload(pictures.encoded(pictures.photo(), "PNG"), "photo.png"))
    assert clean.content_type == "image/jpeg"


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_becomes_white(mode: str) -> None:
    image = Image.new("RGBA", (20, 20), (200, 0, 0, 0)).convert(mode)
    options = {"transparency": image.getpixel((0, 0))} if mode == "P" else {}
    clean = sanitise(pictures.upload(pictures.encoded(image, "PNG", **options)))
    assert opened(clean).getpixel((10, 10)) == (255, 255, 255)


def test_half_transparency_is_mixed_with_white() -> None:
    clean = sanitise(pictures.upload(pictures.encoded(Image.new("RGBA", (9, 9), (0, 0, 0, 128)), "PNG")))
    assert near(opened(clean).getpixel((4, 4)), (127, 127, 127), 2)


@pytest.mark.parametrize(("value", "grey"), [(0, 0), (32768, 128), (65535, 255)])
def test_sixteen_bit_grey_keeps_its_brightness(value: int, grey: int) -> None:
    clean = sanitise(pictures.upload(pictures.encoded(Image.new("I;16", (9, 9), value), "PNG")))
    assert near(opened(clean).getpixel((4, 4)), (grey, grey, grey), 1)


@pytest.mark.parametrize("mode", ["1", "L", "CMYK"])
def test_other_colour_modes_come_out_as_rgb(mode: str) -> None:
    kind = "PNG" if mode == "1" else "JPEG"
    clean = sanitise(pictures.upload(pictures.encoded(pictures.quadrants().convert(mode), kind)))
    assert Image.open(BytesIO(clean.content)).mode == "RGB"


def test_cmyk_keeps_its_colours() -> None:
    jpeg = pictures.encoded(pictures.quadrants().convert("CMYK"), "JPEG", quality=95)
    assert is_upright(sanitise(pictures.upload(jpeg)))


def test_first_frame_of_an_animation_is_taken() -> None:
    frames = [Image.new("RGB", (30, 30), colour) for colour in (GREEN, RED, BLUE)]
    for kind in ("GIF", "PNG", "WEBP"):
        content = pictures.encoded(frames[0], kind, save_all=True, append_images=frames[1:])
        assert near(opened(sanitise(pictures.upload(content))).getpixel((9, 9)), GREEN)


def test_a_phones_double_picture_counts_as_a_jpeg() -> None:
    companion = Image.new("RGB", (20, 10), BLUE)
    content = pictures.encoded(pictures.quadrants(), "MPO", save_all=True, append_images=[companion])
    assert Image.open(BytesIO(content)).format == "MPO"
    clean = sanitise(pictures.upload(content, "IMG_1.JPG"))
    assert (clean.content_type, clean.width) == ("image/jpeg", 80)
    assert is_upright(clean)


def test_boxes_are_burnt_in() -> None:
    stored = sanitise(pictures.upload(pictures.encoded(pictures.photo(), "JPEG")))
    done = redact(stored.content, [Box(0.25, 0.5, 0.5, 0.25), Box(0, 0, 10, 10, pixels=True)])
    image = opened(done)
    for area in ((101, 151, 299, 224), (0, 0, 9, 9)):
        # JPEG leaves a shimmer at the rim of a box.
        assert max(image.crop(area).convert("L").tobytes()) <= 24
    assert image.getpixel((350, 20)) != (0, 0, 0)
    assert done.sha256 != stored.sha256


def test_boxes_on_a_screenshot_are_exactly_black_and_it_stays_sharp() -> None:
    stored = sanitise(pictures.upload(pictures.encoded(pictures.quadrants(), "PNG")))
    done = redact(stored.content, [Box(0.5, 0.5, 9, 9)])
    assert done.content_type == "image/png"
    assert opened(done).crop((40, 20, 80, 40)).getextrema() == ((0, 0), (0, 0), (0, 0))
    assert opened(done).getpixel((39, 19)) == RED


@pytest.mark.parametrize(
    ("boxes", "code"),
    [
        ([], "no_boxes"),
        ([Box(0, 0, 1, 1)] * 101, "too_many_boxes"),
        ([Box(0, 0, 0, 1)], "bad_box"),
        ([Box(0, 0, 1, -1)], "bad_box"),
        ([Box(1.5, 0, 1, 1)], "bad_box"),
        ([Box(float("nan"), 0, 1, 1)], "bad_box"),
        ([Box(0, 0, float("inf"), 1)], "bad_box"),
        ([Box(-50, -50, 20, 20, pixels=True)], "bad_box"),
    ],
)
def test_wrong_boxes_are_refused(boxes: list[Box], code: str) -> None:
    stored = pictures.encoded(pictures.quadrants(), "PNG")
    with pytest.raises(ValidationError) as caught:
        redact(stored, boxes)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("name", "caption"),
    [
        ("三张取号小票.png", "三张取号小票"),
        ("收件页_第2张.jpg", "收件页 第2张"),
        ("C:\\Users\\li\\窗口.png", "窗口"),
        ("../../etc/passwd", "passwd"),
        ("a\u202egnp.exe\x00.png", "agnp.exe"),
        ("IMG_20260518_101500.jpg", ""),
        ("image.png", ""),
        ("mmexport1747533600000.jpg", ""),
        ("", ""),
        ("长" * 300 + ".png", "长" * 120),
    ],
)
def test_caption_from_a_file_name(name: str, caption: str) -> None:
    assert caption_from_name(name) == caption
