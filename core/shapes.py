"""Icons and the fixed looks of states: which class, icon and word each has (LOOK.md section 3)."""

from typing import Any, Final

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Look = tuple[str, str, Any]

UNKNOWN: Final[Look] = ("is-plain", "info-circle", "")

ISSUE_STATES: Final[dict[str, Look]] = {
    "REGISTERED": ("is-plain", "file-earmark-text", _("Registered")),
    "ASSIGNED": ("is-notice", "send", _("To acknowledge")),
    "RECTIFYING": ("is-need", "wrench", _("Rectifying")),
    "AWAITING_VERIFICATION": ("is-violet", "eye", _("To verify")),
    "SUSPENDED": ("is-grey", "pause-circle", _("Suspended")),
    "CLOSED": ("is-good", "patch-check", _("Closed out")),
    "REJECTED": ("is-dashed", "x-circle", _("Not accepted")),
    "MERGED": ("is-dashed", "sign-merge-right", _("Merged")),
}

SESSION_STATES: Final[dict[str, Look]] = {
    "DRAFT": ("is-dashed", "pencil", _("Draft")),
    "CONFIRMED": ("is-edge", "check-lg", pgettext_lazy("session", "Confirmed")),
    "PUBLISHED": ("is-edge", "megaphone", pgettext_lazy("session", "Published")),
    "IN_PROGRESS": ("is-hold", "play", _("Sitting")),
    "AWAITING_FEEDBACK": ("is-soon", "chat-square-text", _("Feedback due")),
    "COMPLETED": ("is-good", "check-circle", pgettext_lazy("session", "Completed")),
    "MISSED": ("is-late-line", "calendar-x", pgettext_lazy("session", "Missed")),
    "CANCELLED": ("is-struck", "x-circle", pgettext_lazy("session", "Cancelled")),
}

STEP_STATES: Final[dict[str, Look]] = {
    "WAITING": ("is-grey", "lock", _("Not started")),
    "RUNNING": ("is-ring", "play-fill", pgettext_lazy("step", "In progress")),
    "OK": ("is-good", "check-lg", pgettext_lazy("step", "Passed")),
    "BLOCKED": ("is-late-line", "exclamation-octagon-fill", pgettext_lazy("step", "Blocked")),
}

REDACTIONS: Final[dict[str, Look]] = {
    "UNCHECKED": ("redaction-unchecked", "exclamation-triangle-fill", _("To be checked")),
    "CLEAN": ("", "check-lg", _("No personal data")),
    "REDACTED": ("", "shield-check", _("Covered")),
}

NOTICES: Final[dict[str, tuple[str, Any, Any]]] = {
    "BLUE": ("notice-blue", _("Blue notice no. %(number)s"), _("Blue %(number)s")),
    "ORANGE": ("notice-orange", _("Orange notice no. %(number)s"), _("Orange %(number)s")),
    "RED": ("notice-red", _("Red notice no. %(number)s"), _("Red %(number)s")),
}

LIGHT_ICONS: Final[dict[str, str]] = {
    "green": "check-circle-fill",
    "yellow": "exclamation-triangle-fill",
    "red": "exclamation-octagon-fill",
    "paused": "pause-circle",
    "none": "dash-circle-dotted",
}


def asset(path: str) -> str:
    """The address of a static file; a build that is missing costs the looks of a page, never the page."""
    try:
        return static(path)
    except ValueError:
        return f"{settings.STATIC_URL}{path}"


def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite; always beside a word, so it is hidden from screen readers."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css,
        asset("dist/sprite.svg"),
        name,
    )


def mark(light: bool = False) -> SafeString:
    """The mark: a disc cut along the middle. `light` for white grounds, otherwise for the dark header."""
    upper, lower = ("mark-copper", "mark-teal") if light else ("mark-apricot", "mark-white")
    return format_html(
        '<svg class="brand-mark" viewBox="0 0 28 28" aria-hidden="true" focusable="false">'
        '<path class="{}" d="M7 13A9.5 9.5 0 0126 13z"></path>'
        '<path class="{}" d="M2 15.5a9.5 9.5 0 0019 0z"></path></svg>',
        upper,
        lower,
    )
