"""Directors and their posts in words: 交通局副局长甲 in Chinese, "Transport Bureau, Deputy A" in English."""

from dataclasses import dataclass

from accounts.choices import Rank

ORDINALS = {"甲": "A", "乙": "B", "丙": "C", "丁": "D", "戊": "E"}


def title_of(name: str, department: str, title: str) -> str:
    """The post as it follows the department's name; keeps what tells two deputies apart (副局长甲)."""
    bare = name.removesuffix("（示例）")
    return bare.removeprefix(department) if bare.startswith(department) and bare != department else title


def english_post(rank: str, title: str) -> str:
    """The rank in the reader's language, with the letter that tells two deputies apart."""
    letter = ORDINALS.get(title[-1:], "")
    return f"{Rank(rank).label} {letter}".rstrip()


@dataclass(frozen=True, slots=True)
class Person:
    """A director on the day of the placement: who, which rank, of which department.

    `department` is its name in the reader's language, `short_name` the Chinese one that stays.
    """

    pk: int
    name: str
    rank: str
    department_id: int
    department: str
    title: str = ""
    short_name: str = ""

    @property
    def label(self) -> str:
        """Department and post in the reader's language, as the board names people: 交通局局长."""
        if not self.title:
            return self.name
        return f"{self.department}, {self.post}" if self._in_english else f"{self.department}{self.title}"

    @property
    def post(self) -> str:
        """The post alone in the reader's language."""
        return english_post(self.rank, self.title) if self.title and self._in_english else self.title

    @property
    def _in_english(self) -> bool:
        return bool(self.short_name) and self.department != self.short_name

    @property
    def chinese_label(self) -> str:
        """Department and post as a roster keeps them, whoever publishes it in which language."""
        return f"{self.short_name or self.department}{self.title}" if self.title else self.name
