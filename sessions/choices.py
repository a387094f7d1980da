"""Words of the programme, the session, the case and the feedback form (DESIGN section 5)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProgrammeKind(TextChoices):
    CROSS = "cross", _("Cross-department walk-through")
    SITTING = "sitting", _("Sitting at the window")


class Mode(TextChoices):
    CLERK = "clerk", _("Clerk at the window")
    COMPANION = "companion", _("Companion of a citizen")
    APPLICANT = "applicant", _("As citizen or company")
    SUPERVISOR = "supervisor", _("Supervisor")


class Purpose(TextChoices):
    WALK = "walk", _("Walk-through")
    VERIFICATION = "verification", _("Verification re-walk")


class QuotaPeriod(TextChoices):
    WEEK = "week", _("per week")
    MONTH = "month", _("per month")
    QUARTER = "quarter", _("per quarter")
    PROGRAMME = "programme", _("in the whole programme")


class RuleName(TextChoices):
    """Placement rules; each has a severity in the programme."""

    OWN_DEPARTMENT = "own_department", _("Own department")
    DOUBLE_BOOKING = "double_booking", _("Double booking")
    AVAILABILITY = "availability", _("Not available")
    CLOSED = "closed", _("Hall or window closed")
    QUOTA = "quota", _("Quota")
    REPEAT_PAIR = "repeat_pair", _("Same department again")
    DEPUTY = "deputy", _("Deputy in place of principal")
    NOTICE = "notice", _("Notice period")
    VISIT = "visit", _("Half-days of a visit")


class Severity(TextChoices):
    BLOCK = "block", _("Must be changed")
    WARN = "warn", _("Reminder")


class RotationStatus(TextChoices):
    QUEUED = "queued", pgettext_lazy("rotation", "Waiting")
    RUNNING = "running", pgettext_lazy("rotation", "Being planned")
    DONE = "done", pgettext_lazy("rotation", "Proposal")
    INFEASIBLE = "infeasible", pgettext_lazy("rotation", "Impossible")
    CANCELLED = "cancelled", pgettext_lazy("rotation", "Stopped")
    FAILED = "failed", pgettext_lazy("rotation", "Broken off")


class SessionStatus(TextChoices):
    DRAFT = "draft", pgettext_lazy("session", "Draft")
    CONFIRMED = "confirmed", pgettext_lazy("session", "Confirmed")
    PUBLISHED = "published", pgettext_lazy("session", "Published")
    IN_PROGRESS = "in_progress", pgettext_lazy("session", "Sitting now")
    AWAITING_FEEDBACK = "awaiting_feedback", pgettext_lazy("session", "Feedback due")
    COMPLETED = "completed", pgettext_lazy("session", "Completed")
    MISSED = "missed", pgettext_lazy("session", "Missed")
    CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled")


# States in which a session takes up its director and its window.
OCCUPYING = [
    SessionStatus.DRAFT.value,
    SessionStatus.CONFIRMED.value,
    SessionStatus.PUBLISHED.value,
    SessionStatus.IN_PROGRESS.value,
    SessionStatus.AWAITING_FEEDBACK.value,
    SessionStatus.COMPLETED.value,
]


# States in which a sitting is over: from then on an unannounced one is no secret.
ENDED = [SessionStatus.AWAITING_FEEDBACK.value, SessionStatus.COMPLETED.value]


class CaseSource(TextChoices):
    DRAWN = "drawn", _("Citizen drawn on the spot")
    SIMULATED = "simulated", _("Simulated material")


class Consent(TextChoices):
    YES = "yes", _("Agreed")
    NO = "no", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    NOT_NEEDED = "not_needed", _("Not needed")


class StepResult(TextChoices):
    OK = "ok", _("Passed")
    BLOCKED = "blocked", _("Blocked")


class AnswerKind(TextChoices):
    SINGLE = "single", _("Single choice")
    MULTIPLE = "multiple", _("Several choices")
    NUMBER = "number", _("Number")
    LONG_TEXT = "long_text", _("Long text")
    SCALE = "scale", _("Five-level scale")
    TABLE = "table", _("Table of rows")
    IMAGE = "image", _("Pictures")
    SIGNATURE = "signature", _("Signature")


class Requirement(TextChoices):
    YES = "yes", _("Required")
    NO = "no", _("Optional")
    CONDITIONAL = "conditional", _("Required under a condition")
