"""Texts in tables that leave the system: a table program must not run what somebody typed."""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def inert(text: str) -> str:
    """A text that a table program would take for a formula gets an apostrophe before it.

    One that has apostrophes there already gets one more, so that taking one off gives the text back.
    """
    return f"'{text}" if _FORMULA.match(text) else text
