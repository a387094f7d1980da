"""What a hall offers: service item with steps and documents, relations, bundles, revisions."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Department
from catalog.choices import (
    DocumentForm,
    DocumentSource,
    Handling,
    ItemStatus,
    ItemType,
    Necessity,
    OnlineDepth,
    Relation,
)
from catalog.hall_models import Window
from catalog.querysets import ServiceItemQuerySet


def plain_number(value: Decimal | None) -> str:
    """A number without idle zeros behind the point: 0.5, 3, 20. Empty for None."""
    return "" if value is None else format(value.normalize(), "f")


class ServiceItem(models.Model):
    """A service item (事项). Limits are working days; a committed limit of 0 means on the spot (即办件)."""

    code = models.CharField(_("item code"), max_length=40, unique=True)
    name = models.CharField(_("item name"), max_length=200)
    initials = models.CharField(max_length=200, blank=True, db_index=True, editable=False)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="service_items", verbose_name=_("department in charge")
    )
    item_type = models.CharField(_("kind of item"), max_length=30, choices=ItemType.choices)
    handling = models.CharField(_("handling"), max_length=20, choices=Handling.choices)
    statutory_days = models.DecimalField(
        _("statutory limit (working days)"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    committed_days = models.DecimalField(_("promised limit (working days)"), max_digits=6, decimal_places=2)
    for_persons = models.BooleanField(_("for persons"), default=False)
    for_companies = models.BooleanField(_("for companies"), default=False)
    online = models.BooleanField(_("can be applied for online"), default=False)
    online_depth = models.CharField(_("online depth"), max_length=20, choices=OnlineDepth.choices)
    trips = models.PositiveSmallIntegerField(_("trips to the hall"), default=0)
    window = models.ForeignKey(
        Window, models.PROTECT, null=True, blank=True, related_name="accepted_items", verbose_name=_("accepted at")
    )
    pickup_window = models.ForeignKey(
        Window, models.PROTECT, null=True, blank=True, related_name="pickup_items", verbose_name=_("handed out at")
    )
    pickup_elsewhere = models.BooleanField(_("picked up in another hall"), default=False)
    result_name = models.CharField(_("result"), max_length=200, blank=True)
    fee = models.BooleanField(_("costs a fee"), default=False)
    in_comprehensive = models.BooleanField(_("at integrated windows"), default=False)
    frequent = models.BooleanField(_("asked for often"), default=False)
    in_visit_list = models.BooleanField(_("may be walked"), default=False)
    has_simulation_pack = models.BooleanField(_("has simulated material"), default=False)
    name_source = models.CharField(_("source of the name"), max_length=50, blank=True)
    limit_source = models.CharField(_("source of the limit"), max_length=50, blank=True)
    note = models.CharField(_("remark"), max_length=500, blank=True)
    status = models.CharField(
        _("state"), max_length=20, choices=ItemStatus.choices, default=ItemStatus.PUBLISHED, db_index=True
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    history = HistoricalRecords()
    objects = ServiceItemQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("service item")
        constraints = [
            models.CheckConstraint(
                condition=Q(statutory_days__isnull=True) | Q(committed_days__lte=F("statutory_days")),
                name="item_promise_within_statute",
            ),
            models.CheckConstraint(condition=Q(committed_days__gte=0), name="item_promise_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def statutory_text(self) -> str:
        """The statutory limit as a page shows it."""
        return plain_number(self.statutory_days)

    @property
    def committed_text(self) -> str:
        """The promised limit as a page shows it."""
        return plain_number(self.committed_days)


class ProcedureStep(models.Model):
    """One step (环节) of an item, walked in order of `number`."""

    item = models.ForeignKey(ServiceItem, models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField(_("step"))
    name = models.CharField(_("step name"), max_length=100)
    post = models.CharField(_("responsible post"), max_length=100, blank=True)
    days = models.DecimalField(_("time (working days)"), max_digits=6, decimal_places=2, default=0)
    counted = models.BooleanField(_("counts towards the promised limit"), default=True)
    channel = models.CharField(_("how"), max_length=100, blank=True)
    signatures = models.PositiveSmallIntegerField(_("signatures"), default=0)
    system = models.CharField(_("system used"), max_length=100, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    window = models.ForeignKey(Window, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("explanation"), max_length=500, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["item", "number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="step_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def days_text(self) -> str:
        """The step's time as a page shows it."""
        return plain_number(self.days)


class RequiredDocument(models.Model):
    """A document asked for (申请材料). The same code means the same document everywhere."""

    item = models.ForeignKey(ServiceItem, models.CASCADE, related_name="documents")
    number = models.PositiveSmallIntegerField(_("order"))
    code = models.CharField(_("document code"), max_length=60, db_index=True)
    name = models.CharField(_("document name"), max_length=200)
    form = models.CharField(_("form"), max_length=30, choices=DocumentForm.choices)
    copies = models.PositiveSmallIntegerField(_("copies"), default=1)
    source_kind = models.CharField(_("where it comes from"), max_length=20, choices=DocumentSource.choices)
    source_department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("issued by")
    )
    format_requirement = models.CharField(_("format"), max_length=300, blank=True)
    necessity = models.CharField(_("necessity"), max_length=20, choices=Necessity.choices)
    shareable = models.BooleanField(_("electronic copy can be fetched"), default=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["item", "number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="document_number_once")]

    def __str__(self) -> str:
        return self.name


class Prerequisite(models.Model):
    """A relation between two items: `item` depends on `related`."""

    item = models.ForeignKey(ServiceItem, models.CASCADE, related_name="prerequisites")
    related = models.ForeignKey(ServiceItem, models.PROTECT, related_name="dependants")
    relation = models.CharField(_("relation"), max_length=20, choices=Relation.choices)
    note = models.CharField(_("explanation"), max_length=500, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["item", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "related", "relation"], name="prerequisite_once"),
            models.CheckConstraint(condition=~Q(item=F("related")), name="prerequisite_not_itself"),
        ]


class ServiceBundle(models.Model):
    """一件事: several items handled as one matter. `before` and `after` hold days, materials, trips, windows."""

    code = models.CharField(_("bundle code"), max_length=40, unique=True)
    name = models.CharField(_("bundle name"), max_length=200)
    for_persons = models.BooleanField(_("for persons"), default=False)
    for_companies = models.BooleanField(_("for companies"), default=False)
    lead_department = models.ForeignKey(
        Department, models.PROTECT, related_name="led_bundles", verbose_name=_("department that leads")
    )
    supporting_departments = models.ManyToManyField(
        Department, related_name="supported_bundles", blank=True, verbose_name=_("supporting departments")
    )
    items = models.ManyToManyField(ServiceItem, through="BundleItem", related_name="bundles")
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    member_source = models.CharField(max_length=100, blank=True)
    active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class BundleItem(models.Model):
    """One item of a bundle in its order."""

    bundle = models.ForeignKey(ServiceBundle, models.CASCADE, related_name="members")
    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        ordering = ["bundle", "number"]
        constraints = [models.UniqueConstraint(fields=["bundle", "item"], name="bundle_item_once")]


class GuideRevision(models.Model):
    """The service guide as it stood from a moment on: item, steps, documents and relations in one frozen snapshot.

    `created_by` saved it; where a liaison had proposed it, that is who approved, and `proposed_by` the liaison.
    """

    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("revision"))
    created_at = models.DateTimeField(_("saved at"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    issue_number = models.CharField(_("from issue"), max_length=40, blank=True)
    snapshot: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["item", "-number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="guide_revision_once")]

    def __str__(self) -> str:
        return f"{self.item_id} r{self.number}"
