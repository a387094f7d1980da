"""State machines as data: one table per app (`workflow.py`), asked by services, pages, tests and docs alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.doors import Text, WrongState


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a transition table.

    `sources` are the states in which the act may start; `target` is the state it leads to, or None where the act
    is recorded and leaves the state alone. `by_source` names the target where it depends on the state left behind.
    `actors` names who may, for the docs; the truth is `permissions.may`.
    """

    action: str
    label: Text
    sources: frozenset[str]
    target: str | None
    actors: str
    important: bool = True
    by_source: Mapping[str, str] = field(default_factory=dict)

    def target_from(self, state: str) -> str | None:
        """Where the act leads when it starts in `state`; None where the state stays."""
        return self.by_source.get(state, self.target)


class Workflow:
    """A table of transitions with one row per action."""

    def __init__(self, rows: Iterable[Transition]) -> None:
        self.rows = {row.action: row for row in rows}

    def __getitem__(self, action: str) -> Transition:
        return self.rows[action]

    def check(self, action: str, state: str, message: Text) -> Transition:
        """The row of this action. Raises WrongState (409) with `message` when it may not start in `state`."""
        row = self.rows[action]
        if state not in row.sources:
            raise WrongState(message)
        return row
