"""What people decided about a seam, and when a guide revision mended it. The seams themselves are computed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Department
from catalog.choices import SeamKind
from catalog.item_models import GuideRevision, ServiceItem


class SeamRulingQuerySet(QuerySet["SeamRuling"]):
    """Reads of rulings."""

    def dismissed(self) -> "SeamRulingQuerySet":
        """Those that say: this is no seam."""
        return self.exclude(dismissed_reason="")

    def mended(self) -> "SeamRulingQuerySet":
        """Those whose seam is gone, the latest first."""
        return self.filter(mended_at__isnull=False).order_by("-mended_at")


class SeamRuling(models.Model):
    """A decision about one seam, found again by `key` (`catalog.seams.Seam.key`).

    `hold` is empty where one department is alone with the seam. `issue_number` names the issue that confirms it, as
    text, because the register is an upper app. A seam that a guide revision mended keeps its row and says when.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("kind of seam"), max_length=30, choices=SeamKind.choices)
    item = models.ForeignKey(ServiceItem, models.CASCADE, related_name="seam_rulings", verbose_name=_("service item"))
    need = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("who needs"))
    hold = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who holds")
    )
    title = models.CharField(_("title"), max_length=300)
    dismissed_reason = models.CharField(_("why this is no seam"), max_length=300, blank=True)
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    dismissed_at = models.DateTimeField(null=True, blank=True)
    issue_number = models.CharField(_("issue number"), max_length=40, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    mended_revision = models.ForeignKey(GuideRevision, models.PROTECT, null=True, blank=True, related_name="+")
    mended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    history = HistoricalRecords()
    objects: Any = SeamRulingQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        verbose_name = _("decision about a seam")

    def __str__(self) -> str:
        return self.key
