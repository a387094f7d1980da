"""The register's pages: list, detail, close-out sheet, and the panels that other pages load."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest, staff
from issues import listing
from issues.acts import acts_for
from issues.models import Issue
from issues.permissions import may


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
        "clear_url": f"{address}?state={page.state}",
        "all_url": f"{address}?state=all",
        "due_label": _("Current limit"),
        "registered_label": _("Registered on"),
    }
    return render(request, "issues/issue_list.html", context)


@require_safe
@staff()
def issue_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One issue: where it stands, what happened, what this person can do now."""
    issue = get_object_or_404(Issue.objects.visible_to(request.user).with_row(), pk=pk)
    return render(request, "issues/issue_detail.html", {"issue": issue, "acts": acts_for(issue, request.user)})
