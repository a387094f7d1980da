#!/usr/bin/env python3
"""Where everything starts: `up`, `test` and Django's own commands. See config/launch."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    # Old syntax on purpose: this file must be readable by every Python that could be asked to run it.
    sys.stderr.write("Huanwei needs Python 3.11 or newer; this is Python %d.%d.\n" % sys.version_info[:2])  # noqa: UP031
    sys.exit(1)

from config.launch.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
