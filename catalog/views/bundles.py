"""一件事: bundles and what they hold."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Department
from accounts.requests import StaffRequest, staff
from catalog import bundle_services, chain, seams
from catalog.bundle_forms import FIGURE_LABELS, BundleForm, MemberFormSet
from catalog.choices import Relation, SeamKind
from catalog.models import Prerequisite, ServiceBundle, ServiceItem
from catalog.part_forms import arranged, quiet
from catalog.permissions import may
from catalog.seam_listing import DISMISSED, Line, lines, rulings
from catalog.seam_rows import load
from core.doors import StaleVersion, require


@require_safe
@staff()
def bundle_list(request: StaffRequest) -> HttpResponse:
    """All bundles with the figures before and after."""
    inside = Q(members__item__in=ServiceItem.objects.visible_to(request.user))
    bundles = ServiceBundle.objects.select_related("lead_department").annotate(
        member_count=Count("members", filter=inside)
    )
    context = {"bundles": bundles.order_by("-active", "code"), "may_edit": may(request.user, "edit_bundle")}
    return render(request, "catalog/bundle_list.html", context)


@require_safe
@staff()
def bundle_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One bundle: members in their order, before and after side by side."""
    rows = ServiceBundle.objects.select_related("lead_department").prefetch_related("supporting_departments")
    bundle = get_object_or_404(rows, pk=pk)
    visible = ServiceItem.objects.visible_to(request.user).values("pk")
    members = list(bundle.members.filter(item__in=visible).select_related(*_PLACES))
    inside = [member.item_id for member in members]
    before = Prerequisite.objects.filter(relation=Relation.BEFORE, item__in=inside, related__in=inside)
    drawing = chain.of_bundle(members, before.values_list("item_id", "related_id"), _counts(inside))
    for member, box in zip(members, drawing.boxes, strict=True):
        member.box = box  # type: ignore[attr-defined]
    context = {"bundle": bundle, "members": members, "chain": drawing, "figures": figures(bundle)}
    context["may_edit"] = may(request.user, "edit_bundle")
    return render(request, "catalog/bundle_detail.html", context)


@require_safe
@staff()
def bundle_seams(request: StaffRequest, pk: int) -> HttpResponse:
    """What the bundle asks for more than once: a part of its page, or a page of its own."""
    bundle = get_object_or_404(ServiceBundle, pk=pk)
    visible = ServiceItem.objects.visible_to(request.user).values("pk")
    inside = set(bundle.members.filter(item__in=visible).values_list("item_id", flat=True))
    context = {"bundle": bundle, "again": _asked_again(bundle, inside), "may_rule": may(request.user, "rule_seam")}
    name = "catalog/_bundle_seams.html" if request.htmx else "catalog/bundle_seams.html"
    return render(request, name, context)


def _asked_again(bundle: ServiceBundle, inside: set[int]) -> list[Line]:
    """The documents that the bundle asks for more than once, each where it is asked for again."""
    repeated = (seam for seam in seams.find(load()) if seam.kind == SeamKind.REPEATED_IN_BUNDLE)
    here = [seam for seam in repeated if seam.item.pk in inside and seam.of.endswith(f"@{bundle.code}")]
    decided = {row.key: row for row in rulings().filter(item__in=inside)} if here else {}
    found = lines(here, decided, {row.pk: row for row in Department.objects.all()}) if here else []
    return [line for line in found if line.state != DISMISSED]


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def bundle_create(request: StaffRequest) -> HttpResponse:
    """Put items together as one matter."""
    require(may(request.user, "edit_bundle"))
    return _written(request, ServiceBundle())


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def bundle_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a bundle: what it is, its items in their order, its figures; or take it out of use."""
    require(may(request.user, "edit_bundle"))
    return _written(request, get_object_or_404(ServiceBundle, pk=pk))


def _written(request: StaffRequest, bundle: ServiceBundle) -> HttpResponse:
    """The form over one bundle, and what becomes of it. A stale save answers 409 with both texts."""
    moved = arranged(request.POST)
    form, members = _forms(request, bundle, moved if moved is not None else request.POST or None)
    if moved is not None:
        quiet(form)
        members.hush()
    elif request.method == "POST" and all([form.is_valid(), members.is_valid()]):
        chosen = [row["related"] for row in members.rows()]
        try:
            row = bundle_services.save_bundle(bundle, request.user, members=chosen, **form.change())
        except StaleVersion as stale:
            names = " → ".join(item.name for item in chosen)
            stale.typed, stale.back_url = {"name": form.cleaned_data["name"], "items": names}, request.path
            raise
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("“%(bundle)s” is saved.") % {"bundle": row.name})
            return redirect("catalog:bundle_detail", pk=row.pk)
    status = 400 if request.method == "POST" and moved is None else 200
    return render(
        request, "catalog/bundle_edit.html", {"form": form, "members": members, "bundle": bundle}, status=status
    )


def _forms(request: StaffRequest, bundle: ServiceBundle, typed: Any) -> tuple[BundleForm, Any]:
    form = BundleForm(typed, instance=copy(bundle), initial={"version": bundle.version})
    departments = [(row.pk, row.label) for row in Department.objects.all()]
    form.fields["lead_department"].widget.choices = [("", "—"), *departments]
    form.fields["supporting_departments"].widget.choices = departments
    rows = bundle.members.select_related("item").order_by("number") if bundle.pk else []
    initial = [{"pk": row.pk, "related": row.item.code} for row in rows]
    members: Any = MemberFormSet(typed, prefix="members", initial=initial)
    members.items = ServiceItem.objects.visible_to(request.user)
    return form, members


_PLACES = ("item__department", "item__window__hall", "item__pickup_window__hall")


def _counts(items: list[int]) -> dict[int, tuple[int, int]]:
    """Documents and signatures of each item; one query."""
    rows = ServiceItem.objects.filter(pk__in=items).with_counts()
    return {pk: (papers, signed) for pk, papers, signed in rows.values_list("pk", "document_count", "signature_count")}


def figures(bundle: ServiceBundle) -> list[dict[str, object]]:
    """Before and after, line by line; unchanged lines stay (LOOK section 6)."""
    highest = max([1, *(value for value in [*bundle.before.values(), *bundle.after.values()] if value)])
    return [
        {
            "label": label,
            "old": bundle.before.get(name),
            "new": bundle.after.get(name),
            "old_width": round(150 * (bundle.before.get(name) or 0) / highest, 1),
            "new_width": round(150 * (bundle.after.get(name) or 0) / highest, 1),
        }
        for name, label in FIGURE_LABELS.items()
    ]
