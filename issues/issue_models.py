"""The issue and its ledger."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import Department
from catalog.choices import Half
from catalog.models import GuideRevision, Hall, ServiceItem, Window
from core.ledger import LedgeredModel, LedgerEvent
from issues.choices import Cause, IssueSeverity, IssueStatus, Outcome, RejectReason, Source, SuspendCause
from issues.querysets import IssueQuerySet
from sessions.models import HandledCase, StepRun, WindowSession


class IssueCategory(models.Model):
    """A kind of problem, such as 材料重复提交."""

    code = models.CharField(_("category code"), max_length=20, unique=True)
    name = models.CharField(_("category"), max_length=50)
    name_en = models.CharField(_("category in English"), max_length=100, blank=True)
    description = models.CharField(_("explanation"), max_length=300, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name


class NumberSeries(models.Model):
    """The last number given out of one series: issues of a year, close-out sheets of a year, supervision notices."""

    prefix = models.CharField(max_length=40, unique=True)
    last = models.PositiveIntegerField(default=0)


class Issue(LedgeredModel):
    """One problem from register to close-out.

    `status` is changed only by `issues.services` through `issues.workflow`. The seam is the pair
    `needing_department` ↔ `holding_departments` with the document concerned. `rectify_days` is the class of the
    rectification limit in working days (0 on the spot, 3, 5, 10, 15, 30, or as agreed).
    """

    number = models.CharField(_("issue number"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what went wrong"))
    steps_taken = models.TextField(_("what was done, step by step"), blank=True)
    suggestion = models.TextField(_("suggestion"), blank=True)
    # The scene.
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="issues", verbose_name=_("hall"))
    window = models.ForeignKey(
        Window, models.PROTECT, null=True, blank=True, related_name="issues", verbose_name=_("window")
    )
    found_on = models.DateField(_("found on"))
    half = models.CharField(_("half-day"), max_length=2, choices=Half.choices, blank=True)
    item = models.ForeignKey(
        ServiceItem, models.PROTECT, null=True, blank=True, related_name="issues", verbose_name=_("service item")
    )
    guide_revision = models.ForeignKey(GuideRevision, models.PROTECT, null=True, blank=True, related_name="issues")
    step_number = models.PositiveSmallIntegerField(null=True, blank=True)
    step_name = models.CharField(_("step"), max_length=100, blank=True)
    window_session = models.ForeignKey(WindowSession, models.PROTECT, null=True, blank=True, related_name="issues")
    handled_case = models.ForeignKey(HandledCase, models.PROTECT, null=True, blank=True, related_name="issues")
    step_run = models.OneToOneField(StepRun, models.PROTECT, null=True, blank=True, related_name="issue")
    # Who found it, and how.
    source = models.CharField(_("source"), max_length=30, choices=Source.choices)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="registered_issues")
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="found_issues"
    )
    found_by_label = models.CharField(_("found by"), max_length=100)
    found_as = models.CharField(_("in the role of"), max_length=50, blank=True)
    found_by_department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("finder's department")
    )
    # What it is.
    category = models.ForeignKey(IssueCategory, models.PROTECT, related_name="issues", verbose_name=_("category"))
    cause = models.CharField(_("blocker"), max_length=30, choices=Cause.choices, blank=True)
    severity = models.CharField(
        _("severity"), max_length=20, choices=IssueSeverity.choices, default=IssueSeverity.NORMAL
    )
    reach = models.CharField(_("reach"), max_length=200, blank=True)
    # The seam.
    needing_department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="seams_needing", verbose_name=_("who needs")
    )
    holding_departments = models.ManyToManyField(
        Department, related_name="seams_holding", blank=True, verbose_name=_("who holds")
    )
    document_codes = models.JSONField(_("documents concerned"), default=list, blank=True)
    document_names = models.CharField(_("documents concerned"), max_length=300, blank=True)
    # Where it stands.
    status = models.CharField(
        _("state"), max_length=30, choices=IssueStatus.choices, default=IssueStatus.REGISTERED, db_index=True
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    lead_department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="led_issues", verbose_name=_("lead department")
    )
    rectify_days = models.PositiveSmallIntegerField(_("limit (working days)"), null=True, blank=True)
    agreed_due_on = models.DateField(_("agreed date"), null=True, blank=True)
    transfers_used = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True)
    reject_reason = models.CharField(_("why not accepted"), max_length=30, choices=RejectReason.choices, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_issues", verbose_name=_("merged into")
    )
    suspend_cause = models.CharField(_("cause"), max_length=30, choices=SuspendCause.choices, blank=True)
    review_on = models.DateField(_("review date"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    close_out_number = models.CharField(max_length=40, blank=True)
    registered_at = models.DateTimeField(_("registered at"), db_index=True)
    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["-registered_at", "-pk"]
        verbose_name = _("issue")
        indexes = [
            models.Index(fields=["status", "lead_department"], name="issue_by_state_lead"),
            models.Index(fields=["-registered_at", "-id"], name="issue_newest_first"),
            models.Index(fields=["status", "-registered_at", "-id"], name="issue_newest_in_state"),
            models.Index(fields=["status", "number"], name="issue_number_in_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[IssueStatus.REGISTERED, IssueStatus.REJECTED, IssueStatus.MERGED])
                | Q(lead_department__isnull=False),
                name="assigned_issue_has_lead",
            ),
            models.CheckConstraint(
                condition=~Q(status=IssueStatus.MERGED) | Q(merged_into__isnull=False), name="merged_issue_names_other"
            ),
            models.CheckConstraint(
                condition=~Q(status=IssueStatus.CLOSED) | Q(closed_at__isnull=False), name="closed_issue_has_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @cached_property
    def led_by_reform_office(self) -> bool:
        """Whether the lead department is the one that reform officers come from: others verify and close then."""
        if self.lead_department is None:
            return False
        return self.lead_department.staff.filter(role_grants__role=Role.REFORM_OFFICE).exists()

    @property
    def found_in_own_department(self) -> bool:
        """A finding about the finder's own department: marked, and counted as merit (DESIGN section 6)."""
        return self.lead_department_id is not None and self.lead_department_id == self.found_by_department_id


class IssueEvent(LedgerEvent):
    """The ledger of issues."""

    parent_field: ClassVar[str] = "issue"
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="events")

    class Meta(LedgerEvent.Meta):
        indexes = [
            models.Index(fields=["action", "at"], name="issue_event_by_act"),
            models.Index(fields=["-at", "-id"], name="issue_event_newest"),
        ]
        constraints = [models.UniqueConstraint(fields=["issue", "number"], name="issue_event_once")]
