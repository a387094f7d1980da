"""The verbs of the register: the only writers of an issue's state. Each writes one ledger event per act."""

from issues.services.acting import Act, apply_act
from issues.services.evidence import add_screenshot, describe, mark_clean, redact
from issues.services.registering import register

__all__ = ["Act", "add_screenshot", "apply_act", "describe", "mark_clean", "redact", "register"]
