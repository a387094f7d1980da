"""Who gets what: the table, and the switches of one kind."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import StaffRequest, staff
from core.doors import require
from core.notice_kinds import KINDS
from reports import rule_services, rules
from reports.permissions import may


@require_safe
@staff()
def notice_rules(request: StaffRequest) -> HttpResponseBase:
    """Every kind of notice, who gets it through which channel, and the last changes."""
    user = request.user
    context = {"rows": rules.table(), "past": rules.past(), "may_change": may(user, "change_rules")}
    return render(request, "reports/notice_rules.html", context | {"may_see_queue": may(user, "see_queue")})


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def change_rule(request: StaffRequest, kind: str) -> HttpResponseBase:
    """The switches of one kind. Each box says how many it would tell now; what is turned on holds from now."""
    if kind not in KINDS:
        raise Http404
    require(may(request.user, "change_rules"))
    row = KINDS[kind]
    form = rules.RuleForm(row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        opened_at = form.cleaned_data["version"]
        changes = rule_services.change_rules(request.user, row, form.wanted(), opened_at)
        messages.success(request, rules.said(row, changes) if changes else _("Nothing was changed."))
        return redirect("upkeep:notice_rules")
    status = 400 if form.is_bound else 200
    return render(request, "reports/change_rule.html", {"form": form, "kind": row}, status=status)
