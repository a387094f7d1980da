"""Answers that machines fetch again and again: the same bytes for the same roster, so that 304 says "nothing new"."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

MINUTE = 60


@contextmanager
def spoken(request: HttpRequest) -> Iterator[None]:
    """Chinese, or English where the address says `lang=en`: who fetches a file has no cookie and no choice to make."""
    with translation.override("en" if request.GET.get("lang") == "en" else "zh-hans"):
        yield


def kept(
    request: HttpRequest,
    content: bytes,
    content_type: str,
    moment: datetime | None = None,
    *,
    shared: bool = True,
    seconds: int = MINUTE,
) -> HttpResponse:
    """The content with validators; 304 without it for who has the same already.

    `moment` is when it last changed. A `shared` answer may be kept by any cache for `seconds`.
    """
    response = HttpResponse(content, content_type=content_type)
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    response.headers["ETag"] = etag
    stamp = int(moment.timestamp()) if moment else None
    if stamp:
        response.headers["Last-Modified"] = http_date(stamp)
    answer = get_conditional_response(request, etag=etag, last_modified=stamp, response=response) or response
    answer.headers["Cache-Control"] = f"{'public' if shared else 'private'}, max-age={seconds}"
    return answer
