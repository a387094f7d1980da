"""The list of sessions and one session with its ledger."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.choices import Role
from accounts.requests import StaffRequest, staff
from core import clock
from sessions.choices import SessionStatus
from sessions.filters import SessionFilter
from sessions.models import WindowSession
from sessions.offers import offered
from sessions.permissions import may
from sessions.querysets import PLANNING_ROLES
from sessions.story import tell
from sessions.weeks import Week

GONE = [SessionStatus.CANCELLED.value, SessionStatus.MISSED.value]


def _tabs() -> dict[str, tuple[Any, Q, tuple[str, ...]]]:
    """Tab → its word, condition and order."""
    today = clock.today()
    order = ("date", "half", "window__number")
    return {
        "coming": (_("Today and coming"), Q(date__gte=today) & ~Q(status__in=GONE), order),
        "draft": (_("To be confirmed"), Q(status=SessionStatus.DRAFT), order),
        "feedback": (_("Feedback due"), Q(status=SessionStatus.AWAITING_FEEDBACK), order),
        "past": (_("Past"), Q(date__lt=today) & ~Q(status__in=GONE), ("-date", "-half", "window__number")),
        "gone": (_("Cancelled or missed"), Q(status__in=GONE), ("-date", "-half", "window__number")),
    }


@require_safe
@staff()
def session_list(request: StaffRequest) -> HttpResponseBase:
    """Sessions this person may see, by tab and filter."""
    visible = WindowSession.objects.visible_to(request.user)
    found = SessionFilter(request.GET, queryset=visible, request=request)
    tabs = _tabs()
    tab = request.GET.get("tab", "coming")
    tab = tab if tab in tabs else "coming"
    counts = found.qs.aggregate(**{name: Count("pk", filter=condition) for name, (_w, condition, _o) in tabs.items()})
    _word, condition, order = tabs[tab]
    rows = found.qs.filter(condition).order_by(*order).with_people()
    pages = Paginator(rows, 30)
    pages.count = counts[tab]
    context = {
        "filter": found,
        "chosen": any(found.form[name].value() for name in found.form.fields),
        "tabs": [(name, word, counts[name]) for name, (word, _c, _o) in tabs.items()],
        "tab": tab,
        "page_obj": pages.get_page(request.GET.get("page")),
        "plans": request.user.grants.has(*PLANNING_ROLES),
        "enters_leave": request.user.grants.has(Role.DIRECTOR, *PLANNING_ROLES),
    }
    return render(request, "window_sessions/session_list.html", context)


@require_safe
@staff()
def session_detail(request: StaffRequest, pk: int) -> HttpResponseBase:
    """One session: where, who, state, what may be done now, and its ledger."""
    rows = WindowSession.objects.visible_to(request.user).with_people().select_related("replaced_director")
    row = get_object_or_404(rows, pk=pk)
    context = {
        "window_session": row,
        "hours": row.window.hall.hours(row.half),
        "acts": list(offered(row, request.user)),
        "entries": tell(row.events.all()),
        "week": Week.of(row.date),
        "sees_board": bool(may(request.user, "see_board", row)),
    }
    return render(request, "window_sessions/session_detail.html", context)
