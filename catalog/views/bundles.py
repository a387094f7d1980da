"""一件事: bundles and what they hold."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest, staff
from catalog import chain
from catalog.choices import Relation
from catalog.models import Prerequisite, ServiceBundle, ServiceItem


@require_safe
@staff()
def bundle_list(request: StaffRequest) -> HttpResponse:
    """All bundles with the figures before and after."""
    bundles = ServiceBundle.objects.select_related("lead_department").annotate(member_count=Count("members"))
    return render(request, "catalog/bundle_list.html", {"bundles": bundles})


@require_safe
@staff()
def bundle_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One bundle: members in their order, before and after side by side."""
    rows = ServiceBundle.objects.select_related("lead_department").prefetch_related("supporting_departments")
    bundle = get_object_or_404(rows, pk=pk)
    visible = ServiceItem.objects.visible_to(request.user).values("pk")
    members = list(bundle.members.filter(item__in=visible).select_related("item__department", "item__window__hall"))
    inside = [member.item_id for member in members]
    before = Prerequisite.objects.filter(relation=Relation.BEFORE, item__in=inside, related__in=inside)
    drawing = chain.of_bundle(members, before.values_list("item_id", "related_id"))
    context = {"bundle": bundle, "members": members, "chain": drawing, "figures": figures(bundle)}
    return render(request, "catalog/bundle_detail.html", context)


def figures(bundle: ServiceBundle) -> list[dict[str, object]]:
    """Before and after, line by line; unchanged lines stay (LOOK section 6)."""
    labels = {
        "days": _("Working days"),
        "materials": _("Documents"),
        "trips": _("Trips"),
        "windows": _("Windows"),
    }
    highest = max([1, *(value for value in [*bundle.before.values(), *bundle.after.values()] if value)])
    return [
        {
            "label": label,
            "old": bundle.before.get(name),
            "new": bundle.after.get(name),
            "old_width": round(150 * (bundle.before.get(name) or 0) / highest, 1),
            "new_width": round(150 * (bundle.after.get(name) or 0) / highest, 1),
        }
        for name, label in labels.items()
    ]
