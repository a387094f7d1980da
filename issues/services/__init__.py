"""The verbs of the register: the only writers of an issue's state."""

from issues.services.evidence import add_screenshot, describe, mark_clean, redact

__all__ = ["add_screenshot", "describe", "mark_clean", "redact"]
