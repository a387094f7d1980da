"""How a stored picture leaves the site. The view has asked `visible_to` of its parent before it calls this."""

import logging
import unicodedata
from io import BytesIO

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header
from PIL import Image, ImageDraw

logger = logging.getLogger(__name__)

EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png"}
MAX_NAME = 100
_UNSAFE = set('/\\:*?"<>|;')
_GREY, _LINE = (233, 236, 239), (173, 181, 189)


def picture_response(path: str, content_type: str, download_name: str) -> FileResponse | HttpResponse:
    """The stored picture, never cached and never sniffed; 404 with a grey stand-in when its file is missing.

    Only the two types the image door writes are ever sent. `download_name` is a caption; it becomes a harmless file
    name by RFC 6266.
    """
    if content_type not in EXTENSIONS:
        raise ValueError(f"{content_type} is not a type that the image door writes")
    response: FileResponse | HttpResponse
    try:
        response = FileResponse(default_storage.open(path, "rb"), content_type=content_type)
    except OSError:
        logger.exception("A stored picture is missing: %s", path)
        response = HttpResponse(placeholder(), content_type="image/png", status=404)
        content_type = "image/png"
    name = f"{safe_name(download_name)}.{EXTENSIONS[content_type]}"
    response.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def safe_name(name: str) -> str:
    """A caption as a file name without path, control characters, text direction tricks or a second extension."""
    plain = unicodedata.normalize("NFC", name)
    kept = "".join("_" if char in _UNSAFE else char for char in plain if not unicodedata.category(char).startswith("C"))
    return " ".join(kept.split()).strip(". ")[:MAX_NAME].strip(". ") or "picture"


def placeholder() -> bytes:
    """A grey crossed-out field: without words, for it is shown in every language."""
    image = Image.new("RGB", (320, 240), _GREY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 319, 239), outline=_LINE, width=2)
    draw.line((0, 0, 319, 239), fill=_LINE, width=2)
    draw.line((0, 239, 319, 0), fill=_LINE, width=2)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
