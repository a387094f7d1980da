"""Look-back samples: those drawn, one with its results, and the form that draws the next."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Role
from accounts.requests import StaffRequest, staff
from core import clock
from core.doors import require
from core.idempotency import once
from issues import services
from issues.models import LookBackSample
from issues.permissions import may
from issues.sample_forms import DrawSampleForm
from issues.services.sampling import results

READERS = (Role.REFORM_OFFICE, Role.AUDITOR)
ON_PAGE = 20
COUNTED = (
    LookBackSample.objects.select_related("drawn_by")
    .order_by("-number")
    .annotate(
        done=Count("follow_ups", filter=Q(follow_ups__done_at__isnull=False)),
        failed=Count("follow_ups", filter=Q(follow_ups__holds=False)),
    )
)


@require_safe
@staff(*READERS)
def sample_list(request: StaffRequest) -> HttpResponse:
    """Every sample with how many were looked at and how many no longer held."""
    page = Paginator(COUNTED.all(), ON_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "today": clock.today(), "may_draw": may(request.user, "draw_sample")}
    return render(request, "issues/sample_list.html", context)


@require_safe
@staff(*READERS)
def sample_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One sample: how it was drawn, how to repeat the draw, and what became of each issue."""
    sample = get_object_or_404(COUNTED, pk=pk)
    context = {"sample": sample, "rows": results(sample), "today": clock.today()}
    return render(request, "issues/sample_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.REFORM_OFFICE)
def draw_sample(request: StaffRequest) -> HttpResponse:
    """Draw a sample, once however often the form is sent."""
    require(may(request.user, "draw_sample"))
    form = DrawSampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name != "token"}

        def act() -> str:
            sample = services.draw_sample(request.user, **facts)
            messages.success(request, _("Sample %(number)s is drawn") % {"number": sample.number})
            return reverse("issues:sample_detail", args=[sample.pk])

        try:
            return redirect(once(form.cleaned_data["token"], act))
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "issues/issue_draw_sample.html", {"form": form}, status=400 if form.is_bound else 200)
