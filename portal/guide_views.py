"""Open pages behind the QR codes: an item's guide, a window, a hall, and the search over all guides."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalog.models import Hall, ServiceItem, Window
from portal import guides

PAGE = 30


@require_safe
def guide_list(request: HttpRequest) -> HttpResponse:
    """Find a guide by name, code, pinyin initials, department or document."""
    form = guides.GuideSearch(request.GET)
    rows = ServiceItem.objects.published().search(form.words).select_related("department", "window__hall")
    page = Paginator(rows.order_by("-frequent", "code"), PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/guide_list.html", {"form": form, "words": form.words, "page_obj": page})


@require_safe
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """What a citizen needs to know of one item. Unpublished items do not exist here."""
    return render(request, "portal/guide.html", {"guide": guides.guide(code)})


@require_safe
def window(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """A window in use: what it accepts, and who sits here this week by the released roster."""
    rows = Window.objects.filter(active=True).select_related("hall", "zone", "department").prefetch_related("serves")
    row = get_object_or_404(rows, hall__code=code, number=number)
    context = {"window": row, "items": guides.accepted_at(row), "days": guides.sitting_at(row)}
    return render(request, "portal/window.html", context)


@require_safe
def hall(request: HttpRequest, code: str) -> HttpResponse:
    """A hall: where it is, when it is open, its windows, the way to the guides and the roster."""
    row = get_object_or_404(Hall, code=code)
    context = {"hall": row, "windows": guides.busy_windows(row), "closures": guides.closures([row.pk])}
    return render(request, "portal/hall.html", context | {"form": guides.GuideSearch()})
