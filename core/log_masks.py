"""What no log line may hold: the secret part of an address."""

import logging
import re

SECRET_PATH = re.compile(r"(/calendar/)[\w-]{16,}")


class SecretPaths(logging.Filter):
    """Writes `***` where an address holds a secret, in every line of the handler it is set on."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        masked = SECRET_PATH.sub(r"\1***", text)
        if masked != text:
            record.msg, record.args = masked, ()
        return True
