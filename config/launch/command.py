"""Any other command: texts are compiled, and a database that nobody has set up gets its tables first."""

import sys

import django
from django.core.management import call_command, execute_from_command_line
from django.db import DatabaseError, connection

from config.launch import translations
from config.launch.places import say

# What a person may run before `up`: these fill tables that have to exist.
FILLING = {
    "create_account",
    "import_catalog",
    "import_feedback_questions",
    "import_issues",
    "import_leaders",
    "import_programmes",
    "load_demo",
}


def main(arguments: list[str]) -> int:
    """Run one of Django's or our commands; exits as the command does."""
    try:
        translations.compile_catalogue()
    except OSError as error:
        say(f"The Chinese texts cannot be compiled: {error.strerror or error}")
    if arguments and arguments[0] in FILLING and not {"-h", "--help"} & set(arguments):
        _make_tables()
    try:
        execute_from_command_line(["manage.py", *arguments])
    except DatabaseError:
        if connection.introspection.table_names():
            raise
        raise SystemExit("The database has no tables yet: run `python3 manage.py migrate` first.") from None
    return 0


def _make_tables() -> None:
    """The tables of a brand-new database. One that has tables already is left to `migrate`, which somebody decides."""
    django.setup()
    try:
        if connection.introspection.table_names():
            return
        say("The database is new: making its tables ...")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("seed_calendar", verbosity=0)
    except DatabaseError as error:
        raise SystemExit(f"The database cannot be used: {str(error).strip()}") from error


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
