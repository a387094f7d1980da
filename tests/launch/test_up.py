from typing import Any

import pytest
from django.core.management import CommandError
from django.db import OperationalError

from config.launch import up
from config.launch.children import Children
from config.launch.places import LaunchError


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (LaunchError("No space."), "No space.\n"),
        (OperationalError("connection refused\nIs the server running?"), "Set-up failed: connection refused\n"),
        (CommandError("a file is missing"), "Set-up failed: a file is missing\n"),
        (OSError(28, "No space left on device", "var"), "Set-up failed: No space left on device: var\n"),
    ],
)
def test_a_failed_set_up_is_one_line(
    error: Exception, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**options: Any) -> None:
        raise error

    monkeypatch.setattr(up, "_prepare", fail)
    monkeypatch.setattr(up, "require_free_port", lambda port: None)
    assert up.main([]) == 1
    assert capsys.readouterr().err == line


def test_does_not_wait_for_a_web_server_that_ended() -> None:
    children = Children()
    children._asked = True
    assert not up._answers(1, children)
