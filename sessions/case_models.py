"""What happens at the window: the draw, the case, its step runs."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import GuideRevision, ServiceBundle, ServiceItem, SimulationPack
from sessions.choices import CaseSource, Consent, Purpose, StepResult
from sessions.session_models import WindowSession


class Draw(models.Model):
    """A random draw among waiting tickets. The seed is stored so that the draw can be repeated and checked.

    `tickets` are the eligible ticket numbers as entered, `asked` those drawn so far with the answer given
    (`[{"ticket", "consent"}]`): refusals are counted and drawn again.
    """

    window_session = models.ForeignKey(WindowSession, models.PROTECT, related_name="draws")
    seed = models.CharField(max_length=40)
    tickets = models.JSONField(default=list)
    asked = models.JSONField(default=list)
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    @property
    def pending(self) -> str:
        """The ticket drawn whose answer is not noted yet, or empty."""
        last = self.asked[-1] if self.asked else {"ticket": "", "consent": "no"}
        return "" if last["consent"] else str(last["ticket"])

    @property
    def agreed(self) -> str:
        """The ticket whose holder agreed, or empty."""
        return next((str(entry["ticket"]) for entry in self.asked if entry["consent"] == Consent.YES), "")

    @property
    def refused(self) -> int:
        """How many declined."""
        return sum(entry["consent"] == Consent.NO for entry in self.asked)


class HandledCase(models.Model):
    """A service item (or bundle) walked in a session (办件). Steps and documents are the guide of that day.

    Only the ticket number and a masked surname of a citizen are kept; a withdrawn consent erases both.
    """

    window_session = models.ForeignKey(WindowSession, models.PROTECT, related_name="cases")
    number = models.PositiveSmallIntegerField(_("case"))
    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="cases", verbose_name=_("service item"))
    bundle = models.ForeignKey(ServiceBundle, models.PROTECT, null=True, blank=True, related_name="cases")
    guide_revision = models.ForeignKey(GuideRevision, models.PROTECT, related_name="cases")
    snapshot: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(encoder=DjangoJSONEncoder)
    source = models.CharField(_("source"), max_length=20, choices=CaseSource.choices)
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, blank=True, related_name="cases")
    simulation_pack = models.ForeignKey(SimulationPack, models.PROTECT, null=True, blank=True, related_name="cases")
    ticket_number = models.CharField(_("ticket number"), max_length=20, blank=True)
    masked_surname = models.CharField(_("surname, masked"), max_length=10, blank=True)
    consent = models.CharField(_("consent"), max_length=20, choices=Consent.choices)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices, default=Purpose.WALK)
    issue_number = models.CharField(_("for issue"), max_length=40, blank=True)
    waiting_minutes = models.PositiveSmallIntegerField(_("minutes waited"), null=True, blank=True)
    trips = models.PositiveSmallIntegerField(_("trips"), null=True, blank=True)
    working_days = models.DecimalField(_("working days"), max_digits=5, decimal_places=1, null=True, blank=True)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["window_session", "number"]
        constraints = [
            models.UniqueConstraint(fields=["window_session", "number"], name="case_number_once"),
            models.CheckConstraint(
                condition=~Q(source=CaseSource.SIMULATED) | Q(ticket_number="", masked_surname=""),
                name="simulated_case_has_no_citizen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.window_session_id}/{self.number}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def abandoned(self) -> bool:
        """Whether it ended, by withdrawn consent, before every step had its result."""
        return not self.is_open and any(not step.result for step in self.steps.all())

    @property
    def simulated(self) -> bool:
        return self.source == CaseSource.SIMULATED


class StepRun(models.Model):
    """One step of a case as it went. BLOCKED demands an issue: the constraint keeps it so."""

    case = models.ForeignKey(HandledCase, models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField(_("step"))
    name = models.CharField(_("step name"), max_length=100)
    place = models.CharField(_("place"), max_length=100, blank=True)
    expected_signatures = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(_("result"), max_length=20, choices=StepResult.choices, blank=True)
    documents_asked = models.PositiveSmallIntegerField(_("documents asked for"), default=0)
    signatures = models.PositiveSmallIntegerField(_("signatures"), default=0)
    note = models.TextField(_("note"), blank=True)
    issue_number = models.CharField(_("issue"), max_length=40, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="step_run_once"),
            models.CheckConstraint(
                condition=~Q(result=StepResult.BLOCKED) | ~Q(issue_number=""), name="blocked_step_has_issue"
            ),
            models.CheckConstraint(condition=Q(result="") | Q(ended_at__isnull=False), name="step_result_has_end"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def elapsed(self) -> timedelta | None:
        """How long the step took, or None while it has not ended."""
        return self.ended_at - self.started_at if self.started_at and self.ended_at else None
