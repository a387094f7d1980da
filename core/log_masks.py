"""What no log line may hold: the secret part of an address, and the beginning of another line."""

import logging
import re

SECRET_PATH = re.compile(r"(/calendar/)[\w-]{16,}")

BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class SecretPaths(logging.Filter):
    """Writes `***` where an address holds a secret, in every line of the handler it is set on.

    An event is one line: a line break that a stranger put into an address is written as its code (ASVS 16.4.1).
    """

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        masked = BREAKS.sub(lambda found: f"\\x{ord(found.group()):02x}", SECRET_PATH.sub(r"\1***", text))
        if masked != text:
            record.msg, record.args = masked, ()
        return True
