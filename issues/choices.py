"""Words of the register (DESIGN section 6)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IssueStatus(TextChoices):
    REGISTERED = "registered", pgettext_lazy("issue", "Registered")
    ASSIGNED = "assigned", pgettext_lazy("issue", "To acknowledge")
    RECTIFYING = "rectifying", pgettext_lazy("issue", "Rectifying")
    AWAITING_VERIFICATION = "awaiting_verification", pgettext_lazy("issue", "To verify")
    SUSPENDED = "suspended", pgettext_lazy("issue", "Suspended")
    CLOSED = "closed", pgettext_lazy("issue", "Closed out")
    REJECTED = "rejected", pgettext_lazy("issue", "Not accepted")
    MERGED = "merged", pgettext_lazy("issue", "Merged")


OPEN = [
    IssueStatus.REGISTERED.value,
    IssueStatus.ASSIGNED.value,
    IssueStatus.RECTIFYING.value,
    IssueStatus.AWAITING_VERIFICATION.value,
    IssueStatus.SUSPENDED.value,
]


class Source(TextChoices):
    CROSS_SESSION = "cross_session", _("Cross-department session")
    SITTING = "sitting", _("Sitting at the window")
    FEEDBACK = "feedback", _("Feedback form")
    INSPECTION = "inspection", _("Inspection")
    UNRESOLVED_WINDOW = "unresolved_window", _("Unresolved-matters window")
    EXPERIENCE_OFFICER = "experience_officer", _("Experience officer")
    INTAKE = "intake", _("Citizen's report by phone")
    HOTLINE = "hotline", _("12345 hotline")
    MEETING = "meeting", _("Meeting")
    LOOK_BACK = "look_back", _("Look-back")


class Cause(TextChoices):
    """The five blockers (Yinchuan's unresolved-matters window)."""

    MISSING_MATERIAL = "missing_material", _("Missing material")
    COORDINATION = "coordination", _("Cross-department coordination")
    RIGID_POLICY = "rigid_policy", _("Rigid policy")
    SYSTEM_FAULT = "system_fault", _("System fault")
    LEGACY = "legacy", _("Legacy problem")


class IssueSeverity(TextChoices):
    NORMAL = "normal", _("Normal")
    SERIOUS = "serious", _("Serious")
    SEVERE = "severe", _("Severe")


class Outcome(TextChoices):
    """What a rectification achieved. Only SOLVED and verified counts as solved."""

    SOLVED = "solved", _("Solved")
    PARTLY = "partly", _("Partly solved")
    EXPLAINED = "explained", _("Not possible by law, explained")
    OTHER_LEVEL = "other_level", _("For a higher level")


class ClockKind(TextChoices):
    ACKNOWLEDGE = "acknowledge", _("Acknowledge")
    CONTACT = "contact", _("Contact the citizen")
    RECTIFY = "rectify", _("Rectify")
    VERIFY = "verify", _("Verify")


class SuspendCause(TextChoices):
    """The listed causes for which a clock may rest."""

    HIGHER_LEVEL = "higher_level", _("Waits for a decision of a higher level")
    LAW_CHANGE = "law_change", _("Waits for a change of law or standard")
    SYSTEM_PROJECT = "system_project", _("Waits for a system project of province or city")
    COURT = "court", _("Waits for a court or arbitration")


class VerificationKind(TextChoices):
    RE_WALK = "re_walk", _("Re-walk")
    RETURN_VISIT = "return_visit", _("Return visit")
    DOCUMENT_CHECK = "document_check", _("Document check")


class Answer(TextChoices):
    """The citizen's answer to the plain question whether it is done."""

    YES = "yes", _("Yes, done")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No, not done")


class Redaction(TextChoices):
    UNCHECKED = "unchecked", _("To be checked")
    CLEAN = "clean", _("No personal data")
    REDACTED = "redacted", _("Covered")


class EvidenceKind(TextChoices):
    BEFORE = "before", _("Before")
    AFTER = "after", _("After")


class NoticeColour(TextChoices):
    """Supervision ladder: due soon or unanswered, overdue, overdue twice or returned twice."""

    BLUE = "blue", _("Blue notice")
    ORANGE = "orange", _("Orange notice")
    RED = "red", _("Red notice")


class FollowUpKind(TextChoices):
    DAY_30 = "day_30", _("30 days after closing")
    DAY_90 = "day_90", _("90 days after closing")
    SAMPLE = "sample", _("Random sample")


class Decision(TextChoices):
    PENDING = "pending", _("Waiting for a decision")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")


class RejectReason(TextChoices):
    NOT_A_PROBLEM = "not_a_problem", _("Works as the rule says")
    OUT_OF_SCOPE = "out_of_scope", _("Not a matter of this programme")
    NOT_ENOUGH = "not_enough", _("Cannot be understood from what is written")
    LITIGATION = "litigation", _("Belongs to court, arbitration or petition")
