import os
import signal
import sys
import threading
from collections.abc import Iterator

import pytest

from config.launch.children import Children

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Give pytest its signal handlers back."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    kept = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, kept, strict=True):
        signal.signal(number, handler)


def test_a_dead_child_ends_the_other_and_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    with Children() as children:
        children.start("web server", SLEEP)
        children.start("worker", [sys.executable, "-c", "raise SystemExit(3)"])
        assert children.wait() == 1
    assert all(child.returncode is not None for child in children._children.values())
    assert "The worker ended by itself (exit code 3)" in capfd.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_being_asked_to_stop_ends_both(number: signal.Signals) -> None:
    with Children() as children:
        children.start("web server", SLEEP)
        children.start("worker", SLEEP)
        threading.Timer(0.3, os.kill, (os.getpid(), number)).start()
        assert children.wait() == 0
    assert all(child.returncode is not None for child in children._children.values())


def test_an_error_of_ours_ends_the_children_too() -> None:
    children = Children()
    with pytest.raises(FileNotFoundError), children:
        children.start("web server", SLEEP)
        children.start("worker", ["no-such-program-here"])
    assert all(child.returncode is not None for child in children._children.values())
