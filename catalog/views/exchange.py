"""The catalogue out as tables."""

from django.http import FileResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest, staff
from catalog import exporting
from catalog.exporting_tables import TABLES
from catalog.permissions import may
from core import clock
from core.doors import require


@require_safe
@staff()
def export(request: StaffRequest) -> HttpResponseBase:
    """The choice of forms; with `?form=xlsx`, `zip` or `csv` (and `kind`) the file itself."""
    require(may(request.user, "export_catalogue"))
    form, kind = request.GET.get("form", ""), request.GET.get("kind", "")
    kinds = {table.kind: table for table in TABLES}
    if not form:
        return render(request, "catalog/export.html", {"tables": TABLES})
    if form not in ("xlsx", "zip", "csv") or (form == "csv" and kind not in kinds):
        return HttpResponseBadRequest(content_type="text/plain")
    title = kinds[kind].title if form == "csv" else "事项目录"
    name = f"{title}_{clock.today():%Y%m%d}.{form}"
    return FileResponse(exporting.export(request.user, form, kind), as_attachment=True, filename=name)
