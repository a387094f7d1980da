"""The programme: who takes part, where, which items, how often, under which rules."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.choices import Rank
from accounts.models import Department
from catalog.choices import Half
from catalog.models import Hall, ServiceItem
from sessions.choices import Mode, ProgrammeKind, QuotaPeriod, RuleName, Severity
from sessions.querysets import AvailabilityQuerySet, ProgrammeQuerySet


def default_severities() -> dict[str, str]:
    """Rule → severity for a new programme: what breaks the idea blocks, what only weakens it warns."""
    warn = {RuleName.QUOTA, RuleName.REPEAT_PAIR, RuleName.DEPUTY, RuleName.NOTICE, RuleName.VISIT}
    return {rule.value: (Severity.WARN if rule in warn else Severity.BLOCK).value for rule in RuleName}


class Programme(models.Model):
    """One run of 局长走流程, such as a cross-department week or a quarter of sittings."""

    code = models.CharField(_("programme code"), max_length=40, unique=True)
    name = models.CharField(_("programme name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=ProgrammeKind.choices)
    modes = models.JSONField(_("modes"), default=list)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    halls = models.ManyToManyField(Hall, related_name="programmes", verbose_name=_("halls"))
    departments = models.ManyToManyField(
        Department, related_name="programmes", blank=True, verbose_name=_("departments taking part")
    )
    handling_list = models.ManyToManyField(
        ServiceItem, related_name="programmes", blank=True, verbose_name=_("handling list")
    )
    half_days_per_visit = models.PositiveSmallIntegerField(_("half-days per visit"), default=1)
    own_department_allowed = models.BooleanField(_("own department allowed"), default=False)
    announced = models.BooleanField(_("announced"), default=True)
    notice_days = models.PositiveSmallIntegerField(_("names due this many days ahead"), default=3)
    publication_weekday = models.PositiveSmallIntegerField(
        _("publication weekday (empty: first working day)"), null=True, blank=True
    )
    severities = models.JSONField(_("rules"), default=default_severities)
    note = models.TextField(_("explanation"), blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    history = HistoricalRecords()
    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "code"]
        verbose_name = _("programme")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="programme_ends_after_start")
        ]

    def __str__(self) -> str:
        return self.name

    def severity(self, rule: str) -> str:
        """BLOCK or WARN for a rule; one that is younger than the programme weighs what it does in a new one."""
        return str(self.severities.get(rule) or default_severities()[rule])

    @property
    def days_ahead(self) -> int:
        """How many days ahead names are made known: none at all where nobody is told of the sitting."""
        return self.notice_days if self.announced else 0

    @property
    def default_mode(self) -> str:
        return str(self.modes[0]) if self.modes else Mode.CLERK.value


class Quota(models.Model):
    """How often a rank sits: target per period (half-days), maximum, and a floor per year."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="quotas")
    rank = models.CharField(_("rank"), max_length=20, choices=Rank.choices)
    period = models.CharField(_("period"), max_length=20, choices=QuotaPeriod.choices)
    minimum = models.PositiveSmallIntegerField(_("target"), default=0)
    maximum = models.PositiveSmallIntegerField(_("at most"), null=True, blank=True)
    floor_per_year = models.PositiveSmallIntegerField(_("at least per year"), default=0)

    class Meta:
        ordering = ["programme", "-rank"]
        constraints = [models.UniqueConstraint(fields=["programme", "rank"], name="quota_once_per_rank")]


class Availability(models.Model):
    """A time at which a director cannot come: dates with an optional half-day, or a weekday of every week.

    `entered_by` is empty for what came from a table of leaders; an import changes only such rows.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    half = models.CharField(_("half-day"), max_length=2, choices=Half.choices, blank=True)
    weekday = models.PositiveSmallIntegerField(_("every weekday (0 Monday)"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=0, editable=False)
    objects = AvailabilityQuerySet.as_manager()

    class Meta:
        ordering = ["user", "starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_start")
        ]
