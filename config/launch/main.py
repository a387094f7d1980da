"""The first step of every command: a ready `.venv`, then the same words again inside it."""

import errno
import os
import subprocess
import sys

from config.launch import environment
from config.launch.options import options_of_test, options_of_up, require_free_port
from config.launch.places import ROOT, WINDOWS, LaunchError, venv_python

USAGE = """Huanwei. Commands:
  python3 manage.py up [--port N] [--no-demo]   prepare what is missing, then serve the site
  python3 manage.py test [PATH] [-k WORD]       check everything, or pass on to pytest
  python3 manage.py COMMAND --help              any other command, such as import_catalog or verify_ledger
"""


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code. What the person can mend is one line, never a traceback."""
    try:
        return _start(arguments)
    except LaunchError as error:
        sys.stderr.write(f"{error}\n")
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES}:
            raise
        sys.stderr.write(f"{os.strerror(error.errno)}: {error.filename or ROOT}\n")
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
    return 1


def _start(arguments: list[str]) -> int:
    command, *words = arguments or ["help"]
    if command in {"help", "-h", "--help"} and not words:
        sys.stdout.write(USAGE)
        return 0
    if command == "up":
        require_free_port(options_of_up(words).port)
        environment.prepare(tests=False)
        return _inside("config.launch.up", words)
    if command == "test":
        options_of_test(words)
        environment.prepare(tests=True)
        return _inside("config.launch.testing", words)
    environment.prepare(tests=False)
    return _inside("config.launch.command", arguments)


def _inside(module: str, words: list[str]) -> int:
    """Continue with a module on the interpreter of `.venv`; the person's working folder stays, for paths they type."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    env = dict(os.environ, PYTHONPATH=path)
    env.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = [str(venv_python()), "-P", "-m", module, *words]
    if WINDOWS:
        return subprocess.run(command, env=env, check=False).returncode
    os.execve(command[0], command, env)
    return 0
