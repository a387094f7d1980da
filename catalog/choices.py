"""Kinds and allowed values of the catalogue. `from_chinese` maps the words that halls' files use."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Half(TextChoices):
    """The unit of time: half a day."""

    AM = "AM", _("Morning")
    PM = "PM", _("Afternoon")


class WindowKind(TextChoices):
    INTEGRATED = "integrated", _("Integrated window")
    DEPARTMENT = "department", _("Department window")
    PICKUP = "pickup", _("Pick-up window")
    UNRESOLVED_MATTERS = "unresolved_matters", _("Unresolved-matters window")
    ASSISTANCE = "assistance", _("Assistance window")
    ENQUIRY = "enquiry", _("Enquiry desk")
    SELF_SERVICE = "self_service", _("Self-service area")
    EXPERIENCE = "experience", _("Experience window")


class ItemType(TextChoices):
    PERMIT = "permit", _("Administrative permit")
    CONFIRMATION = "confirmation", _("Administrative confirmation")
    PAYMENT = "payment", _("Administrative payment")
    PUBLIC_SERVICE = "public_service", _("Public service")
    OTHER = "other", _("Other administrative power")


class Handling(TextChoices):
    ON_THE_SPOT = "on_the_spot", _("On-the-spot item")
    COMMITTED = "committed", _("Within the promised time")


class OnlineDepth(TextChoices):
    FULL = "full", _("Online from start to end")
    PRECHECK = "precheck", _("Online pre-check")
    WINDOW_ONLY = "window_only", _("At the window only")


class DocumentForm(TextChoices):
    ORIGINAL = "original", _("Original")
    COPY = "copy", _("Copy")
    ELECTRONIC = "electronic", _("Electronic file")
    ORIGINAL_CHECKED = "original_checked", _("Original, checked and returned")
    ORIGINAL_AND_COPY = "original_and_copy", _("Original and copy")
    NOT_SUBMITTED = "not_submitted", _("Not asked for")


class DocumentSource(TextChoices):
    APPLICANT = "applicant", _("Prepared by the applicant")
    GOVERNMENT = "government", _("Issued by a government department")
    AGENCY = "agency", _("Issued by an agency")
    OTHER = "other", _("Issued by another body")
    SYSTEM = "system", _("Fetched by the system")


class Necessity(TextChoices):
    REQUIRED = "required", _("Necessary")
    LATER = "later", _("May follow later")


class Relation(TextChoices):
    BEFORE = "before", _("Comes before")
    PARALLEL = "parallel", _("May run in parallel")
    MERGED = "merged", _("Merged into one application")
    AFTER = "after", _("Comes afterwards")


class ItemStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class ProposalStatus(TextChoices):
    """What became of a change that a liaison proposed."""

    OPEN = "open", _("To be decided")
    APPROVED = "approved", pgettext_lazy("proposal", "Approved")
    DECLINED = "declined", pgettext_lazy("proposal", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "Withdrawn")


class SeamKind(TextChoices):
    """Where departments chafe, as the catalogue shows it."""

    HELD_ELSEWHERE = "HELD_ELSEWHERE", _("Document is held elsewhere")
    FORMAT_CLASH = "FORMAT_CLASH", _("Same document, other format")
    SIGNATURES = "SIGNATURES", _("Signatures that could merge")
    SEVERAL_WINDOWS = "SEVERAL_WINDOWS", _("Several windows for one item")
    PICKUP_ELSEWHERE = "PICKUP_ELSEWHERE", _("Handed out in another hall")
    PREREQUISITE_ELSEWHERE = "PREREQUISITE_ELSEWHERE", _("Waits for another department")
    REPEATED_IN_BUNDLE = "REPEATED_IN_BUNDLE", _("Asked for twice in one bundle")


class ImportStatus(TextChoices):
    """Where an import in the browser stands."""

    CHECKING = "checking", _("Being checked")
    READY = "ready", _("To be decided")
    APPLYING = "applying", _("Being taken in")
    DONE = "done", _("Taken in")
    UNDOING = "undoing", _("Being taken back")
    UNDONE = "undone", _("Taken back")
    STOPPED = "stopped", _("Nothing taken in")
    REFUSED = "refused", _("Cannot be read")
    DISCARDED = "discarded", _("Given up")


class RowStatus(TextChoices):
    """What became, or would become, of one row of a file (DESIGN section 10)."""

    CREATED = "created", pgettext_lazy("row", "new")
    UPDATED = "updated", pgettext_lazy("row", "changed")
    UNCHANGED = "unchanged", pgettext_lazy("row", "unchanged")
    SKIPPED = "skipped", pgettext_lazy("row", "skipped")
    REJECTED = "rejected", pgettext_lazy("row", "rejected")
    IGNORED = "ignored", pgettext_lazy("row", "ignored")


class OnConflict(TextChoices):
    """What to do with rows that exist with other values; the values are those of the import's engine."""

    UPDATE = "update", _("Change what is kept to what the file says")
    SKIP = "skip", _("Leave what is kept, take in only new rows")
    STOP = "stop", _("Take in nothing at all")
