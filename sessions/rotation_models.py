"""A planned rotation: what was asked, what came out, and each placement it proposes."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.choices import Half
from catalog.models import Window
from core import clock
from sessions.choices import RotationStatus
from sessions.programme_models import Programme
from sessions.querysets import RotationPlanQuerySet
from sessions.session_models import WindowSession

SILENT_AFTER = timedelta(minutes=3)
AT_WORK = (RotationStatus.QUEUED.value, RotationStatus.RUNNING.value)


def default_weights() -> dict[str, int]:
    """How much each wish counts, from 0 to 10."""
    return {"new_pairs": 10, "seams": 5, "spread": 3}


class RotationPlan(models.Model):
    """One proposal for a programme. `status` is changed only by `sessions.services.rotations`.

    `firm` says that no quota may fall short. `figures` are the result in numbers, `report` the causes and ways out
    where something could not be met, in every language. `duration` is in seconds.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="rotation_plans")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    seed = models.PositiveIntegerField(_("seed"), default=0)
    seconds = models.PositiveIntegerField(_("time limit (seconds)"), default=60)
    firm = models.BooleanField(_("every quota must be met"), default=False)
    weights: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(_("wishes"), default=default_weights)
    status = models.CharField(
        _("state"), max_length=20, choices=RotationStatus.choices, default=RotationStatus.QUEUED.value
    )
    progress = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    duration = models.FloatField(default=0)
    solver = models.CharField(_("solver"), max_length=40, blank=True)
    figures: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder
    )
    report: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    objects = RotationPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("rotation plan")
        constraints = [
            models.UniqueConstraint(
                fields=["programme"], condition=Q(status__in=AT_WORK), name="one_rotation_at_a_time"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="rotation_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on} #{self.pk}"

    @property
    def at_work(self) -> bool:
        """The worker has not finished with it."""
        return self.status in AT_WORK

    @property
    def is_proposal(self) -> bool:
        """It holds placements."""
        return self.status == RotationStatus.DONE

    @property
    def solver_version(self) -> str:
        """The version of the solver; its name says nothing to who plans."""
        return self.solver.rpartition(" ")[2]

    @property
    def waited(self) -> int:
        """Seconds since it was asked for."""
        return max(0, int((clock.now() - self.created_at).total_seconds()))

    @property
    def is_silent(self) -> bool:
        """Nothing has been heard for so long that the worker may be gone."""
        return self.at_work and clock.now() - self.updated_at > SILENT_AFTER


class PlannedPlacement(models.Model):
    """One director at one window in one half-day, proposed with its reasons; `window_session` once it is accepted.

    A locked placement stays where it is when the rest is planned anew.
    """

    plan = models.ForeignKey(RotationPlan, models.CASCADE, related_name="placements")
    director = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    window = models.ForeignKey(Window, models.PROTECT, related_name="+")
    date = models.DateField(_("date"))
    half = models.CharField(_("half-day"), max_length=2, choices=Half.choices)
    reasons: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    locked = models.BooleanField(_("locked"), default=False)
    window_session = models.OneToOneField(
        WindowSession, models.SET_NULL, null=True, blank=True, related_name="planned_placement"
    )

    class Meta:
        ordering = ["date", "half", "window"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "director", "date", "half"], name="planned_director_once"),
            models.UniqueConstraint(fields=["plan", "window", "date", "half"], name="planned_window_once"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.half} #{self.pk}"
