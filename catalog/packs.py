"""A pack as its page shows it: sheets in their order, each with its pictures."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from catalog.choices import DocumentForm
from catalog.models import SamplePicture, SimulationPack


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture with the two addresses at which this reader may fetch it."""

    picture: SamplePicture
    url: str
    thumbnail_url: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a pack."""

    number: int
    code: str
    name: str
    form: str
    copies: int
    text: str
    pictures: list[Shown]


def sheets_of(pack: SimulationPack, address: Callable[[SamplePicture, bool], str]) -> list[Sheet]:
    """The sheets; `address` gives a picture's address, the small one when its second argument is true. One query."""
    pictures: dict[str, list[Shown]] = defaultdict(list)
    for row in pack.pictures.all():
        pictures[row.sheet].append(Shown(row, address(row, False), address(row, True)))
    words: dict[Any, Any] = dict(DocumentForm.choices)
    return [
        Sheet(
            sheet["number"],
            sheet["code"],
            sheet["name"],
            str(words.get(sheet["form"], "")),
            sheet["copies"],
            sheet.get("text", ""),
            pictures[sheet["code"]],
        )
        for sheet in pack.documents
    ]
