"""A person's own page, and the list of accounts."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import services
from accounts.choices import Role
from accounts.forms import AddressForm
from accounts.models import User
from accounts.requests import StaffRequest, staff

PEOPLE_READERS = (Role.HALL_ADMINISTRATOR, Role.REFORM_OFFICE, Role.AUDITOR)
PEOPLE_ON_PAGE = 50


@require_safe
@staff()
def profile(request: StaffRequest) -> HttpResponseBase:
    """Who I am here: roles, department, posting, password, language."""
    return _profile(request, AddressForm(instance=request.user))


def _profile(request: StaffRequest, form: AddressForm) -> HttpResponse:
    person = request.user
    context = {
        "form": form,
        "sees_people": person.grants.has(*PEOPLE_READERS),
        "role_grants": person.role_grants.select_related("hall", "department").order_by("role", "hall__code"),
        "postings": person.postings.select_related("department"),
    }
    return render(request, "accounts/profile.html", context, status=400 if form.errors else 200)


@require_POST
@staff()
def set_address(request: StaffRequest) -> HttpResponseBase:
    """Change the own e-mail address."""
    form = AddressForm(request.POST, instance=User.objects.get(pk=request.user.pk))
    if not form.is_valid():
        return _profile(request, form)
    services.set_address(request.user, form.cleaned_data["email"])
    messages.success(request, _("Your e-mail goes to the new address.") if request.user.email else _("No address."))
    return redirect("profile")


@require_safe
@staff(*PEOPLE_READERS)
def people(request: StaffRequest) -> HttpResponseBase:
    """Who has an account, who can get no e-mail, and whose account is switched off. `?list=` chooses."""
    accounts = User.objects.signing_in().order_by("department__sort_order", "display_name", "pk")
    no_address, off = Q(email=""), Q(disabled_at__isnull=False)
    counts = accounts.aggregate(all=Count("pk"), no_address=Count("pk", no_address), off=Count("pk", off))
    lists = {
        "all": (_("All accounts"), Q()),
        "no_address": (_("Without an address"), no_address),
        "off": (_("Switched off"), off),
    }
    asked = request.GET.get("list", "")
    chosen = asked if asked in lists else "all"
    rows = accounts.filter(lists[chosen][1]).select_related("department").prefetch_related("role_grants", "postings")
    context = {
        "tabs": [(name, lists[name][0], counts[name]) for name in lists],
        "chosen": chosen,
        "page_obj": Paginator(rows, PEOPLE_ON_PAGE).get_page(request.GET.get("page")),
        "may_enable": request.user.grants.has(Role.HALL_ADMINISTRATOR),
    }
    return render(request, "accounts/people.html", context)


@require_POST
@staff(Role.HALL_ADMINISTRATOR)
def enable_account(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Switch an account on again."""
    person = get_object_or_404(User, pk=pk)
    services.enable_account(person, request.user)
    messages.success(request, _("%(who)s can sign in again.") % {"who": person.display_name})
    return redirect(f"{reverse('people')}?list=off")


@require_POST
@staff()
def choose_mail(request: StaffRequest) -> HttpResponseBase:
    """Turn one's own e-mail on (`wanted=1`) or off."""
    wanted = request.POST.get("wanted") == "1"
    services.choose_mail(request.user, wanted=wanted)
    messages.success(request, _("You get e-mail again.") if wanted else _("You get no more e-mail."))
    return redirect("profile")
