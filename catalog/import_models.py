"""An import in the browser: its files for a day, what became of every row, and who decided."""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.choices import ImportStatus, OnConflict, RowStatus
from catalog.querysets import CatalogImportQuerySet, ImportRowQuerySet
from core import clock

KEPT_FOR = timedelta(hours=24)
SLOW_AFTER = timedelta(minutes=10)
OPEN = (ImportStatus.CHECKING.value, ImportStatus.READY.value, ImportStatus.APPLYING.value)
AT_WORK = (ImportStatus.CHECKING.value, ImportStatus.APPLYING.value, ImportStatus.UNDOING.value)


class CatalogImport(models.Model):
    """One upload of one or several files. `tables` says which heading was taken for which field.

    `meanings` are the corrections that the check used: the import itself uses the same, whatever is said meanwhile.
    """

    status = models.CharField(_("state"), max_length=20, choices=ImportStatus.choices, default=ImportStatus.CHECKING)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    language = models.CharField(max_length=10)
    digest = models.CharField(max_length=64, db_index=True)
    on_conflict = models.CharField(max_length=10, choices=OnConflict.choices, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    refusal = models.TextField(blank=True)
    undo_refusal = models.TextField(blank=True)
    tables: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    meanings: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    began_at = models.DateTimeField(null=True)
    objects = CatalogImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=Q(status__in=OPEN), name="same_files_once_at_a_time"),
            models.UniqueConstraint(fields=["status"], condition=Q(status="applying"), name="one_import_is_taken_in"),
        ]

    @property
    def at_work(self) -> bool:
        """The worker has not finished with it."""
        return self.status in AT_WORK

    @property
    def seconds(self) -> int:
        """How long the present work has taken so far."""
        return max(0, int((clock.now() - (self.began_at or self.created_at)).total_seconds()))

    @property
    def is_slow(self) -> bool:
        """Nothing has been heard for so long that the worker may be gone."""
        return self.at_work and clock.now() - self.updated_at > SLOW_AFTER


def _random_name(_row: models.Model, _name: str) -> str:
    """Nothing of the given name reaches the disk."""
    return f"imports/{secrets.token_hex(16)}"


class ImportJournal(models.Model):
    """What one import has written (importing.journal), for its undo. `catalog_import` is empty for the command."""

    catalog_import = models.OneToOneField(CatalogImport, models.PROTECT, null=True, related_name="journal")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    files: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    changes: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(encoder=DjangoJSONEncoder)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]


class HeadingMeaning(models.Model):
    """What people have said a heading means in one kind of table; an empty `field` leaves the column out."""

    kind = models.CharField(max_length=20)
    heading = models.CharField(max_length=200)
    field = models.CharField(max_length=40, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "heading"], name="heading_means_one_thing")]


class SheetMeaning(models.Model):
    """What people have said a table with these headings holds; an empty `kind` leaves the table out."""

    headings = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=20, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()


class ImportFile(models.Model):
    """One uploaded file, kept for a day; `name` is only shown."""

    catalog_import = models.ForeignKey(CatalogImport, models.CASCADE, related_name="files")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    stored = models.FileField(upload_to=_random_name)

    class Meta:
        ordering = ["catalog_import", "number"]


class ImportRow(models.Model):
    """What became of one row of a file; the columns are those of the report (DESIGN section 10)."""

    catalog_import = models.ForeignKey(CatalogImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    file = models.TextField()
    sheet = models.TextField(blank=True)
    row = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, blank=True)
    key = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=RowStatus.choices)
    code = models.CharField(max_length=40, blank=True)
    messages: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    objects: Any = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["catalog_import", "status", "number"], name="import_rows_by_status")]
