"""Pages of nobody's domain: health, the sheet of components."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import health, samples


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether work can be done here: database, room for pictures, a living worker; 503 and what is missing if not."""
    checks = health.checks()
    ready = all(checks.values())
    return JsonResponse({"status": "ok" if ready else "not ready", "checks": checks}, status=200 if ready else 503)


@require_safe
@login_required
def components(request: HttpRequest) -> HttpResponse:
    """Every component with sample data, for those who build or review pages."""
    return render(request, "core/components.html", samples.context())
