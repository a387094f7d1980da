"""A change to a guide that the department's liaison proposes and an office decides about."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from catalog.choices import ProposalStatus
from catalog.item_models import GuideRevision, ServiceItem


class ChangeProposalQuerySet(QuerySet["ChangeProposal"]):
    """Reads of proposals."""

    def visible_to(self, user: Any) -> "ChangeProposalQuerySet":
        """All of them for the offices and the auditor, those of the own department for its liaison."""
        if not user.is_authenticated:
            return self.none()
        if user.grants.has(Role.HALL_ADMINISTRATOR, Role.REFORM_OFFICE, Role.AUDITOR):
            return self
        return self.filter(item__department__in=user.grants.departments(Role.LIAISON))

    def open(self) -> "ChangeProposalQuerySet":
        """Those that nobody has decided about."""
        return self.filter(status=ProposalStatus.OPEN)


class ChangeProposal(models.Model):
    """One proposed revision of a guide, written on the same form as the revision itself.

    `change` is what `services.save_item` takes, in plain values; `before` and `after` are snapshots of the guide as it
    stood and as it would stand, so that the difference reads the same for good. `base_version` is the item's version
    at which the form was opened: once the item has moved on, the proposal can no longer be approved.
    """

    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="proposals", verbose_name=_("service item"))
    base_version = models.PositiveIntegerField()
    change: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(encoder=DjangoJSONEncoder)
    before: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(encoder=DjangoJSONEncoder)
    after: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(encoder=DjangoJSONEncoder)
    reason = models.CharField(_("reason"), max_length=300)
    issue_number = models.CharField(_("from issue"), max_length=40, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    status = models.CharField(
        _("state"), max_length=20, choices=ProposalStatus.choices, default=ProposalStatus.OPEN, db_index=True
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("why it was declined"), max_length=300, blank=True)
    revision = models.OneToOneField(GuideRevision, models.PROTECT, null=True, blank=True, related_name="proposal")
    objects: Any = ChangeProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("proposed change")
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(status="open"), name="proposal_one_open_per_item")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.reason}"

    @property
    def stale(self) -> bool:
        """The guide has been revised since the proposal was written."""
        return bool(self.status == ProposalStatus.OPEN and self.item.version != self.base_version)
