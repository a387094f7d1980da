"""QR codes for the walls and desks of a hall, on sheets to print."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest, staff
from catalog.codes import CodesForm
from catalog.models import Hall
from catalog.permissions import may
from core.doors import require


@require_safe
@staff()
def qr_sheets(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose what to print; with a choice in the address, the sheets themselves."""
    hall = get_object_or_404(Hall, pk=pk)
    require(may(request.user, "print_codes", hall))
    form = CodesForm(hall, request.GET or None)
    site = settings.PUBLIC_URL.rstrip("/") or request.build_absolute_uri("/").rstrip("/")
    if form.is_bound and form.is_valid():
        codes = form.codes(lambda path: f"{site}{path}")
        return render(
            request, "catalog/qr_print.html", {"hall": hall, "size": form.cleaned_data["size"], "codes": codes}
        )
    context = {"hall": hall, "form": form, "site": site, "sure": bool(settings.PUBLIC_URL)}
    return render(request, "catalog/qr_sheets.html", context, status=400 if form.errors else 200)
