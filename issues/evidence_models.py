"""Pictures tied to a step or an issue."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from issues.choices import EvidenceKind, Redaction
from issues.evidence_querysets import ScreenshotQuerySet
from issues.issue_models import Issue
from sessions.models import StepRun


class Screenshot(models.Model):
    """A cleaned picture (`core.images`), tied to a step of a walk, an issue, or both.

    `redaction` UNCHECKED pictures are seen only by the raiser, the lead department's liaison and the reform office.
    `taken_on` is the evidence date, apart from the upload time.
    """

    issue = models.ForeignKey(Issue, models.PROTECT, null=True, blank=True, related_name="screenshots")
    step_run = models.ForeignKey(StepRun, models.PROTECT, null=True, blank=True, related_name="screenshots")
    round = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(_("kind"), max_length=10, choices=EvidenceKind.choices, default=EvidenceKind.BEFORE)
    path = models.CharField(max_length=200)
    thumbnail_path = models.CharField(max_length=200)
    content_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    caption = models.CharField(_("caption"), max_length=100, blank=True)
    number = models.PositiveSmallIntegerField(_("order"), default=0)
    step_number = models.PositiveSmallIntegerField(null=True, blank=True)
    step_name = models.CharField(max_length=100, blank=True)
    taken_on = models.DateField(_("evidence date"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    redaction = models.CharField(
        _("personal data"), max_length=20, choices=Redaction.choices, default=Redaction.UNCHECKED
    )
    boxes = models.PositiveSmallIntegerField(default=0)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    objects = ScreenshotQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(issue__isnull=False) | Q(step_run__isnull=False), name="screenshot_has_parent"
            )
        ]
