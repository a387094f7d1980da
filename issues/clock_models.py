"""Limits: rules by version, clocks, extensions, supervision notices."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from issues.choices import ClockKind, Decision, NoticeColour
from issues.issue_models import Issue


class ClockRule(models.Model):
    """One version of the limits, in force from a day on. Clocks keep the version of the day they were set.

    Defaults follow the programmes that press reports describe: acknowledge 1, contact 1, verify 5 working days.
    """

    version = models.PositiveIntegerField(_("version"), unique=True)
    in_force_from = models.DateField(_("in force from"))
    acknowledge_days = models.PositiveSmallIntegerField(_("acknowledge (working days)"), default=1)
    contact_days = models.PositiveSmallIntegerField(_("contact the citizen (working days)"), default=1)
    verify_days = models.PositiveSmallIntegerField(_("verify (working days)"), default=5)
    rectify_classes = models.JSONField(_("classes of rectification (working days)"), default=list)
    transfer_budget = models.PositiveSmallIntegerField(_("transfers without a ruling"), default=1)
    extension_budget = models.PositiveSmallIntegerField(_("extensions"), default=1)
    look_back_days = models.JSONField(_("look-back (days after closing)"), default=list)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-version"]


class Clock(models.Model):
    """One limit of one round: set when the state is entered, stopped when it is left, `met` frozen then.

    `counted` holds the working days that make up the limit, so that the sum can be shown. While `paused_at` is set
    the clock rests; `due_on` moves on by the working days of rest when it resumes.
    """

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="clocks")
    round = models.PositiveSmallIntegerField()
    kind = models.CharField(_("limit"), max_length=20, choices=ClockKind.choices)
    rule = models.ForeignKey(ClockRule, models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField(_("working days"))
    extended_days = models.PositiveSmallIntegerField(_("extended by (working days)"), default=0)
    started_at = models.DateTimeField(_("set at"))
    due_on = models.DateField(_("due"), db_index=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_days = models.PositiveSmallIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True, blank=True)
    met: models.BooleanField[bool | None, bool | None] = models.BooleanField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["issue", "started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "kind"], condition=Q(stopped_at__isnull=True), name="clock_one_running_per_kind"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, met__isnull=True) | Q(stopped_at__isnull=False),
                name="clock_met_only_when_stopped",
            ),
        ]
        indexes = [
            # All that a light is judged by, so that counts over a long register never open the rows.
            models.Index(
                fields=["due_on", "issue", "paused_at", "days", "extended_days"],
                condition=Q(stopped_at__isnull=True),
                name="clock_running_by_date",
            )
        ]


class ExtensionRequest(models.Model):
    """A request for more working days, asked before the limit is due."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="extension_requests")
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="extension_requests")
    days = models.PositiveSmallIntegerField(_("working days asked for"))
    reason = models.TextField(_("reason"))
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decision = models.CharField(
        _("decision"), max_length=20, choices=Decision.choices, default=Decision.PENDING, db_index=True
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(_("explanation"), blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue"], condition=Q(decision=Decision.PENDING), name="extension_one_pending"
            )
        ]


class SupervisionNotice(models.Model):
    """A numbered blue, orange or red notice, to be answered by the lead department (督办单)."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="supervision_notices")
    number = models.PositiveIntegerField(_("number"), unique=True)
    colour = models.CharField(_("colour"), max_length=10, choices=NoticeColour.choices)
    text = models.TextField(_("what is demanded"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    due_on = models.DateField(_("answer due"))
    reply = models.TextField(_("answer"), blank=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
