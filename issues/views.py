"""The register's pages: list, detail, close-out sheet, and the panels that other pages load."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.choices import Role
from accounts.requests import StaffRequest, staff
from catalog.models import ServiceItem
from core import clock
from core.doors import WrongState
from issues import comparing, listing, presenting, sheet, tiles, timeline
from issues.choices import IssueStatus
from issues.evidence_permissions import may_add_to
from issues.models import Issue
from issues.permissions import may
from issues.reading import open_dossier
from issues.similar import similar_issues
from issues.workflow import WORKFLOW


@require_safe
@staff()
def issue_list(request: StaffRequest) -> HttpResponse:
    """The register as this person sees it: tabs, conditions in the address, 30 a page."""
    page = listing.build(request.user, request.GET)
    if page.ignored:
        fields = page.form.fields
        names = [str(fields[name].label) if name in fields else name for name in page.ignored]
        messages.warning(request, _("Left out, because it cannot be read: %(names)s") % {"names": ", ".join(names)})
    address = reverse("issues:issue_list")
    context = {
        "list": page,
        "main_fields": [page.form[name] for name in listing.MAIN],
        "more_fields": [page.form[name] for name in listing.MORE],
        "may_register": may(request.user, "register"),
        "reads_samples": request.user.grants.has(Role.REFORM_OFFICE, Role.AUDITOR),
        "clear_url": f"{address}?state={page.state}",
        "all_url": f"{address}?state=all",
        "due_label": _("Current limit"),
        "registered_label": _("Registered on"),
    }
    return render(request, "issues/issue_list.html", context)


@require_safe
@staff()
def issue_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One issue: where it stands, what happened, what this person can do now. `?all=1` unfolds the whole ledger."""
    dossier = open_dossier(request.user, pk)
    issue = dossier.issue
    pictures = tiles.of_issue(issue, request.user)
    everything, secret = "all" in request.GET, presenting.secret_walks(issue, request.user)
    context = {
        "issue": issue,
        "path": presenting.path(dossier),
        **presenting.limits(dossier),
        "holders": presenting.holders(dossier),
        "checks": presenting.checks(issue, pictures),
        "acts": presenting.acts(issue, request.user),
        "tiles": pictures,
        "unchecked": sum(tile.unchecked for tile in pictures),
        "may_add": may_add_to(request.user, issue) and issue.status in WORKFLOW["add_screenshot"].sources,
        "planned": presenting.planned_walks(issue, request.user, secret),
        "walks": comparing.walks(issue),
        "entries": timeline.entries(issue, dossier.departments, everything=everything, secret=secret),
        "chain_holds": timeline.chain_holds(issue),
        "everything": everything,
        "seam_url": listing.seam_url(issue),
        "role": presenting.role_name(request.user),
    }
    return render(request, "issues/issue_detail.html", context)


@require_safe
@staff()
def similar_to(request: StaffRequest, pk: int) -> HttpResponse:
    """Issues like this one: a part of its page, or a page of its own."""
    issues = Issue.objects.visible_to(request.user).select_related("item", "category")
    issue = get_object_or_404(issues, pk=pk)
    found = similar_issues(
        request.user,
        item=issue.item,
        step_name=issue.step_name,
        category=issue.category,
        department_id=issue.needing_department_id,
        without=pk,
    )
    name = "issues/_similar.html" if request.htmx else "issues/similar_to.html"
    return render(request, name, {"issue": issue, "similar": found})


@require_safe
@staff()
def close_out_sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """The sheet of a closed issue, ready to print."""
    dossier = open_dossier(request.user, pk)
    issue = dossier.issue
    if issue.status != IssueStatus.CLOSED:
        raise WrongState(_("This issue is not closed out yet, so there is no sheet."))
    address = request.build_absolute_uri(reverse("issues:issue_detail", args=[pk]))
    found = sheet.build(dossier, tiles.of_issue(issue, request.user), address)
    context = {"issue": issue, "sheet": found, "printed_at": clock.now()}
    return render(request, "issues/close_out_sheet.html", context)


ON_ITEM = 10


@require_safe
@staff()
def item_panel(request: StaffRequest, pk: int) -> HttpResponse:
    """The issues of a service item that this person sees: a part of the item's page, or a page of its own."""
    item = get_object_or_404(ServiceItem.objects.visible_to(request.user), pk=pk)
    rows = Issue.objects.visible_to(request.user).filter(item=item).select_related("needing_department")
    found = list(rows.prefetch_related("holding_departments")[: ON_ITEM + 1])
    context = {
        "item": item,
        "issues": found[:ON_ITEM],
        "more": len(found) > ON_ITEM,
        "may_register": may(request.user, "register"),
    }
    name = "issues/_item_panel.html" if request.htmx else "issues/item_panel.html"
    return render(request, name, context)
