"""The simulated material of a walk, in the version with which it began, for whoever may see the walk."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest, staff
from catalog.models import SamplePicture
from catalog.packs import sheets_of
from core.image_responses import picture_response
from sessions.models import HandledCase, WindowSession


def _the_case(request: StaffRequest, pk: int) -> HandledCase:
    visible = HandledCase.objects.filter(window_session__in=WindowSession.objects.visible_to(request.user))
    rows = visible.filter(simulation_pack__isnull=False).select_related("simulation_pack", "item")
    return get_object_or_404(rows, pk=pk)


@require_safe
@staff()
def case_pack(request: StaffRequest, pk: int) -> HttpResponse:
    """The sheets of the pack that this case walks, also when the item has a newer version or is retired."""
    case = _the_case(request, pk)

    def address(row: SamplePicture, small: bool) -> str:
        return reverse(f"window_sessions:case_sample{'_thumb' if small else ''}", args=[case.pk, row.pk])

    pack = case.simulation_pack
    context = {"case": case, "pack": pack, "sheets": sheets_of(pack, address) if pack else []}
    return render(request, "window_sessions/case_pack.html", context)


def _the_picture(request: StaffRequest, pk: int, sample: int) -> SamplePicture:
    return get_object_or_404(SamplePicture, pk=sample, pack=_the_case(request, pk).simulation_pack)


@require_safe
@staff()
def case_sample(request: StaffRequest, pk: int, sample: int) -> HttpResponseBase:
    """A picture of the case's own pack, no other."""
    picture = _the_picture(request, pk, sample)
    return picture_response(picture.path, picture.content_type, picture.caption)


@require_safe
@staff()
def case_sample_thumb(request: StaffRequest, pk: int, sample: int) -> HttpResponseBase:
    """The small picture."""
    picture = _the_picture(request, pk, sample)
    return picture_response(picture.thumbnail_path, "image/jpeg", picture.caption)
