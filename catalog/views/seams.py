"""The seams between departments: matrix, list, and the decisions about one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Department
from accounts.requests import StaffRequest, staff
from catalog import seam_listing, seam_services, seams
from catalog.filters import chips
from catalog.models import ServiceItem
from catalog.permissions import may
from catalog.seam_forms import ConfirmForm, DismissForm, SeamFilter
from catalog.seam_listing import Line
from catalog.seam_rows import load
from core.doors import require
from core.forms import VersionForm

PAGE = 30


def _departments() -> dict[int, Department]:
    return {row.pk: row for row in Department.objects.all()}


@require_safe
@staff()
def seam_matrix(request: StaffRequest) -> HttpResponse:
    """Who needs × who holds, what the seams are, the papers and pairs that stand out."""
    departments = _departments()
    dismissed = {row.key for row in seam_listing.rulings() if row.dismissed_reason}
    every = [seam for seam in seams.find(load()) if seam.key not in dismissed]
    form = SeamFilter(request.GET, departments=departments.values())
    kind = form.chosen.get("kind", "")
    shown = [seam for seam in every if not kind or seam.kind == kind]
    context = {
        "form": form,
        "kind": kind,
        "matrix": seam_listing.matrix(shown, departments, kind),
        "kinds": seam_listing.kinds(every),
        "pairs": seam_listing.strongest_pairs(shown, departments),
        "papers": seam_listing.papers(every, departments),
        "total": len(shown),
    }
    return render(request, "catalog/seam_matrix.html", context)


@require_safe
@staff()
def seam_list(request: StaffRequest) -> HttpResponse:
    """The seams of a pair, a kind or a document, strongest first, each with evidence and decision."""
    departments = _departments()
    form = SeamFilter(request.GET, departments=departments.values())
    visible = ServiceItem.objects.visible_to(request.user)
    rulings = list(seam_listing.rulings().filter(item__in=visible))
    every = seam_listing.lines(seams.find(load()), {row.key: row for row in rulings}, departments)
    found = form.apply([*every, *seam_listing.mended_lines(rulings, departments)])
    state = request.GET.get("state", "")
    wanted = state if state in TABS else seam_listing.OPEN
    context = {
        "form": form,
        "chips": chips(form, request.GET),
        "dropped": form.dropped,
        "tabs": _tabs(found, wanted),
        "state": wanted,
        "page_obj": Paginator(_in_state(found, wanted), PAGE).get_page(request.GET.get("page")),
        "may_rule": may(request.user, "rule_seam"),
        "need": departments.get(int(form.chosen.get("need", 0))),
        "hold": departments.get(int(form.chosen.get("hold", 0))),
    }
    return render(request, "catalog/seam_list.html", context)


TABS = (seam_listing.OPEN, seam_listing.CONFIRMED, seam_listing.DISMISSED, seam_listing.MENDED)


def _in_state(found: list[Line], state: str) -> list[Line]:
    return [line for line in found if line.state == state]


def _tabs(found: list[Line], wanted: str) -> list[dict[str, Any]]:
    words = dict(zip(TABS, (_("To be looked at"), _("Confirmed"), _("Dismissed"), _("Mended")), strict=True))
    return [
        {"state": state, "label": words[state], "count": len(_in_state(found, state)), "current": state == wanted}
        for state in TABS
    ]


def _line(key: str) -> Line:
    """The computed seam behind a key. Raises Http404 when there is none (any more)."""
    seam = next((seam for seam in seams.find(load()) if seam.key == key), None)
    if seam is None:
        raise Http404
    decided = {row.key: row for row in seam_listing.rulings().filter(key=key)}
    return seam_listing.lines([seam], decided, _departments())[0]


def _version(line: Line) -> int:
    return line.ruling.version if line.ruling else 0


def _back(request: StaffRequest, line: Line) -> str:
    if request.GET.get("from") == "item":
        return f"{reverse('catalog:item_detail', args=[line.item])}#seams"
    return line.pair_url


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def seam_dismiss(request: StaffRequest, key: str) -> HttpResponse:
    """Say with a reason that this is no seam."""
    require(may(request.user, "rule_seam"))
    line = _line(key)
    form = DismissForm(request.POST or None, initial={"version": _version(line)})
    if form.is_valid() and line.seam:
        seam_services.dismiss(line.seam, request.user, **form.cleaned_data)
        messages.success(request, _("The seam is dismissed. It no longer counts."))
        return redirect(_back(request, line))
    context = {"form": form, "line": line, "back": _back(request, line)}
    return render(request, "catalog/seam_dismiss.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def seam_confirm(request: StaffRequest, key: str) -> HttpResponse:
    """Name the issue that found the same thing."""
    require(may(request.user, "rule_seam"))
    line = _line(key)
    form = ConfirmForm(request.POST or None, initial={"version": _version(line)})
    if form.is_valid() and line.seam:
        seam_services.confirm(line.seam, request.user, **form.cleaned_data)
        messages.success(
            request, _("The seam is confirmed by %(number)s.") % {"number": form.cleaned_data["issue_number"]}
        )
        return redirect(_back(request, line))
    context = {"form": form, "line": line, "back": _back(request, line)}
    return render(request, "catalog/seam_confirm.html", context, status=400 if form.is_bound else 200)


@require_POST
@staff()
def seam_restore(request: StaffRequest, key: str) -> HttpResponse:
    """Take a dismissal back."""
    require(may(request.user, "rule_seam"))
    line = _line(key)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else _version(line)
    if line.seam:
        seam_services.restore(line.seam, request.user, version=version)
    messages.success(request, _("The seam counts again."))
    return redirect(_back(request, line))
