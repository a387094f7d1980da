"""An undo while others write: nothing that somebody was told is kept goes with it."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection

from accounts.models import User
from catalog import import_undo
from catalog.models import ImportJournal, ProcedureStep, ServiceItem
from core.doors import WrongState
from tests.catalog.test_import_undo import take
from tests.conftest import District

pytestmark = pytest.mark.django_db(transaction=True)
TOLD = {WrongState: "refused", IntegrityError: "gone"}


def beside(act: Callable[[], Any], answers: list[str]) -> threading.Thread:
    """Run it on a connection of its own and note what it was told."""

    def run() -> None:
        try:
            act()
            answers.append("kept")
        except (WrongState, IntegrityError) as error:
            answers.append(TOLD[type(error)])
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_two_at_once_are_one(district: District, reform_officer: User) -> None:
    journal, answers = take(district), list[str]()
    threads = [beside(lambda: import_undo.undo(journal, reform_officer), answers) for _ in range(2)]
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == ["kept", "refused"]
    assert not ServiceItem.objects.filter(code="N-1").exists()


def test_a_part_added_meanwhile_is_never_taken_along(
    district: District, reform_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, answers, threads = take(district), list[str](), list[threading.Thread]()
    item, restore = ServiceItem.objects.get(code="N-1"), import_undo._restore

    def after_another(*given: Any) -> None:
        threads.append(beside(lambda: ProcedureStep.objects.create(item=item, number=9, name="补正"), answers))
        threads[0].join(0.5)
        restore(*given)

    monkeypatch.setattr(import_undo, "_restore", after_another)
    import_undo.undo(journal, reform_officer)
    threads[0].join(60)
    assert answers == ["gone"]
    assert ImportJournal.objects.get(pk=journal.pk).undone_by == reform_officer
