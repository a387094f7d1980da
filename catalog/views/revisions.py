"""Earlier revisions of a guide, and what differs between any two of them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest, staff
from catalog.comparing import differences, readable_for
from catalog.filters import RevisionPair
from catalog.models import GuideRevision, ServiceItem
from catalog.permissions import may
from core.doors import require


@require_safe
@staff()
def revision_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """The guide as it stood, with what changed against the revision before."""
    visible = ServiceItem.objects.visible_to(request.user)
    rows = GuideRevision.objects.select_related("item__department", "created_by", "proposed_by").filter(
        item__in=visible
    )
    revision = get_object_or_404(rows, pk=pk)
    require(may(request.user, "see_history", revision.item))
    earlier = revision.item.revisions.filter(number__lt=revision.number).first()
    context = {
        "revision": revision,
        "item": revision.item,
        "earlier": earlier,
        "differences": differences(*readable_for(request.user, earlier.snapshot, revision.snapshot)) if earlier else [],
    }
    return render(request, "catalog/revision_detail.html", context)


@require_safe
@staff()
def revision_diff(request: StaffRequest, pk: int) -> HttpResponse:
    """What changed between two revisions in plain words: the last two unless the address names others."""
    item = get_object_or_404(ServiceItem.objects.visible_to(request.user).select_related("department"), pk=pk)
    require(may(request.user, "see_history", item))
    revisions = list(item.revisions.select_related("created_by", "proposed_by").order_by("-number"))
    pair = RevisionPair(revisions, request.GET)
    old, new = pair.chosen
    context = {
        "item": item,
        "revisions": revisions,
        "form": pair,
        "old": old,
        "new": new,
        "differences": differences(*readable_for(request.user, old.snapshot, new.snapshot)) if old and new else [],
    }
    return render(request, "catalog/revision_diff.html", context)
