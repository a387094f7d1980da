"""What became of every row, as people and programs read it (DESIGN section 10)."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from catalog.importing.headers import Table, Unread
from catalog.importing.journal import Journal

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
SKIPPED, REJECTED, IGNORED = "skipped", "rejected", "ignored"


@dataclass(slots=True)
class Entry:
    """One row of a file. `row` counts from 1 as a person does; `code` names the reason for programs."""

    file: str
    sheet: str
    row: int
    kind: str
    key: str = ""
    status: str = UNCHANGED
    code: str = ""
    messages: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def where(self) -> str:
        """File and sheet in one, as messages name them."""
        return f"{self.file} / {self.sheet}" if self.sheet else self.file


@dataclass(slots=True)
class Report:
    """All entries in the order of the files."""

    entries: list[Entry] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    journal: Journal = field(default_factory=Journal)
    stopped: bool = False

    def add(self, entry: Entry) -> Entry:
        self.entries.append(entry)
        return entry

    def reject(self, entry: Entry, code: str, message: str) -> None:
        """Turn a row down after it was read."""
        entry.status, entry.code = REJECTED, code
        entry.messages.insert(0, message)

    def count(self, status: str, kind: str = "") -> int:
        """How many rows ended so, over all kinds or of one."""
        return sum(1 for entry in self.entries if entry.status == status and kind in ("", entry.kind))

    @property
    def exit_code(self) -> int:
        """0 nothing rejected, 1 some rows rejected and the good ones in, 2 nothing in."""
        if self.stopped or not self.tables:
            return 2
        return 1 if self.count(REJECTED) else 0

    def counts(self) -> Counter[tuple[str, str]]:
        """How many rows of each kind ended how: (kind, status) → number."""
        return Counter((entry.kind, entry.status) for entry in self.entries)

    def as_json(self) -> Iterator[str]:
        """The report as JSON in pieces, one row of a file each, so that a long one is never held twice."""
        yield '{"rows": ['
        for number, entry in enumerate(self.entries):
            yield f"{',' if number else ''}\n {json.dumps(entry.as_dict(), ensure_ascii=False)}"
        yield "\n]}\n"
