"""The item list and an item's page."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest, staff
from catalog import chain
from catalog.choices import Relation
from catalog.filters import ItemFilter, chips, ordering
from catalog.models import Prerequisite, RequiredDocument, ServiceItem
from catalog.permissions import may

PAGE = 30


@require_safe
@staff()
def item_list(request: StaffRequest) -> HttpResponse:
    """Browse, search and filter what the hall offers."""
    form = ItemFilter(request.GET)
    rows = form.apply(ServiceItem.objects.visible_to(request.user)).with_counts()
    rows = rows.select_related("department").order_by(ordering(request.GET), "code")
    context = {
        "form": form,
        "chips": chips(form, request.GET),
        "dropped": form.dropped,
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "may_edit": may(request.user, "edit_item"),
        "may_export": may(request.user, "export_catalogue"),
        "heads": {
            "code": _("Item"),
            "days": _("Promised (working days)"),
            "documents": _("Documents"),
            "signatures": _("Signatures"),
            "trips": _("Trips"),
        },
    }
    return render(request, "catalog/item_list.html", context)


@require_safe
@staff()
def item_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One item: figures, chain, documents with their holders, relations, bundles, revisions."""
    item = get_object_or_404(_full(ServiceItem.objects.visible_to(request.user)), pk=pk)
    steps, documents = list(item.steps.all()), list(item.documents.all())
    relations = _relations(item, request.user)
    before = [
        relation for relation in relations if relation.item_id == item.pk and relation.relation == Relation.BEFORE
    ]
    may_history = may(request.user, "see_history", item)
    context = {
        "item": item,
        "steps": steps,
        "documents": documents,
        "figures": _figures(steps, documents, before),
        "chain": chain.build(item, steps, before),
        "relations": relations,
        "bundles": item.bundles.all(),
        "revisions": item.revisions.select_related("created_by").defer("snapshot") if may_history else (),
        "may_edit": may(request.user, "edit_item", item),
        "may_history": may_history,
        "panel_url": _panel_url(item),
    }
    return render(request, "catalog/item_detail.html", context)


def _full(rows: Any) -> Any:
    asked = RequiredDocument.objects.filter(code=OuterRef("code")).order_by().values("code")
    documents = RequiredDocument.objects.select_related("source_department").order_by("number")
    documents = documents.annotate(asked_by=Subquery(asked.annotate(n=Count("item", distinct=True)).values("n")))
    return rows.select_related("department", "window__hall", "pickup_window__hall").prefetch_related(
        Prefetch("documents", documents), "steps__window__hall"
    )


def _relations(item: ServiceItem, user: Any) -> list[Prerequisite]:
    """Both directions; the other end only where the reader may see it."""
    visible = ServiceItem.objects.visible_to(user).values("pk")
    rows = Prerequisite.objects.filter(Q(item=item, related__in=visible) | Q(related=item, item__in=visible))
    return list(rows.select_related("item__department", "related__department"))


def _figures(steps: list[Any], documents: list[Any], before: list[Prerequisite]) -> dict[str, int]:
    return {
        "steps": len(steps),
        "places": len({step.window_id or step.place for step in steps if step.window_id or step.place}),
        "documents": len(documents),
        "required": sum(1 for document in documents if document.necessity == "required"),
        "held": sum(1 for document in documents if document.shareable),
        "signatures": sum(step.signatures for step in steps),
        "before": len(before),
        "departments": len({relation.related.department_id for relation in before}),
    }


def _panel_url(item: ServiceItem) -> str:
    """The register's panel about this item, an upper page: loaded by its name, absent where the register is."""
    try:
        return reverse("issues:item_panel", args=[item.pk])
    except NoReverseMatch:
        return ""
