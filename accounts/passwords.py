"""Password rules of the `mlps` policy: GB/T 22239-2019 7.1.4.1a (length, classes), plus own words (ASVS 6.2.11)."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
OWN_WORDS = ("huanwei", "zwfw", "换位", "政务")


class CharacterClassesValidator:
    """At least three of four classes: small letters, capitals, digits, others (Chinese counts as others)."""

    def validate(self, password: str, user: Any = None) -> None:
        if sum(bool(re.search(pattern, password)) for pattern in CLASSES) < 3:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        return _("Use three of these four: small letters, capitals, digits, other signs.")


class OwnWordsValidator:
    """No product or hall words, whose guesses come first."""

    def validate(self, password: str, user: Any = None) -> None:
        if any(word in password.lower() for word in OWN_WORDS):
            raise ValidationError(self.get_help_text(), code="password_own_word")

    def get_help_text(self) -> str:
        return _("Leave out the name of this system and of the hall.")
