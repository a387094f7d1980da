"""What walks of an item took: a part of the catalogue's page, or a page of its own."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest, staff
from catalog import times
from catalog.models import ServiceItem
from core import clock
from sessions.models import HandledCase, Programme, WindowSession
from sessions.reading import walks_of


@require_safe
@staff()
def item_walked(request: StaffRequest, pk: int) -> HttpResponse:
    """Statutory, promised and walked time; the handling lists on which the item stands; walks under way."""
    item = get_object_or_404(ServiceItem.objects.visible_to(request.user), pk=pk)
    walks, seen = walks_of(item), WindowSession.objects.visible_to(request.user)
    context = {
        "item": item,
        "walks": walks,
        "bars": times.bars(item, walks.days),
        "programmes": Programme.objects.visible_to(request.user).filter(handling_list=item, ends_on__gte=clock.today()),
        "running": HandledCase.objects.filter(item=item, ended_at__isnull=True, window_session__in=seen).count(),
    }
    name = "window_sessions/_item_walked.html" if request.htmx else "window_sessions/item_walked.html"
    return render(request, name, context)
