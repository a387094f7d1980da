"""One page to revise a guide: the item with its steps and documents."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Department
from accounts.requests import StaffRequest, staff
from catalog import services
from catalog.forms import DocumentFormSet, DuplicateForm, ItemForm, StepForm, StepFormSet, initial_rows
from catalog.forms import RequiredDocumentForm as DocumentRow
from catalog.models import ServiceItem, Window
from catalog.permissions import may
from core.doors import StaleVersion, require


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def item_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Revise an item's guide. A stale save answers 409 with both texts."""
    item = get_object_or_404(ServiceItem.objects.visible_to(request.user).select_related("department"), pk=pk)
    require(may(request.user, "edit_item", item))
    form, steps, documents = _forms(request, item)
    if request.method == "POST" and all([form.is_valid(), steps.is_valid(), documents.is_valid()]):
        try:
            revision = _save(request, item, form, steps, documents)
        except StaleVersion as stale:
            stale.typed, stale.back_url = _typed(form, steps, documents), request.path
            raise
        messages.success(request, _("Saved as guide revision %(n)d.") % {"n": revision.number})
        return redirect("catalog:item_detail", pk=item.pk)
    context = {"form": form, "steps": steps, "documents": documents, "item": item}
    return render(request, "catalog/item_edit.html", context, status=400 if form.is_bound else 200)


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


def _forms(request: StaffRequest, item: ServiceItem) -> tuple[ItemForm, Any, Any]:
    """The three forms over one item: what was typed, or what stands."""
    typed = request.POST if request.method == "POST" else None
    # The form may write into its instance while it checks; the page keeps showing the item as it stands.
    form = ItemForm(typed, instance=copy(item), initial={"version": item.version})
    step_names = [name for name in StepForm.base_fields if name != "pk"]
    document_names = [name for name in DocumentRow.base_fields if name != "pk"]
    steps = StepFormSet(typed, prefix="steps", initial=initial_rows(item.steps.order_by("number"), step_names))
    rows = item.documents.select_related("source_department").order_by("number")
    documents = DocumentFormSet(typed, prefix="documents", initial=initial_rows(rows, document_names))
    _share_choices(form, documents)
    return form, steps, documents


def _share_choices(form: Any, documents: Any) -> None:
    """One query each for departments and windows, however many selects show them."""
    departments = Department.objects.all()
    named = [(row.pk, row.label) for row in departments]
    windows = [(row.pk, str(row)) for row in Window.objects.all()]
    form.fields["department"].widget.choices = named
    for name in ("window", "pickup_window"):
        form.fields[name].widget.choices = [("", _("Nowhere")), *windows]
    for row in documents:
        row.fields["source_department"].queryset = departments
        row.fields["source_department"].widget.choices = [("", _("Nobody of this district")), *named]


def _save(request: StaffRequest, item: ServiceItem, form: ItemForm, steps: Any, documents: Any) -> Any:
    return services.save_item(
        item,
        request.user,
        version=form.cleaned_data["version"],
        fields=form.item_fields,
        steps=_with_windows(item, steps.rows()),
        documents=documents.rows(),
        reason=form.cleaned_data["reason"],
        issue_number=form.cleaned_data["issue_number"],
    )


def _with_windows(item: ServiceItem, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Steps whose place is a window number point to that window: of the item's hall first, else where it is unique."""
    found: dict[str, list[Window]] = {}
    for window in Window.objects.filter(number__in={row["place"] for row in rows}):
        found.setdefault(window.number, []).append(window)
    hall = item.window.hall_id if item.window else None
    for row in rows:
        here = found.get(row["place"], [])
        near = [window for window in here if window.hall_id == hall] or here
        row["window"] = near[0] if len(near) == 1 else None
    return rows


def _typed(form: ItemForm, steps: Any, documents: Any) -> dict[str, str]:
    """What was sent, in the order and words of the 409 page."""
    shown = ("name", "statutory_days", "committed_days", "trips", "result_name", "note", "reason")
    typed = {str(form.fields[name].label): str(form.cleaned_data.get(name) or "") for name in shown}
    typed[_("Steps")] = " → ".join(row["name"] for row in steps.rows())
    typed[_("Documents")] = "、".join(row["name"] for row in documents.rows())
    return typed
