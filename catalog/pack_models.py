"""Standard simulated material (模拟材料): versioned sheets with sample pictures."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.choices import Role
from catalog.item_models import ServiceItem


class SimulationPackQuerySet(QuerySet["SimulationPack"]):
    """Reads of packs."""

    def visible_to(self, user: Any) -> "SimulationPackQuerySet":
        """Packs of items that the reader sees; one still being prepared only for the offices and the auditor."""
        rows = self.filter(item__in=ServiceItem.objects.visible_to(user))
        if user.is_authenticated and user.grants.has(Role.HALL_ADMINISTRATOR, Role.REFORM_OFFICE, Role.AUDITOR):
            return rows
        return rows.filter(Q(active=True) | Q(released_at__isnull=False))

    def prepared(self) -> "SimulationPackQuerySet":
        """Those that nobody has put into use yet."""
        return self.filter(active=False, released_at__isnull=True)


class SimulationPack(models.Model):
    """Simulated material for days on which no citizen's matter fits.

    A version is prepared, then put into use, and never changes after that: a walk keeps the version it began with.
    `documents` are its sheets, each `{"number", "code", "name", "form", "copies", "text"}`; `edits` counts the saves
    of one that is being prepared, so that a form opened earlier turns stale.
    """

    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="simulation_packs")
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    documents = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    active = models.BooleanField(_("in use"), default=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    released_at = models.DateTimeField(_("put into use"), null=True, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    edits = models.PositiveIntegerField(default=0, editable=False)
    history = HistoricalRecords()
    objects: Any = SimulationPackQuerySet.as_manager()

    class Meta:
        ordering = ["item", "-version"]
        verbose_name = _("simulated material")
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="simulation_pack_once"),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(active=False, released_at__isnull=True),
                name="simulation_pack_one_prepared",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_prepared(self) -> bool:
        """Not put into use yet, so it may still change."""
        return not self.active and self.released_at is None


class SamplePicture(models.Model):
    """A cleaned picture (`core.images`) of one sheet, such as a filled-in form with invented names.

    `sheet` is the code of the document it shows. Pictures of later versions may share the stored files.
    """

    pack = models.ForeignKey(SimulationPack, models.PROTECT, related_name="pictures")
    sheet = models.CharField(_("sheet"), max_length=60)
    number = models.PositiveSmallIntegerField(_("order"), default=0)
    caption = models.CharField(_("caption"), max_length=100, blank=True)
    path = models.CharField(max_length=200)
    thumbnail_path = models.CharField(max_length=200)
    content_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["sheet", "number", "pk"]

    def __str__(self) -> str:
        return self.caption or self.sheet
