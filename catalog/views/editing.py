"""One page to write a guide: the item with its steps, documents and relations; new, revised, copied, retired."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import StaffRequest, staff
from catalog import services
from catalog.choices import ItemStatus
from catalog.forms import DuplicateForm, RetireForm
from catalog.guide_forms import GuideForms
from catalog.models import ServiceItem
from catalog.permissions import may
from core.doors import StaleVersion, require

OPTIONS = 20


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def item_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Revise an item's guide. A stale save answers 409: all that was typed, beside what has changed meanwhile."""
    item = get_object_or_404(ServiceItem.objects.visible_to(request.user).select_related("department"), pk=pk)
    require(may(request.user, "edit_item", item))
    guide = GuideForms.of(request, item)
    if guide.ready():
        try:
            revision = services.save_item(item, request.user, **guide.why(), **guide.change())
        except StaleVersion as stale:
            guide.overtaken(request.user, stale.current)
        except ValidationError as error:
            guide.form.add_error(None, error)
        else:
            messages.success(request, _("Saved as guide revision %(n)d.") % {"n": revision.number})
            return redirect("catalog:item_detail", pk=item.pk)
    return render(request, "catalog/item_edit.html", {"guide": guide, "item": item}, status=guide.status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def item_create(request: StaffRequest) -> HttpResponse:
    """Write a new item: a draft unless it is published at once."""
    require(may(request.user, "edit_item"))
    guide = GuideForms.of(request, ServiceItem(status=ItemStatus.DRAFT))
    if guide.ready():
        why = guide.why() | {"version": 0}
        try:
            item = services.create_item(request.user, **why, **guide.change())
        except ValidationError as error:
            guide.form.add_error(None, error)
        else:
            messages.success(request, _("%(code)s is in the catalogue now.") % {"code": item.code})
            return redirect("catalog:item_detail", pk=item.pk)
    return render(request, "catalog/item_create.html", {"guide": guide}, status=guide.status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def item_duplicate(request: StaffRequest, pk: int) -> HttpResponse:
    """Begin a new item as a copy: it is a draft until somebody publishes it."""
    item = get_object_or_404(ServiceItem.objects.visible_to(request.user).select_related("department"), pk=pk)
    require(may(request.user, "edit_item", item))
    form = DuplicateForm(request.POST or None, initial={"name": item.name})
    if request.method == "POST" and form.is_valid():
        made = services.duplicate_item(item, request.user, **form.cleaned_data)
        messages.success(request, _("%(code)s is a draft now; check it and publish it.") % {"code": made.code})
        return redirect("catalog:item_edit", pk=made.pk)
    context = {"form": form, "item": item}
    return render(request, "catalog/item_duplicate.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def item_retire(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an item out of use, once it is clear what else that touches."""
    item = get_object_or_404(ServiceItem.objects.visible_to(request.user).select_related("department"), pk=pk)
    require(may(request.user, "edit_item", item))
    form = RetireForm(request.POST or None, initial={"version": item.version})
    if request.method == "POST" and form.is_valid():
        services.retire_item(item, request.user, **form.cleaned_data)
        messages.success(request, _("%(code)s is retired; its history stays.") % {"code": item.code})
        return redirect("catalog:item_detail", pk=item.pk)
    context = {"form": form, "item": item, "touched": services.touched_by_retiring(item)}
    return render(request, "catalog/item_retire.html", context, status=400 if form.errors else 200)


@require_safe
@staff()
def item_options(request: StaffRequest) -> HttpResponse:
    """Items that a field may name while somebody types, by code or name; the reader's own catalogue only."""
    words = next((value for name, value in request.GET.items() if name == "q" or name.endswith("-related")), "")
    rows = ServiceItem.objects.visible_to(request.user).search(str(words)).select_related("department")
    return render(request, "catalog/_item_options.html", {"items": rows[:OPTIONS] if words else ()})
