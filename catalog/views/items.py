"""The item list and an item's page."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Department
from accounts.requests import StaffRequest, staff
from catalog import chain, relations, seam_listing, seams, times
from catalog.choices import Relation
from catalog.filters import ItemFilter, chips, in_order, todays_list
from catalog.models import ChangeProposal, Prerequisite, ProcedureStep, RequiredDocument, ServiceItem, SimulationPack
from catalog.permissions import may
from catalog.querysets import ServiceItemQuerySet
from catalog.seam_rows import Rows, around, papers_like

PAGE = 30


@require_safe
@staff()
def item_list(request: StaffRequest) -> HttpResponse:
    """Browse, search and filter what the hall offers."""
    form = ItemFilter(request.GET)
    rows = in_order(form.apply(ServiceItem.objects.visible_to(request.user)), request.GET.get("sort", ""))
    context = {
        "form": form,
        "chips": chips(form, request.GET),
        "dropped": form.dropped,
        "page_obj": page_of(rows, request.GET.get("page")),
        "may_edit": may(request.user, "edit_item"),
        "waiting": ChangeProposal.objects.visible_to(request.user).open().count(),
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


def page_of(rows: ServiceItemQuerySet, number: str | None) -> Page[Any]:
    """One page of the rows in their order, two queries: all keys once, then what the page shows of its thirty."""
    page: Page[Any] = Paginator(list(rows.values_list("pk", flat=True)), PAGE).get_page(number)
    keys = list(page.object_list)
    shown = ServiceItem.objects.filter(pk__in=keys).listed(todays_list()).with_counts().select_related("department")
    by_key = {item.pk: item for item in shown}
    page.object_list = [by_key[key] for key in keys if key in by_key]
    return page


@require_safe
@staff()
def item_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One item: figures, chain, documents with their holders, relations, bundles, revisions."""
    item = get_object_or_404(_full(ServiceItem.objects.visible_to(request.user)), pk=pk)
    related = _relations(item, request.user)
    may_history = may(request.user, "see_history", item)
    context = {
        "item": item,
        "relations": related,
        "revisions": _revisions(item) if may_history else (),
        "may_propose": may(request.user, "propose_change", item),
        "may_edit": may(request.user, "edit_item", item),
        "may_history": may_history,
        "may_rule": may(request.user, "rule_seam"),
        "panel_url": _upper("issues:item_panel", item),
        "walked_url": _upper("window_sessions:item_walked", item),
        "bars": times.bars(item),
    }
    return render(request, "catalog/item_detail.html", context | _way(item, related))


def _revisions(item: ServiceItem) -> Any:
    return item.revisions.select_related("created_by", "proposed_by").defer("snapshot")


@require_safe
@staff()
def item_relations(request: StaffRequest, pk: int) -> HttpResponse:
    """The graph of what goes before, beside and after an item: a part of its page, or a page of its own."""
    item = get_object_or_404(ServiceItem.objects.visible_to(request.user).select_related("department"), pk=pk)
    context = {"item": item, "graph": relations.graph(item, request.user)}
    name = "catalog/_relation_graph.html" if request.htmx else "catalog/item_relations.html"
    return render(request, name, context)


def _way(item: ServiceItem, related: list[Prerequisite]) -> dict[str, Any]:
    """The item's way through departments: steps, documents, figures, drawing and seams."""
    steps, papers = list(item.steps.all()), papers_like(item)
    documents = [paper for paper in papers if paper.item_id == item.pk]
    before = [row for row in related if row.item_id == item.pk and row.relation == Relation.BEFORE]
    rows = around(item, steps, papers, before)
    known = [paper.source_department for paper in papers] + [paper.item.department for paper in papers]
    known += [item.department, *(row.related.department for row in before)]
    found = _seams(item, rows, documents, {row.pk: row for row in known if row is not None})
    marks = chain.Marks(found.before, found.steps, found.pickup)
    return {
        "steps": steps,
        "documents": documents,
        "figures": _figures(steps, documents, before),
        "chain": chain.build(item, steps, before, marks, len(documents)),
        "seams": found,
        "bundles": {row.bundle: row.bundle_name for row in rows.members}.items(),
    }


def _full(rows: Any) -> Any:
    steps = ProcedureStep.objects.select_related("window__hall").order_by("number")
    rows = rows.select_related("department", "window__hall", "pickup_window__hall")
    packs = SimulationPack.objects.filter(item=OuterRef("pk")).order_by("-active", "-version").values("pk")
    waiting = ChangeProposal.objects.open().filter(item=OuterRef("pk")).values("pk")
    return rows.prefetch_related(Prefetch("steps", steps)).annotate(
        open_proposal=Subquery(waiting[:1]), pack=Subquery(packs[:1])
    )


def _seams(
    item: ServiceItem, rows: Rows, documents: list[RequiredDocument], departments: dict[int, Department]
) -> seam_listing.OnItem:
    """The item's seams with their decisions; each document learns who else asks for it and its numbers."""
    rulings = list(seam_listing.rulings().filter(item=item))
    computed = seams.find(rows, only=item.pk)
    pairs = {seam.hold for seam in computed} | {pk for row in rulings for pk in (row.need_id, row.hold_id)}
    if pairs - {None, *departments}:
        departments = {row.pk: row for row in Department.objects.all()}
    found = seam_listing.on_item(computed, rulings, departments)
    for document in documents:
        askers = {row.item for row in rows.documents if row.code == document.code}
        document.asked_by = len(askers)  # type: ignore[attr-defined]
        document.seam_numbers = found.documents.get(document.number, [])  # type: ignore[attr-defined]
    return found


def _relations(item: ServiceItem, user: Any) -> list[Prerequisite]:
    """Both directions; the other end only where the reader may see it."""
    visible = ServiceItem.objects.visible_to(user).values("pk")
    rows = Prerequisite.objects.filter(Q(item=item, related__in=visible) | Q(related=item, item__in=visible))
    halls = ("related__window__hall", "related__pickup_window__hall")
    return list(rows.select_related("item__department", "related__department", *halls))


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


def _upper(name: str, item: ServiceItem) -> str:
    """A panel of an upper app about this item: loaded by its name, absent where that app is."""
    try:
        return reverse(name, args=[item.pk])
    except NoReverseMatch:
        return ""
