"""Filters of the session list; what cannot be read is left out and said."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from catalog.models import Hall
from sessions.choices import SessionStatus
from sessions.models import Programme, WindowSession


class SessionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Programme, hall, department on either side, state, days."""

    programme = django_filters.ModelChoiceFilter(
        queryset=lambda request: Programme.objects.visible_to(request.user),
        label=_("Programme"),
        empty_label=_("All programmes"),
    )
    hall = django_filters.ModelChoiceFilter(
        field_name="window__hall", queryset=Hall.objects.all(), label=_("Hall"), empty_label=_("All halls")
    )
    department = django_filters.ModelChoiceFilter(
        method="either_side", queryset=Department.objects.all(), label=_("Department"), empty_label=_("All departments")
    )
    status = django_filters.ChoiceFilter(choices=SessionStatus.choices, label=_("State"), empty_label=_("All states"))
    first = django_filters.DateFilter(
        field_name="date",
        lookup_expr="gte",
        label=_("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last = django_filters.DateFilter(
        field_name="date",
        lookup_expr="lte",
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    class Meta:
        model = WindowSession
        fields: tuple[str, ...] = ()

    def either_side(
        self, queryset: QuerySet[WindowSession], name: str, department: Department
    ) -> QuerySet[WindowSession]:
        """Sessions that start from this department or lead to it."""
        return queryset.filter(Q(home_department=department) | Q(host_department=department))
