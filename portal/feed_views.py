"""Calendar feeds: a hall's, open to all, and a person's own behind a secret address. No cookie is asked for."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.models import Hall
from portal import feeds
from portal.answers import kept, spoken
from sessions import calendars
from sessions.models import CalendarToken
from sessions.services import secret_digest

ICS = "text/calendar; charset=utf-8"
FIVE_MINUTES = 300


@require_safe
def hall_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """Who sits in a hall, as released."""
    hall = get_object_or_404(Hall, code=code)
    with spoken(request):
        entries = feeds.entries_of(
            hall, lambda code: request.build_absolute_uri(f"{reverse('portal:roster')}?hall={code}")
        )
        name = _("Directors at the window: %(hall)s") % {"hall": hall.name}
        return _feed(request, name, entries, shared=True)


@require_safe
def personal_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """A person's own sittings. 404 for an address that was revoked, replaced or never was."""
    held = CalendarToken.objects.filter(digest=secret_digest(token), user__is_active=True).select_related("user")
    found = held.first()
    if found is None:
        raise Http404
    with spoken(request):
        entries = calendars.entries_of(found.user, request.build_absolute_uri)
        response = _feed(request, _("My sittings at the window"), entries, shared=False)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _feed(request: HttpRequest, name: str, entries: list[Any], *, shared: bool) -> HttpResponse:
    moment = max((entry.changed for entry in entries), default=None)
    content = calendars.write(name, entries)
    response = kept(request, content, ICS, moment, shared=shared, seconds=FIVE_MINUTES)
    response.headers["Content-Disposition"] = 'inline; filename="huanwei.ics"'
    return response
