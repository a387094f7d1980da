"""Import in the browser: files → what would happen → decision → what has happened."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import StaffRequest, staff
from catalog import import_reports, import_services
from catalog import import_undo as undoing
from catalog.choices import ImportStatus, OnConflict, RowStatus
from catalog.import_forms import DecideForm, ImportForm, MeaningForm, RowFilter
from catalog.importing.reading import UnreadableError
from catalog.models import CatalogImport, ImportJournal
from catalog.permissions import may
from core.doors import require
from core.idempotency import once

PAGE = 50
RECENT = 10


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def import_start(request: StaffRequest) -> HttpResponse:
    """The files, and the last imports of everybody."""
    require(may(request.user, "import_catalogue"))
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(once(form.cleaned_data["token"], partial(_start, request, form)))
        except UnreadableError as error:
            form.add_error("tables", str(error))
    recent = CatalogImport.objects.visible_to(request.user).select_related("created_by").defer("tables")
    status = form.status if form.is_bound else 200
    return render(request, "catalog/import_start.html", {"form": form, "recent": recent[:RECENT]}, status=status)


def _start(request: StaffRequest, form: ImportForm) -> str:
    uploads = [(upload.name or "", upload.read()) for upload in form.cleaned_data["tables"]]
    row = import_services.start_import(request.user, uploads, get_language() or "zh-hans")
    return reverse("catalog:import_preview", args=[row.pk])


def _found(request: StaffRequest, pk: int) -> CatalogImport:
    require(may(request.user, "import_catalogue"))
    rows = CatalogImport.objects.visible_to(request.user).select_related("created_by")
    found: CatalogImport = get_object_or_404(rows, pk=pk)
    return found


@require_safe
@staff()
def import_preview(request: StaffRequest, pk: int) -> HttpResponse:
    """How far the worker is; then what would happen, and the decision. The progress bar asks here every second."""
    row = _found(request, pk)
    if row.at_work:
        page = "catalog/_import_progress.html" if request.htmx else "catalog/import_progress.html"
        return render(request, page, {"import": row})
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if row.status != ImportStatus.READY:
        return redirect("catalog:import_result", pk=pk)
    return _preview(request, row, DecideForm(initial={"on_conflict": OnConflict.UPDATE}))


def _preview(
    request: StaffRequest, row: CatalogImport, form: DecideForm, *, wrong: MeaningForm | None = None, status: int = 200
) -> HttpResponse:
    context = _rows(request, row) | {"form": form, "correctable": True, "wrong": wrong}
    for table in context["tables"]:
        told = wrong if wrong is not None and wrong.table["number"] == table["number"] else None
        table["form"] = told or MeaningForm(None, table)
    context["takes_in"] = any(context["counts"].get(name) for name in (RowStatus.CREATED, RowStatus.UPDATED))
    context["left_out"] = sum(1 for table in context["tables"] if not table["kind"])
    context["conflicts"] = context["counts"].get(RowStatus.UPDATED, 0)
    return render(request, "catalog/import_preview.html", context, status=status)


def _rows(request: StaffRequest, row: CatalogImport) -> dict[str, Any]:
    """What preview and result have in common: counts, headings taken, and the rows of the chosen state."""
    counts = import_reports.counts(row)
    chosen = RowFilter(request.GET).chosen()
    return {
        "import": row,
        "counts": counts,
        "by_kind": import_reports.counts_by_kind(row, import_reports.states(counts)),
        "labels": [RowStatus(value).label for value in import_reports.states(counts)],
        "tabs": import_reports.tabs(row, counts),
        "chosen": chosen,
        "tables": import_reports.tables(row),
        "page_obj": Paginator(import_reports.chosen_rows(row, chosen), PAGE).get_page(request.GET.get("page")),
    }


@require_POST
@staff()
def import_decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Take it in by the chosen rule."""
    row = _found(request, pk)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _preview(request, row, form, status=400)
    import_services.decide_import(row, request.user, form.cleaned_data["on_conflict"])
    return redirect("catalog:import_preview", pk=pk)


@require_POST
@staff()
def import_correct(request: StaffRequest, pk: int) -> HttpResponse:
    """Say what a table and its headings mean; it is remembered, and the files are checked again by it."""
    row = _found(request, pk)
    table = next((one for one in import_reports.tables(row) if str(one["number"]) == request.POST.get("table")), None)
    if table is None:
        raise BadRequest(_("This table is not part of the import."))
    form = MeaningForm(request.POST, table)
    if not form.is_valid():
        return _preview(request, row, DecideForm(initial={"on_conflict": OnConflict.UPDATE}), wrong=form, status=400)
    import_services.correct_import(row, request.user, table["number"], form.cleaned_data["kind"], form.meanings)
    return redirect("catalog:import_preview", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def import_undo(request: StaffRequest, pk: int) -> HttpResponse:
    """What would be taken back, or why nothing can be; then the worker does it."""
    row = _found(request, pk)
    if request.method == "POST":
        import_services.start_undo(row, request.user)
        return redirect("catalog:import_preview", pk=pk)
    journal = ImportJournal.objects.filter(catalog_import=row).first()
    context = {"import": row, "lines": undoing.summary(journal) if journal else [], "reason": undoing.reason(journal)}
    return render(request, "catalog/import_undo.html", context)


@require_POST
@staff()
def import_discard(request: StaffRequest, pk: int) -> HttpResponse:
    """Give it up; nothing is in."""
    import_services.discard_import(_found(request, pk), request.user)
    messages.success(request, _("The import is given up; nothing was taken in."))
    return redirect("catalog:import_start")


@require_safe
@staff()
def import_result(request: StaffRequest, pk: int) -> HttpResponse:
    """What has become of every row, with the downloads."""
    row = _found(request, pk)
    if row.at_work or row.status == ImportStatus.READY:
        return redirect("catalog:import_preview", pk=pk)
    context = _rows(request, row) | {"has_files": row.files.exists(), "can_undo": _has_journal(row)}
    return render(request, "catalog/import_result.html", context)


def _has_journal(row: CatalogImport) -> bool:
    """It changed something, and nobody has taken that back."""
    return row.status == ImportStatus.DONE and ImportJournal.objects.filter(catalog_import=row).exists()


@require_safe
@staff()
def import_remarks(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The same tables with a column of remarks, while the files are kept."""
    row = _found(request, pk)
    out = import_reports.remarks(row)
    if out is None:
        messages.warning(request, _("The files are deleted a day after the upload. Import them again."))
        return redirect("catalog:import_preview", pk=pk)
    return FileResponse(out, as_attachment=True, filename=f"导入结果_{row.pk}.xlsx")


@require_safe
@staff()
def import_report(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The report for programs (DESIGN section 10)."""
    columns = ("file", "sheet", "row", "kind", "key", "status", "code", "messages")
    rows = list(_found(request, pk).rows.values(*columns))
    response = JsonResponse({"rows": rows}, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="import_{pk}.json"'
    return response
