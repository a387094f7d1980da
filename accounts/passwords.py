"""Password rules of the `mlps` policy: GB/T 22239-2019 7.1.4.1a (length, classes), plus own words (ASVS 6.2.11)."""

import re
from typing import Any

from django.contrib.auth import password_validation as django_rules
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
LOOKALIKES = str.maketrans("@013457$", "aoleasts")
SHORTEST_CORE = 5
LONGEST = 4096
"""Characters; hashing more would let a stranger keep the machine busy (ASVS 6.2.9)."""
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


class MinimumLengthValidator(django_rules.MinimumLengthValidator):
    """Django's rule in our words: its Chinese addresses people as 你, these pages say 您."""

    def get_error_message(self) -> str:
        return _("Use at least %(length)s characters.") % {"length": self.min_length}

    def get_help_text(self) -> str:
        return self.get_error_message()


class SimilarityValidator(django_rules.UserAttributeSimilarityValidator):
    """Not the user name or the like, in our words."""

    def get_error_message(self) -> str:
        return _("Too much like your user name or your other data.")

    def get_help_text(self) -> str:
        return _("Choose something unlike your user name and your other data.")


class CommonPasswordValidator(django_rules.CommonPasswordValidator):
    """None of the words that are guessed first, in our words."""

    def get_error_message(self) -> str:
        return _("Many people use this password. Choose another.")

    def get_help_text(self) -> str:
        return _("Do not use a password that many people use.")


class CommonCoreValidator(CommonPasswordValidator):
    """No common password in disguise: Password-2026 and P@ssw0rd!! are `password` and what the rules ask for.

    The list is Django's of 20,000, in which the common Chinese ones stand too (woaini, 5201314; ASVS 6.2.4).
    """

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > LONGEST:  # refused by its own rule; looking through it would keep the machine busy
            return
        plain = password.lower()
        bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
        for text in (bare, plain):
            core = re.sub(r"[\W\d_]", "", text.translate(LOOKALIKES))
            if len(core) >= SHORTEST_CORE and core in self.passwords:
                raise ValidationError(self.get_help_text(), code="password_common_core")

    def get_help_text(self) -> str:
        return _("Do not use a common password with a few signs more.")


class LongestValidator:
    """What the sign-in would refuse unread is no password to choose."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return _("At most %(number)s characters.") % {"number": LONGEST}
