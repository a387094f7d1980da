"""Changes that a department's liaison proposes to its own guides, and what an office decides about them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import StaffRequest, staff
from catalog import proposal_services
from catalog.choices import ProposalStatus
from catalog.comparing import differences, readable_for
from catalog.forms import DeclineForm
from catalog.guide_forms import GuideForms
from catalog.models import ChangeProposal, ServiceItem
from catalog.permissions import may
from core.doors import StaleVersion, require

PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def propose_change(request: StaffRequest, pk: int) -> HttpResponse:
    """Write a change on the form that revises the guide; it waits for a decision. Stale: 409 with both texts."""
    item = get_object_or_404(ServiceItem.objects.visible_to(request.user).select_related("department"), pk=pk)
    require(may(request.user, "propose_change", item))
    guide = GuideForms.of(request, item)
    if guide.ready():
        try:
            made = proposal_services.propose_change(item, request.user, **guide.why(), **guide.change())
        except StaleVersion as stale:
            stale.typed, stale.back_url = guide.typed(), request.path
            raise
        except ValidationError as error:
            guide.form.add_error(None, error)
        else:
            messages.success(request, _("The change is proposed; the offices have been told."))
            return redirect("catalog:proposal_detail", pk=made.pk)
    waiting = item.proposals.open().first()
    context = {"guide": guide, "item": item, "waiting": waiting}
    return render(request, "catalog/propose_change.html", context, status=guide.status)


@require_safe
@staff()
def proposal_list(request: StaffRequest) -> HttpResponse:
    """Proposed changes that this person may see: those to be decided first, or of one state by `?state=`."""
    visible = ChangeProposal.objects.visible_to(request.user)
    asked = request.GET.get("state", "")
    state = asked if asked in ProposalStatus.values else ProposalStatus.OPEN.value
    rows = visible.filter(status=state).select_related("item__department", "proposed_by", "decided_by")
    counts = {value: visible.filter(status=value).count() for value in ProposalStatus.values}
    context = {
        "page_obj": Paginator(rows.defer("change", "before", "after"), PAGE).get_page(request.GET.get("page")),
        "tabs": [(value, label, counts[value]) for value, label in ProposalStatus.choices],
        "state": state,
    }
    return render(request, "catalog/proposal_list.html", context)


@require_safe
@staff()
def proposal_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One proposed change in plain words, with the decision or the ways to decide."""
    return _page(request, _the_proposal(request, pk))


@require_POST
@staff()
def approve_change(request: StaffRequest, pk: int) -> HttpResponse:
    """Make it the next guide revision. When the guide has moved on: 409."""
    proposal = _the_proposal(request, pk)
    try:
        revision = proposal_services.approve_change(proposal, request.user)
    except ValidationError as error:
        return _page(request, proposal, problem=" ".join(error.messages), status=400)
    messages.success(request, _("Saved as guide revision %(n)d.") % {"n": revision.number})
    return redirect("catalog:proposal_detail", pk=pk)


@require_POST
@staff()
def decline_change(request: StaffRequest, pk: int) -> HttpResponse:
    """Leave the guide as it is, with a reason."""
    proposal = _the_proposal(request, pk)
    require(may(request.user, "decide_change", proposal))
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, proposal, form=form, status=400)
    proposal_services.decline_change(proposal, request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("Declined; the liaison has been told."))
    return redirect("catalog:proposal_detail", pk=pk)


@require_POST
@staff()
def withdraw_change(request: StaffRequest, pk: int) -> HttpResponse:
    """The own department takes its proposal back."""
    proposal_services.withdraw_change(_the_proposal(request, pk), request.user)
    messages.success(request, _("The proposal is withdrawn."))
    return redirect("catalog:proposal_detail", pk=pk)


def _the_proposal(request: StaffRequest, pk: int) -> ChangeProposal:
    rows = ChangeProposal.objects.visible_to(request.user)
    found: ChangeProposal = get_object_or_404(
        rows.select_related("item__department", "proposed_by", "decided_by", "revision"), pk=pk
    )
    return found


def _page(request: StaffRequest, proposal: ChangeProposal, status: int = 200, **given: Any) -> HttpResponse:
    waits = proposal.status == ProposalStatus.OPEN
    context = {
        "proposal": proposal,
        "item": proposal.item,
        "differences": differences(*readable_for(request.user, proposal.before, proposal.after)),
        "form": DeclineForm(),
        "may_decide": waits and may(request.user, "decide_change", proposal),
        "may_withdraw": waits and may(request.user, "withdraw_change", proposal),
    }
    return render(request, "catalog/proposal_detail.html", context | given, status=status)
