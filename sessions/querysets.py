"""Which sessions a person sees, and the words pages read them by."""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.choices import Rank, Role
from core import clock
from sessions.choices import ENDED, OCCUPYING, SessionStatus

PLANNING_ROLES = (Role.HALL_ADMINISTRATOR, Role.REFORM_OFFICE)


class ProgrammeQuerySet(QuerySet[Any]):
    """Reads of programmes."""

    def visible_to(self, user: Any) -> "ProgrammeQuerySet":
        """Announced and past ones for all staff; an unannounced one for those who plan or sit in it.

        Whoever is visited unannounced must not read beforehand that somebody comes; guides know of it once it runs.
        """
        if not user.is_authenticated:
            return self.none()
        grants = user.grants
        if grants.has(*PLANNING_ROLES, Role.AUDITOR):
            return self
        known = Q(window_sessions__status__in=[SessionStatus.IN_PROGRESS, *ENDED])
        runs = Q(window_sessions__window__hall_id__in=grants.halls(Role.GUIDE)) & known
        part = Q(window_sessions__director=user) | runs
        inside = self.model._default_manager.filter(part).values("pk")
        return self.filter(Q(announced=True) | Q(ends_on__lt=clock.today()) | Q(pk__in=inside))


class WindowSessionQuerySet(QuerySet[Any]):
    """Reads of window sessions."""

    def visible_to(self, user: Any) -> "WindowSessionQuerySet":
        """All for reform office and auditor; the hall's for those who plan there; own and own department's otherwise.

        An unannounced sitting is known to those who plan and sit alone: guides see it once it runs, departments on
        either side when it is over.
        """
        if not user.is_authenticated:
            return self.none()
        grants = user.grants
        if grants.has(Role.REFORM_OFFICE, Role.AUDITOR):
            return self
        departments = grants.departments(Role.LIAISON)
        ours = Q(home_department_id__in=departments) | Q(host_department_id__in=departments)
        # A principal names who comes for the whole department, so the drafts of its deputies are known too.
        led = grants.departments(Role.DIRECTOR) if grants.rank == Rank.PRINCIPAL else frozenset()
        named = Q(home_department_id__in=led, status=SessionStatus.DRAFT, announced=True)
        over, running = Q(status__in=ENDED), Q(status=SessionStatus.IN_PROGRESS)
        return self.filter(
            Q(director=user)
            | Q(window__hall_id__in=grants.halls(Role.HALL_ADMINISTRATOR))
            | (Q(window__hall_id__in=grants.halls(Role.GUIDE)) & (Q(announced=True) | running | over))
            | (ours & (Q(announced=True) | over))
            | named
        )

    def occupying(self) -> "WindowSessionQuerySet":
        """Those that take up their director and window."""
        return self.filter(status__in=OCCUPYING)

    def in_week(self, monday: date, sunday: date) -> "WindowSessionQuerySet":
        return self.filter(date__range=(monday, sunday))

    def with_people(self) -> "WindowSessionQuerySet":
        """Everything a row of a list shows, without a query per row."""
        return self.select_related(
            "programme",
            "director",
            "home_department",
            "host_department",
            "window__hall",
            "window__zone",
            "window__department",
            "item",
        )


class AvailabilityQuerySet(QuerySet[Any]):
    """Reads of directors' leave."""

    def visible_to(self, user: Any) -> "AvailabilityQuerySet":
        """One's own; all for those who plan."""
        if not user.is_authenticated:
            return self.none()
        return self if user.grants.has(*PLANNING_ROLES) else self.filter(user=user)

    def coming(self, today: date) -> "AvailabilityQuerySet":
        """Those that have not passed."""
        return self.filter(ends_on__gte=today).order_by("starts_on", "half")


class RotationPlanQuerySet(QuerySet[Any]):
    """Reads of rotation plans."""

    def visible_to(self, user: Any) -> "RotationPlanQuerySet":
        """Those of programmes in whose halls this person plans; all for the reform office."""
        if not user.is_authenticated:
            return self.none()
        if user.grants.has(Role.REFORM_OFFICE):
            return self
        halls = user.grants.halls(Role.HALL_ADMINISTRATOR)
        return self.filter(programme__halls__in=halls).distinct()

    def with_placed(self) -> "RotationPlanQuerySet":
        """With the number of proposed placements, and of those that are in the programme."""
        placed = Q(placements__window_session__isnull=False)
        rows: RotationPlanQuerySet = self.annotate(placed=Count("placements", filter=placed, distinct=True))
        return rows

    def with_programme(self) -> "RotationPlanQuerySet":
        """What every page of a plan shows, without a query per row."""
        rows = self.select_related("programme", "created_by").prefetch_related("programme__halls")
        return rows.order_by("-pk")


class ScreenQuerySet(QuerySet[Any]):
    """Reads of hall screens."""

    def visible_to(self, user: Any) -> "ScreenQuerySet":
        """Those of the halls that this person administers."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(hall_id__in=user.grants.halls(Role.HALL_ADMINISTRATOR))

    def in_use(self) -> "ScreenQuerySet":
        """Not taken off."""
        return self.filter(revoked_at__isnull=True)
