"""Child processes that live and die together."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType, TracebackType
from typing import Self

from config.launch.places import ROOT, WINDOWS, say

PATIENCE_SECONDS = 15
LOOK_SECONDS = 0.2


class Children:
    """A context: children started inside it end with it, whatever ends it. Ctrl+C and SIGTERM ask it to end.

    Each child has its own process group, so that the terminal's Ctrl+C reaches them once, through us.
    """

    def __init__(self) -> None:
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._asked = False

    def __enter__(self) -> Self:
        for number in _signals():
            signal.signal(number, self._ask)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._children.values():
            child.terminate()  # the child alone: it ends its own children in its own order
        end = time.monotonic() + PATIENCE_SECONDS
        for child in self._children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, end - time.monotonic()))
            _kill_group(child)
            child.wait()

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start one child; `name` is what a person calls it."""
        self._children[name] = subprocess.Popen(
            list(command), cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=not WINDOWS
        )

    def all_well(self) -> bool:
        """True while nobody asked to stop and every child lives."""
        return not self._asked and self._dead() is None

    def wait(self) -> int:
        """Wait until somebody asks to stop (0) or a child ends by itself (1, with a line that says which)."""
        while self.all_well():
            time.sleep(LOOK_SECONDS)
        if self._asked:
            say("Stopping ...")
            return 0
        name = self._dead()
        code = self._children[name].returncode if name else None
        sys.stderr.write(f"The {name} ended by itself (exit code {code}); everything else was stopped too.\n")
        return 1

    def _dead(self) -> str | None:
        return next((name for name, child in self._children.items() if child.poll() is not None), None)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True


def _signals() -> list[int]:
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    """What is left of the child and its own children after a polite request; usually nothing."""
    if WINDOWS:
        child.kill()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
