"""The work on an issue: tasks, transfers, rectification, verification, look-back."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from issues.choices import Answer, Decision, FollowUpKind, Outcome, VerificationKind
from issues.issue_models import Issue
from sessions.models import HandledCase


class Task(models.Model):
    """What a supporting department has to do, with its own date. The lead cannot submit while one is open."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="tasks")
    round = models.PositiveSmallIntegerField()
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="tasks", verbose_name=_("supporting department")
    )
    title = models.CharField(_("task"), max_length=200)
    due_on = models.DateField(_("due"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    result = models.TextField(_("result"), blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["issue", "pk"]


class TransferRequest(models.Model):
    """A transfer beyond the budget: the reform office must rule who leads."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="transfer_requests")
    from_department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    to_department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decision = models.CharField(_("decision"), max_length=20, choices=Decision.choices, default=Decision.PENDING)
    ruled_lead = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(_("explanation"), blank=True)

    class Meta:
        ordering = ["pk"]


class Rectification(models.Model):
    """What the lead department reports as done in a round: measures, outcome, and the rule where law forbids more."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="rectifications")
    round = models.PositiveSmallIntegerField()
    measures: models.JSONField[list[str], list[str]] = models.JSONField(_("measures"), default=list)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    legal_basis = models.CharField(_("rule that forbids more"), max_length=300, blank=True)
    evidence_note = models.TextField(_("evidence in words"), blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(_("why it was returned"), blank=True)

    class Meta:
        ordering = ["issue", "pk"]


class Verification(models.Model):
    """A verifier's record. A re-walk freezes the figures of both walks in `comparison`."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="verifications")
    round = models.PositiveSmallIntegerField()
    rectification = models.ForeignKey(
        Rectification, models.PROTECT, null=True, blank=True, related_name="verifications"
    )
    kind = models.CharField(_("way of verification"), max_length=20, choices=VerificationKind.choices)
    passed = models.BooleanField(_("passed"))
    answer = models.CharField(_("is it done?"), max_length=10, choices=Answer.choices, blank=True)
    note = models.TextField(_("finding"))
    verifier = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="verifications")
    verifier_department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField()
    case = models.ForeignKey(HandledCase, models.PROTECT, null=True, blank=True, related_name="verifications")
    baseline = models.ForeignKey(HandledCase, models.PROTECT, null=True, blank=True, related_name="+")
    comparison: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list, encoder=DjangoJSONEncoder
    )

    class Meta:
        ordering = ["issue", "pk"]


class LookBackSample(models.Model):
    """A random sample of the issues closed in a period, to be looked at again until `due_on`.

    `seed` with the list drawn from (its length and SHA-256 are kept) gives the same issues again: see
    `issues.services.sampling`. `share` is in per cent, where one was asked for.
    """

    number = models.PositiveIntegerField(_("number"), unique=True)
    seed = models.CharField(_("seed"), max_length=40)
    closed_from = models.DateField(_("closed from"))
    closed_to = models.DateField(_("closed until"))
    due_on = models.DateField(_("due"))
    share = models.PositiveSmallIntegerField(_("share (per cent)"), null=True, blank=True)
    size = models.PositiveSmallIntegerField(_("issues drawn"))
    eligible = models.PositiveIntegerField(_("drawn from"))
    eligible_digest = models.CharField(max_length=64)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return str(self.number)


class FollowUp(models.Model):
    """A look-back (回头看) after closing: due in calendar days; a failure reopens the issue."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="follow_ups")
    round = models.PositiveSmallIntegerField()
    kind = models.CharField(_("occasion"), max_length=20, choices=FollowUpKind.choices)
    due_on = models.DateField(_("due"), db_index=True)
    sample = models.ForeignKey(LookBackSample, models.PROTECT, null=True, blank=True, related_name="follow_ups")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    holds: models.BooleanField[bool | None, bool | None] = models.BooleanField(_("still holds"), null=True, blank=True)
    note = models.TextField(_("finding"), blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["issue", "round", "kind"], name="follow_up_once")]
        indexes = [
            models.Index(
                fields=["due_on", "issue", "round"],
                condition=models.Q(done_at__isnull=True),
                name="follow_up_open_by_date",
            )
        ]
