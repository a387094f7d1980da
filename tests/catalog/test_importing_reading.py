"""The reader on tables that nobody has seen: it never crashes, drops nothing silently, alters no value."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.importing import cleaning
from catalog.importing.cleaning import CellError
from catalog.importing.headers import understand, understand_all
from catalog.importing.leave import Leave, parse
from catalog.importing.reading import Sheet, UnreadableError, read_content

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
HEADINGS = st.sampled_from(
    ["事项编码", "事项名称", "主管部门", "承诺时限", "环节名称", "材料名称", "部门编码", "备注", ""]
)
TABLES = st.lists(st.lists(st.one_of(WORDS, HEADINGS), max_size=8), max_size=12)
HEAD = ["事项编码", "事项名称", "主管部门", "承诺时限（工作日）", "备注"]
VALUES = st.text(st.characters(whitelist_categories=("Lo", "Nd", "Lu")), min_size=1, max_size=20)


@given(TABLES)
@settings(max_examples=150, deadline=None)
def test_any_table_is_understood_or_left_alone(rows: list[list[str]]) -> None:
    tables = understand_all(Sheet("a.csv", "", [list(row) for row in rows]))
    filled = {number for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)}
    told = {number for table in tables for number, _cells in table.rows}
    told |= {drop.row for table in tables for drop in table.dropped}
    told |= {table.header_row + level for table in tables for level in (0, 1)}
    assert not tables or filled <= told


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        sheets = read_content("a", content)
    except UnreadableError:
        return
    assert all(isinstance(cell, str) for sheet in sheets for row in sheet.rows for cell in row)


@given(st.lists(st.tuples(VALUES, VALUES, VALUES, st.integers(0, 999), VALUES), min_size=1, max_size=8))
@settings(max_examples=80, deadline=None)
def test_no_value_is_altered(rows: list[tuple[str, str, str, int, str]]) -> None:
    cells = [[f"C{number}", *(str(cell) for cell in row[1:])] for number, row in enumerate(rows)]
    table = understand(Sheet("a.csv", "", [HEAD, *cells]))
    assert table is not None
    read = [[row["code"], row["name"], row["department"], row["committed_days"], row["note"]] for _n, row in table.rows]
    assert read == [cell for cell in cells if len(set(cell)) > 1]
    for row in read:
        assert [cleaning.name(row[1]), cleaning.tidy(row[4])] == [row[1], row[4]]
        assert cleaning.number(row[3]) == Decimal(row[3])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20", 20),
        ("２０", 20),
        ("20个工作日", 20),
        ("二十五", 25),
        ("十", 10),
        ("半天", Decimal("0.5")),
        ("1,200", 1200),
    ],
)
def test_numbers(text: str, value: Decimal) -> None:
    assert cleaning.number(text) == value


@pytest.mark.parametrize("text", ["", "很快", "5-10", "-3", "1e5", "三个月", "5小时"])
def test_no_numbers(text: str) -> None:
    with pytest.raises(CellError):
        cleaning.number(text)


@pytest.mark.parametrize("text", ["是", "√", "Y", " yes ", "１", "有", "TRUE", "启用", "可", "对"])
def test_ten_spellings_of_yes(text: str) -> None:
    assert cleaning.yes(text) is True


@pytest.mark.parametrize("text", ["否", "×", "N", "no", "0", "无", "FALSE", "停用", "", "—"])
def test_ten_spellings_of_no(text: str) -> None:
    assert cleaning.yes(text) is False


def d(month: int, day: int) -> date:
    return date(2026, month, day)


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("2026-05-19", [Leave(d(5, 19), d(5, 19))]),
        ("2026-05-19上午", [Leave(d(5, 19), d(5, 19), "AM")]),
        ("2026-07-06~2026-07-10", [Leave(d(7, 6), d(7, 10))]),
        ("7月6日至10日", [Leave(d(7, 6), d(7, 10))]),
        ("7.22上午", [Leave(d(7, 22), d(7, 22), "AM")]),
        ("7月6日-7月8日；7/9下午", [Leave(d(7, 6), d(7, 8)), Leave(d(7, 9), d(7, 9), "PM")]),
        (
            "7月6日下午至7月8日上午",
            [Leave(d(7, 6), d(7, 6), "PM"), Leave(d(7, 7), d(7, 7)), Leave(d(7, 8), d(7, 8), "AM")],
        ),
        ("每周三下午", [Leave(date(2026, 1, 1), date(2027, 12, 31), "PM", 2)]),
        ("46161", [Leave(d(5, 19), d(5, 19))]),
        ("无", []),
        ("12月30日至1月3日", [Leave(d(12, 30), date(2027, 1, 3))]),
    ],
)
def test_leave(text: str, leaves: list[Leave]) -> None:
    assert parse(text, 2026) == leaves


@pytest.mark.parametrize("text", ["有空再说", "2026-13-40", "2026-07-10~2026-07-06"])
def test_no_leave(text: str) -> None:
    with pytest.raises(CellError):
        parse(text, 2026)


@given(WORDS)
@settings(max_examples=200, deadline=None)
def test_any_words_as_leave(text: str) -> None:
    with suppress(CellError):
        assert all(leave.starts_on <= leave.ends_on for leave in parse(text, 2026))
