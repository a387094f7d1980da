"""The window session, its ledger and the frozen rosters."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Rank, Role
from accounts.models import Department
from catalog.choices import Half
from catalog.models import Hall, ServiceItem, Window
from core.ledger import LedgeredModel, LedgerEvent
from sessions.choices import OCCUPYING, Mode, Purpose, SessionStatus
from sessions.programme_models import Programme
from sessions.querysets import WindowSessionQuerySet


class WindowSession(LedgeredModel):
    """One director at one window for one half-day.

    Home and host department and rank are snapshots of the day of placing; an experience officer who walks an issue's
    item again has neither a rank nor, coming from outside the departments, a home. `status` is changed only by
    `sessions.services` through `sessions.workflow`. The two unique constraints make double booking impossible.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="window_sessions")
    director = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="window_sessions")
    rank = models.CharField(_("rank"), max_length=20, choices=Rank.choices, blank=True)
    home_department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="visits_made")
    window = models.ForeignKey(Window, models.PROTECT, related_name="window_sessions")
    host_department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="visits_received"
    )
    date = models.DateField(_("date"))
    half = models.CharField(_("half-day"), max_length=2, choices=Half.choices)
    mode = models.CharField(_("mode"), max_length=20, choices=Mode.choices, default=Mode.CLERK)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices, default=Purpose.WALK)
    cross_department = models.BooleanField(default=True)
    announced = models.BooleanField(_("announced"), default=True)
    status = models.CharField(
        _("state"), max_length=20, choices=SessionStatus.choices, default=SessionStatus.DRAFT, db_index=True
    )
    replaced_director = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    issue_number = models.CharField(_("for issue"), max_length=40, blank=True)
    item = models.ForeignKey(
        ServiceItem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("item to be walked again")
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    objects = WindowSessionQuerySet.as_manager()

    class Meta:
        ordering = ["date", "half", "window"]
        verbose_name = _("window session")
        indexes = [models.Index(fields=["date", "half"], name="window_session_by_half")]
        constraints = [
            models.UniqueConstraint(
                fields=["director", "date", "half"],
                condition=Q(status__in=OCCUPYING),
                name="director_once_per_half_day",
            ),
            models.UniqueConstraint(
                fields=["window", "date", "half"], condition=Q(status__in=OCCUPYING), name="window_once_per_half_day"
            ),
            models.CheckConstraint(
                condition=Q(cross_department=False)
                | ~Q(mode=Mode.CLERK)
                | Q(host_department__isnull=True)
                | ~Q(host_department=F("home_department")),
                name="clerk_not_at_own_department",
            ),
            models.CheckConstraint(
                condition=Q(purpose=Purpose.VERIFICATION, cross_department=False)
                | Q(~Q(rank=""), home_department__isnull=False),
                name="only_a_re_walker_has_no_home",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.half} #{self.pk}"

    @property
    def home_label(self) -> str:
        """Where the person comes from: the department, or the role of who belongs to none."""
        return self.home_department.label if self.home_department else str(Role.EXPERIENCE_OFFICER.label)


class SessionEvent(LedgerEvent):
    """The ledger of window sessions."""

    parent_field: ClassVar[str] = "window_session"
    window_session = models.ForeignKey(WindowSession, models.PROTECT, related_name="events")

    class Meta(LedgerEvent.Meta):
        constraints = [models.UniqueConstraint(fields=["window_session", "number"], name="session_event_once")]


class Roster(models.Model):
    """One numbered release of a hall's ISO week. `lines` are frozen; `difference` says what changed and why."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="rosters")
    iso_year = models.PositiveSmallIntegerField()
    iso_week = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(_("release"))
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lines: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(encoder=DjangoJSONEncoder)
    difference: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list, encoder=DjangoJSONEncoder
    )
    note = models.CharField(_("reason"), max_length=300, blank=True)
    by_schedule = models.BooleanField(_("released by schedule"), default=False)

    class Meta:
        ordering = ["hall", "-iso_year", "-iso_week", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "iso_year", "iso_week", "number"], name="roster_release_once")
        ]
