"""Commands that fill tables work before anybody has set the site up."""

import pytest
from django.db import DatabaseError, connection

from config.launch import command


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(command, "call_command", lambda name, **_words: names.append(name))
    monkeypatch.setattr(command, "execute_from_command_line", lambda words: names.append(words[1]))
    return names


@pytest.mark.parametrize(
    ("words", "tables", "expected"),
    [
        (["import_catalog", "a.csv"], [], ["migrate", "createcachetable", "seed_calendar", "import_catalog"]),
        (["import_catalog", "a.csv"], ["django_migrations"], ["import_catalog"]),
        (["import_catalog", "--help"], [], ["import_catalog"]),
        (["plan_rotation"], [], ["plan_rotation"]),
    ],
)
def test_only_a_new_database_gets_its_tables(
    words: list[str], tables: list[str], expected: list[str], called: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection.introspection, "table_names", lambda: tables)
    command.main(words)
    assert called == expected


def test_a_database_without_tables_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_words: list[str]) -> None:
        raise DatabaseError("no such table")

    monkeypatch.setattr(command, "execute_from_command_line", fail)
    monkeypatch.setattr(connection.introspection, "table_names", lambda: [])
    with pytest.raises(SystemExit, match="no tables yet"):
        command.main(["verify_ledger"])
