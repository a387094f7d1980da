"""Posts in words: 交通局副局长甲 in Chinese, "Transport Bureau, Deputy A" in English."""

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
