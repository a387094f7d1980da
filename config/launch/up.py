"""`manage.py up`, inside `.venv`: brings the database and the pages up to date, then runs web server and worker."""

import http.client
import os
import shutil
import sys
import time
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command, get_commands
from django.db import Error as DatabaseError
from django.db import connections

from config.launch import assets, translations
from config.launch.children import Children
from config.launch.options import HOST, options_of_up, require_free_port
from config.launch.places import REQUIREMENTS, ROOT, VAR, LaunchError, fingerprint, read_stamp, say, write_stamp

LOGINS = VAR / "demo-logins.txt"
STATIC_STAMP = VAR / "static-stamp.json"
READY_SECONDS = 60
STOP_SECONDS = 5
# SQLite lets one request write at a time, so more processes than this only wait for each other.
WEB_PROCESSES = 2
THREADS_PER_PROCESS = 4


def main(arguments: list[str]) -> int:
    """Serve until Ctrl+C, SIGTERM or the end of a child; 0 when asked to stop, 1 with one line otherwise."""
    options = options_of_up(arguments)
    try:
        require_free_port(options.port)
        _prepare(demo=options.demo)
        return _serve(options.port)
    except LaunchError as error:
        line = str(error)
    except (DatabaseError, CommandError, ImproperlyConfigured) as error:
        line = f"Set-up failed: {str(error).strip() or type(error).__name__}".splitlines()[0]
    except OSError as error:
        line = f"Set-up failed: {error.strerror or error}: {error.filename or ROOT}"
    except KeyboardInterrupt:
        line = "Stopped."
    sys.stderr.write(f"{line}\n")
    return 1


def _prepare(*, demo: bool) -> None:
    VAR.mkdir(mode=0o700, parents=True, exist_ok=True)  # holds the database and the secret key: nobody else reads it
    assets.prepare()
    if translations.CATALOGUE.exists() or (ROOT / translations.CATALOGUE).exists():
        translations.compile_catalogue()
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("seed_calendar", stdout=StringIO())
    _collect()
    if demo and "load_demo" in get_commands() and not get_user_model()._default_manager.exists():
        say("Loading the demo district ...")
        call_command("load_demo")
    connections.close_all()


def _collect() -> None:
    """Gather and compress the static files, when one of them or the code that serves them changed."""
    folders = [ROOT / "static", *(ROOT / app / "static" for app in assets.APPS)]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    backend = settings.STORAGES["staticfiles"]["BACKEND"]
    collected = {"files": fingerprint([*files, REQUIREMENTS], backend)}
    target = Path(settings.STATIC_ROOT)
    if read_stamp(STATIC_STAMP) == collected and target.is_dir():
        return
    say("Collecting the static files ...")
    target.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    write_stamp(STATIC_STAMP, collected)


def _serve(port: int) -> int:
    python = [sys.executable, "-P", "-m"]
    granian = ["granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--log-level", "warning"]
    granian += ["--workers", str(WEB_PROCESSES), "--blocking-threads", str(THREADS_PER_PROCESS)]
    granian += ["--workers-kill-timeout", str(STOP_SECONDS)]  # without it a stop during the start never ends
    with Children() as children:
        children.start("web server", [*python, *granian, "config.wsgi:application"])
        children.start("worker", [*python, "django", "worker"])
        if _answers(port, children):
            _welcome(port)
        return children.wait()


def _answers(port: int, children: Children) -> bool:
    """Whether the web server gave its first answer, before a child ended, the person lost patience or time was up."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and children.all_well():
        connection = http.client.HTTPConnection(HOST, port, timeout=READY_SECONDS)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return True
        finally:
            connection.close()
    return False


def _welcome(port: int) -> None:
    say("")
    say(f"Huanwei runs: http://{HOST}:{port}/")
    if LOGINS.exists():
        say(f"Demo log-ins (role, user name, password), kept in {LOGINS}:")
        width = min(shutil.get_terminal_size().columns, 100)
        for line in LOGINS.read_text(encoding="utf-8").splitlines():
            say(f"  {line}"[:width] if os.isatty(1) else f"  {line}")
    say("Ctrl+C ends it.")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
