"""How far a recount of the limits is: the worker's, after the calendar has changed."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock

SILENT_AFTER = timedelta(minutes=3)
"""A recount writes after every portion, which takes seconds; after this time it is worth asking why."""


class LimitRecount(models.Model):
    """One recount of the limits of all open issues. `last_issue` is the key up to which it has come: it goes on there.

    `asked_by` stands in the ledger of every issue that moves. `broken` means that this person lost the right meanwhile.
    """

    note = models.CharField(_("note"), max_length=200)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    broken = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    last_issue = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]

    @property
    def at_work(self) -> bool:
        return self.finished_at is None

    @property
    def stands_still(self) -> bool:
        """It broke off, or nothing has been heard of it for three minutes."""
        return self.at_work and (self.broken or clock.now() - self.updated_at > SILENT_AFTER)
