"""The inbox: what happened that this person should know, unread first."""

from datetime import UTC, datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core import clock, inbox
from core.forms import whole_number
from core.models import Notice
from core.notices import mark_read, mark_unread

PER_PAGE = 30


@require_safe
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """The inbox. `?undo=` names the moment at which all were marked read, as the way back."""
    mine = Notice.objects.visible_to(request.user)
    page = Paginator(inbox.ordered(mine), PER_PAGE).get_page(request.GET.get("page"))
    found = list(page)
    context = {
        "page_obj": page,
        "days": inbox.days(found),
        "newest": max((notice.pk for notice in found), default=0),
        "undo": request.GET.get("undo", "") if _moment(request.GET.get("undo", "")) else "",
    }
    return render(request, "core/notices.html", context)


@require_POST
@login_required
def read_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice read and go where it points."""
    mine = Notice.objects.visible_to(request.user)
    notice = get_object_or_404(mine, pk=pk)
    mark_read(mine.filter(pk=pk))
    safe = notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if safe and "stay" not in request.POST else "core:notices")


@require_POST
@login_required
def unread_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice unread again."""
    mine = Notice.objects.visible_to(request.user)
    mark_unread(mine.filter(pk=get_object_or_404(mine, pk=pk).pk))
    return redirect("core:notices")


@require_POST
@login_required
def read_all_notices(request: HttpRequest) -> HttpResponse:
    """Mark everything read that was there when the page was drawn; what came meanwhile stays new."""
    newest = whole_number(request.POST.get("newest"))
    mine = Notice.objects.visible_to(request.user).unread()
    moment = clock.now()
    count = mark_read(mine if newest is None else mine.filter(pk__lte=newest), moment)
    way_back = f"?{urlencode({'undo': moment.isoformat()})}" if count else ""
    return redirect(f"{reverse('core:notices')}{way_back}")


@require_POST
@login_required
def unread_notices(request: HttpRequest) -> HttpResponse:
    """Take back that all were marked read."""
    moment = _moment(request.POST.get("undo", ""))
    mine = Notice.objects.visible_to(request.user)
    count = mark_unread(mine.filter(read_at=moment)) if moment else 0
    text = ngettext("%(n)s notice is unread again.", "%(n)s notices are unread again.", count)
    messages.success(request, text % {"n": count} if count else _("Nothing was to be taken back."))
    return redirect("core:notices")


def _moment(text: str) -> datetime | None:
    """An aware moment from an address or a form; None for anything else."""
    try:
        moment = parse_datetime(text)
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
