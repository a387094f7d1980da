"""Uploads as people send them, good and bad."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

WHITE, RED = (255, 255, 255), (200, 30, 30)


def content(size: tuple[int, int] = (120, 80), kind: str = "PNG") -> bytes:
    """A white picture with a red rectangle in its upper left quarter."""
    image = Image.new("RGB", size, WHITE)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), fill=RED)
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


def upload(name: str = "受理页面.png", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content() if data is None else data, content_type="image/png")


BAD = {
    "empty": lambda: upload(data=b""),
    "text": lambda: upload("x.png", "不是图片".encode()),
    "html": lambda: upload("x.png", b"<html><script>alert(1)</script></html>"),
    "wrong kind": lambda: upload("x.pdf"),
    "21 MB": lambda: upload(data=content() + b"0" * (21 * 1024 * 1024)),
    "cut off": lambda: upload(data=content()[:60]),
}
