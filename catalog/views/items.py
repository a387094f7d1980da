"""The item list and an item's page."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Department
from accounts.requests import StaffRequest, staff
from catalog import chain, seam_listing, seams
from catalog.choices import Relation
from catalog.filters import ItemFilter, chips, ordering
from catalog.models import ChangeProposal, Prerequisite, ProcedureStep, RequiredDocument, ServiceItem, SimulationPack
from catalog.permissions import may
from catalog.seam_rows import Rows, around, papers_like

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


@require_safe
@staff()
def item_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One item: figures, chain, documents with their holders, relations, bundles, revisions."""
    item = get_object_or_404(_full(ServiceItem.objects.visible_to(request.user)), pk=pk)
    relations = _relations(item, request.user)
    may_history = may(request.user, "see_history", item)
    context = {
        "item": item,
        "relations": relations,
        "revisions": _revisions(item) if may_history else (),
        "may_propose": may(request.user, "propose_change", item),
        "may_edit": may(request.user, "edit_item", item),
        "may_history": may_history,
        "may_rule": may(request.user, "rule_seam"),
        "panel_url": _panel_url(item),
    }
    return render(request, "catalog/item_detail.html", context | _way(item, relations))


def _revisions(item: ServiceItem) -> Any:
    return item.revisions.select_related("created_by", "proposed_by").defer("snapshot")


def _way(item: ServiceItem, relations: list[Prerequisite]) -> dict[str, Any]:
    """The item's way through departments: steps, documents, figures, drawing and seams."""
    steps, papers = list(item.steps.all()), papers_like(item)
    documents = [paper for paper in papers if paper.item_id == item.pk]
    before = [row for row in relations if row.item_id == item.pk and row.relation == Relation.BEFORE]
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


def _panel_url(item: ServiceItem) -> str:
    """The register's panel about this item, an upper page: loaded by its name, absent where the register is."""
    try:
        return reverse("issues:item_panel", args=[item.pk])
    except NoReverseMatch:
        return ""
