"""Simulated material: its versions, sheets and sample pictures."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import StaffRequest, staff
from catalog import pack_services
from catalog.models import SamplePicture, ServiceItem, SimulationPack
from catalog.pack_forms import PackForm, PackReasonForm, SampleForm, SheetFormSet
from catalog.packs import sheets_of
from catalog.part_forms import arranged, quiet
from catalog.permissions import may
from core import images
from core.doors import StaleVersion, require
from core.image_responses import picture_response


@require_POST
@staff()
def prepare_pack(request: StaffRequest, pk: int) -> HttpResponse:
    """Begin the next version, or go on with the one that is being prepared."""
    item = get_object_or_404(ServiceItem.objects.visible_to(request.user), pk=pk)
    made = pack_services.prepare_pack(item, request.user)
    return redirect("catalog:pack_detail", pk=made.pk)


@require_safe
@staff()
def pack_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One version with its sheets and pictures, the other versions beside it."""
    return _page(request, _the_pack(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def pack_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """The title and the sheets of a version that is being prepared. Stale: 409 with both texts."""
    pack = _the_pack(request, pk)
    require(may(request.user, "edit_pack", pack.item))
    moved = arranged(request.POST)
    form, sheets = _forms(pack, moved if moved is not None else request.POST or None)
    if moved is not None:
        quiet(form)
        sheets.hush()
    elif request.method == "POST" and all([form.is_valid(), sheets.is_valid()]):
        rows = sheets.rows()
        try:
            pack_services.save_pack(pack, request.user, sheets=rows, **form.cleaned_data)
        except StaleVersion as stale:
            stale.typed, stale.back_url = {row["code"]: f"{row['name']} {row['text']}" for row in rows}, request.path
            raise
        messages.success(request, _("Version %(n)d is saved; it is not in use yet.") % {"n": pack.version})
        return redirect("catalog:pack_detail", pk=pk)
    status = 400 if request.method == "POST" and moved is None else 200
    return render(request, "catalog/pack_edit.html", {"pack": pack, "form": form, "sheets": sheets}, status=status)


@require_POST
@staff()
def add_sample(request: StaffRequest, pk: int) -> HttpResponse:
    """Add a picture of one sheet. A refused one says why and changes nothing."""
    pack = _the_pack(request, pk)
    require(may(request.user, "edit_pack", pack.item))
    form = SampleForm(pack.documents, request.POST, request.FILES)
    if form.is_valid():
        upload, caption = form.cleaned_data["picture"], form.cleaned_data["caption"]
        try:
            clean = images.sanitise(upload)
            caption = caption or images.caption_from_name(upload.name)[:100]
            sheet = form.cleaned_data["sheet"]
            pack_services.add_sample(pack, request.user, sheet=sheet, caption=caption, clean=clean)
        except ValidationError as error:
            form.add_error("picture", error)
        else:
            messages.success(request, _("The picture is added."))
            return redirect("catalog:pack_detail", pk=pk)
    return _page(request, pack, adding=form, status=400)


@require_POST
@staff()
def remove_sample(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a picture out of a version that is being prepared."""
    picture = _the_picture(request, pk)
    pack_services.remove_sample(picture, request.user)
    messages.success(request, _("The picture is taken out."))
    return redirect("catalog:pack_detail", pk=picture.pack_id)


@require_POST
@staff()
def release_pack(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a prepared version into use."""
    return _decided(request, pk, pack_services.release_pack, _("Version %(n)d is in use."))


@require_POST
@staff()
def retire_pack(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the version in use out of use."""
    return _decided(request, pk, pack_services.retire_pack, _("Version %(n)d is out of use."))


@require_safe
@staff()
def sample(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The picture itself."""
    picture = _the_picture(request, pk)
    return picture_response(picture.path, picture.content_type, picture.caption)


@require_safe
@staff()
def sample_thumb(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The small picture."""
    picture = _the_picture(request, pk)
    return picture_response(picture.thumbnail_path, "image/jpeg", picture.caption)


def _the_pack(request: StaffRequest, pk: int) -> SimulationPack:
    rows = SimulationPack.objects.visible_to(request.user).select_related("item__department", "released_by")
    found: SimulationPack = get_object_or_404(rows, pk=pk)
    return found


def _the_picture(request: StaffRequest, pk: int) -> SamplePicture:
    visible = SimulationPack.objects.visible_to(request.user)
    return get_object_or_404(SamplePicture.objects.filter(pack__in=visible).select_related("pack__item"), pk=pk)


def _forms(pack: SimulationPack, typed: Any) -> tuple[PackForm, Any]:
    form = PackForm(typed, initial={"version": pack.edits, "title": pack.title})
    return form, SheetFormSet(typed, prefix="sheets", initial=pack.documents)


def _decided(request: StaffRequest, pk: int, act: Any, said: str) -> HttpResponse:
    pack = _the_pack(request, pk)
    require(may(request.user, "edit_pack", pack.item))
    form = PackReasonForm(request.POST)
    if form.is_valid():
        try:
            act(pack, request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, said % {"n": pack.version})
            return redirect("catalog:pack_detail", pk=pk)
    return _page(request, pack, deciding=form, status=400)


def _page(request: StaffRequest, pack: SimulationPack, status: int = 200, **forms: Any) -> HttpResponse:
    versions = SimulationPack.objects.visible_to(request.user).filter(item=pack.item_id).order_by("-version")
    context = {
        "pack": pack,
        "item": pack.item,
        "sheets": sheets_of(
            pack, lambda row, small: reverse(f"catalog:sample{'_thumb' if small else ''}", args=[row.pk])
        ),
        "versions": versions.defer("documents"),
        "may_edit": may(request.user, "edit_pack", pack.item),
        "adding": SampleForm(pack.documents),
        "deciding": PackReasonForm(),
    }
    return render(request, "catalog/pack_detail.html", context | forms, status=status)
